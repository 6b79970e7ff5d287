package source_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

func manyShares(t *testing.T) *samba.Server {
	t.Helper()
	s := serve(t, samba.Config{Shares: []samba.Share{
		{Name: "data", Comment: "共有フォルダ"}, {Name: "人事部"}, {Name: "secret$"}, {Name: "C$"},
		{Name: "forbidden", AsUser: true, Lines: []string{"valid users = root"}},
		{Name: "unlisted", AsUser: true},
		{Name: "gone"},
		{Name: "lp", Lines: []string{"printable = yes"}},
	}})
	for _, share := range []string{"data", "人事部", "secret$", "C$", "forbidden", "unlisted"} {
		write(t, filepath.Join(shareDir(t, s, share), "部", "a.txt"), share, 0o644)
	}
	if err := os.Chmod(shareDir(t, s, "unlisted"), 0); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(shareDir(t, s, "gone")); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSMBServerAsTarget(t *testing.T) {
	s := manyShares(t)
	for _, hidden := range []bool{false, true} {
		opts := options(t, s)
		opts.HiddenShares = hidden
		src := open(t, s.URL(""), opts)
		files, gaps := scantest.WalkAll(t, src)
		want := []string{"data/部/a.txt", "人事部/部/a.txt"}
		if hidden {
			want = []string{"data/部/a.txt", "secret$/部/a.txt", "人事部/部/a.txt"}
		}
		var got []string
		for path, e := range files {
			got = append(got, path)
			share, _, _ := strings.Cut(path, "/")
			if content := read(t, src, e); content != share {
				t.Errorf("content of %q = %q", path, content)
			}
			if e.Target != "smb://"+s.Address() {
				t.Errorf("Target of %q = %q", path, e.Target)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("hidden %v: files (-want +got):\n%s", hidden, diff)
		}
		for _, path := range []string{"forbidden", "unlisted", "gone"} {
			if gaps[path] == nil {
				t.Errorf("share %q is passed over in silence", path)
			}
		}
		if !errors.Is(gaps["forbidden"], fs.ErrPermission) || !errors.Is(gaps["unlisted"], fs.ErrPermission) || len(gaps) != 3 {
			t.Errorf("gaps = %v", gaps)
		}
	}
}

func TestSMBServerAsTargetVisitEndsWalk(t *testing.T) {
	s := manyShares(t)
	src := open(t, s.URL(""), options(t, s))
	want := errors.New("enough")
	calls := 0
	if err := src.Walk(t.Context(), func(scan.Entry, error) error { calls++; return want }); err != want || calls != 1 {
		t.Errorf("Walk = %v after %d calls, want the error of visit after 1", err, calls)
	}
}

func TestShares(t *testing.T) {
	s := manyShares(t)
	shares, err := source.Shares(t.Context(), s.URL("ignored/path"), options(t, s))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, share := range shares {
		line := fmt.Sprintf("%s %s admin=%v hidden=%v readable=%v %s", share.Name, share.Kind, share.Administrative, share.Hidden, share.Readable, share.Comment)
		got = append(got, strings.TrimSpace(line))
		if share.Kind == "disk" && !share.Administrative && share.Readable == (share.Err != nil) {
			t.Errorf("%s: readable %v, error %v", share.Name, share.Readable, share.Err)
		}
	}
	want := []string{
		"C$ disk admin=true hidden=true readable=false",
		"IPC$ ipc admin=true hidden=true readable=false IPC Service (Samba 4.17.12-Debian)",
		"data disk admin=false hidden=false readable=true 共有フォルダ",
		"forbidden disk admin=false hidden=false readable=false",
		"gone disk admin=false hidden=false readable=false",
		"lp printer admin=false hidden=false readable=false",
		"secret$ disk admin=false hidden=true readable=true",
		"unlisted disk admin=false hidden=false readable=false",
		"人事部 disk admin=false hidden=false readable=true",
	}
	for i := range got { // the version of Samba is its own affair
		if strings.HasPrefix(got[i], "IPC$") {
			got[i], _, _ = strings.Cut(got[i], " (")
		}
	}
	want[1], _, _ = strings.Cut(want[1], " (")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Shares (-want +got):\n%s", diff)
	}
	if _, err := source.Shares(t.Context(), t.TempDir(), source.Options{}); !errors.Is(err, source.ErrBadTarget) {
		t.Errorf("Shares of a folder: %v", err)
	}
}

// With "map to guest = bad user" a user whom the server does not know gets in,
// as nobody. Unasked, that is refused.
func TestSMBGuest(t *testing.T) {
	s := serve(t, samba.Config{Guests: true, Shares: []samba.Share{{Name: "data", Guests: true}}})
	write(t, filepath.Join(shareDir(t, s, "data"), "a.txt"), "for all", 0o644)
	stranger := strings.Replace(s.URL("data"), s.User, "stranger", 1)
	nobody := strings.Replace(s.URL("data"), s.User+"@", "", 1)

	_, err := source.Open(t.Context(), stranger, options(t, s))
	var target *source.TargetError
	if !errors.As(err, &target) || !errors.Is(err, source.ErrGuest) {
		t.Errorf("Open as a stranger: %v, want ErrGuest", err)
	}
	opts := options(t, s)
	opts.AllowGuest = true
	if files, _ := scantest.WalkAll(t, open(t, stranger, opts)); len(files) != 1 {
		t.Errorf("as a stranger with guests allowed: %v", files)
	}
	opts.Password = func() (string, error) {
		t.Error("a password is asked for nobody")
		return "", nil
	}
	if files, _ := scantest.WalkAll(t, open(t, nobody, opts)); len(files) != 1 {
		t.Errorf("as nobody: %v", files)
	}
	// Whom the server knows is let in as himself there too.
	src := open(t, s.URL("data"), options(t, s))
	if files, _ := scantest.WalkAll(t, src); len(files) != 1 {
		t.Errorf("as a user: %v", files)
	}
}

func TestSMBOwner(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data"}}})
	dir := shareDir(t, s, "data")
	owners := map[string]int{"root.txt": 0, "games.txt": 5, "nobody knows.txt": 54321}
	for name, uid := range owners {
		write(t, filepath.Join(dir, name), "x", 0o644)
		if err := os.Chown(filepath.Join(dir, name), uid, -1); err != nil {
			t.Fatal(err)
		}
	}
	src := open(t, s.URL("data"), options(t, s))
	got := map[string]string{}
	for range 2 { // the second time from memory
		for name := range owners {
			owner, err := src.(scan.Owned).Owner(t.Context(), scan.Entry{Path: name})
			if err != nil {
				t.Errorf("Owner of %q: %v", name, err)
			}
			got[name] = owner
		}
	}
	want := map[string]string{"root.txt": `Unix User\root`, "games.txt": `KAGISRV\games`, "nobody knows.txt": `Unix User\54321`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("owners (-want +got):\n%s", diff)
	}
	if _, err := src.(scan.Owned).Owner(t.Context(), scan.Entry{Path: "not there"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Owner of a missing file: %v", err)
	}
}

// Samba gives short names to what Windows would not allow. They look odd in a
// report, but they lead to the file. (Names that are not UTF-8 it does not list
// at all, and no client can know of them.)
func TestSMBNamesThatWindowsForbids(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data"}}})
	dir := shareDir(t, s, "data")
	names := []string{"a:b?c*.txt", "dot.", "space ", `back\slash.csv`, "folder /名簿.csv"}
	for _, name := range names {
		write(t, filepath.Join(dir, name), "x", 0o644)
	}
	src := open(t, s.URL("data"), options(t, s))
	files, gaps := scantest.WalkAll(t, src)
	if len(files) != len(names) || len(gaps) != 0 {
		t.Fatalf("Walk tells %v, %v; want %d files", files, gaps, len(names))
	}
	for path, e := range files {
		if got := read(t, src, e); got != "x" {
			t.Errorf("content of %q = %q", path, got)
		}
	}
}

// A DFS link leads to another server. It is told and not followed, and as a
// target the error says what it is.
func TestSMBDFSLink(t *testing.T) {
	s := serve(t, samba.Config{
		Lines:  []string{"host msdfs = yes"},
		Shares: []samba.Share{{Name: "root", Lines: []string{"msdfs root = yes"}}},
	})
	dir := shareDir(t, s, "root")
	write(t, filepath.Join(dir, "a.txt"), "x", 0o644)
	if err := os.Symlink(`msdfs:fs02.example\data`, filepath.Join(dir, "営業")); err != nil {
		t.Fatal(err)
	}
	files, gaps := scantest.WalkAll(t, open(t, s.URL("root"), options(t, s)))
	if len(files) != 1 || len(gaps) != 1 || !errors.Is(gaps["営業"], scan.ErrLink) {
		t.Errorf("Walk tells %v, %v; want the link as ErrLink", files, gaps)
	}
	_, err := source.Open(t.Context(), s.URL("root/営業"), options(t, s))
	var target *source.TargetError
	if !errors.As(err, &target) || !errors.Is(err, scan.ErrLink) {
		t.Errorf("Open of a DFS link: %v, want a TargetError that is ErrLink", err)
	}
}
