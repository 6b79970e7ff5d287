package source_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// serve starts a server for one test. Shares without a folder get one in the
// server's own, where the user of the server may go.
func serve(t *testing.T, c samba.Config) *samba.Server {
	t.Helper()
	samba.Require(t)
	for i := range c.Shares {
		if c.Shares[i].Dir == "" {
			c.Shares[i].Dir = openDir(t)
		}
	}
	s := samba.StartFor(t, c)
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("stopping Samba: %v", err)
		}
	})
	return s
}

// openDir is a temporary folder that every user may enter.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kagiban-share-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

func options(t *testing.T, s *samba.Server) source.Options {
	return source.Options{
		Password: func() (string, error) { return s.Password, nil },
		Stall:    20 * time.Second,
		Notice:   func(text scan.Text) { t.Logf("notice: %s", text) },
	}
}

func write(t testing.TB, path string, data string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, src scan.Source, e scan.Entry) string {
	t.Helper()
	blob, err := src.Open(t.Context(), e)
	if err != nil {
		t.Fatalf("Open(%q): %v", e.Path, err)
	}
	defer blob.Close()
	data, err := io.ReadAll(io.NewSectionReader(blob, 0, blob.Size()))
	if err != nil {
		t.Fatalf("reading %q: %v", e.Path, err)
	}
	return string(data)
}

func TestSMBTargetErrors(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{
		{Name: "data"},
		{Name: "others", AsUser: true, Lines: []string{"valid users = root"}},
	}})
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	const wrong = "himitsu-no-password"
	const ntHash = "6351ac2d65e9a845e56c6d2a6a5e0c2d" // MS-NLMP 3.3.1, of the harness's own password: no key to a session
	for _, tt := range []struct {
		name, target, password string
		want                   error
		says                   string
	}{
		{"wrong password", s.URL("data"), wrong, source.ErrLogon, s.User},
		{"NT hash of the password", s.URL("data"), ntHash, source.ErrLogon, s.User},
		{"unknown host", "smb://u@no-such-host.invalid/data", wrong, source.ErrUnreachable, "no-such-host.invalid"},
		{"closed port", "smb://u@" + closed.Addr().String() + "/data", wrong, source.ErrUnreachable, closed.Addr().String()},
		{"silent server", "smb://u@" + silent.Addr().String() + "/data", wrong, scan.ErrStalled, silent.Addr().String()},
		{"missing share", s.URL("無い"), s.Password, source.ErrNoShare, "無い"},
		{"missing path", s.URL("data/無い/所"), s.Password, fs.ErrNotExist, "無い/所"},
		{"closed share", s.URL("others"), s.Password, fs.ErrPermission, "others"},
		{"no user", "smb://" + s.Address() + "/data", wrong, source.ErrLogon, "no user"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opts := options(t, s)
			if tt.want == scan.ErrStalled {
				opts.Stall = 700 * time.Millisecond
			}
			opts.Password = func() (string, error) { return tt.password, nil }
			begin := time.Now()
			src, err := source.Open(t.Context(), tt.target, opts)
			if err == nil {
				src.Close()
				t.Fatal("Open found nothing wrong")
			}
			var target *source.TargetError
			if !errors.As(err, &target) || !errors.Is(err, tt.want) {
				t.Fatalf("Open: %v, want a TargetError that is %v", err, tt.want)
			}
			text := err.Error()
			if !strings.Contains(text, tt.says) || target.Remedy.Empty() || strings.Contains(text, "\n") || strings.Contains(text, wrong) {
				t.Errorf("the error reads %q: it has to name %q and a remedy, on one line, without the password", text, tt.says)
			}
			if took := time.Since(begin); took > time.Minute {
				t.Errorf("it took %v", took)
			}
			t.Log(text)
		})
	}
}

func TestSMBFileAsTarget(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data"}}})
	dir := shareDir(t, s, "data")
	write(t, filepath.Join(dir, "年金", "名簿.csv"), "a,b", 0o644)
	src := open(t, s.URL("data/年金/名簿.csv"), options(t, s))
	files, gaps := scantest.WalkAll(t, src)
	e, ok := files["名簿.csv"]
	if len(files) != 1 || len(gaps) != 0 || !ok || e.Size != 3 {
		t.Fatalf("Walk tells %v, %v", files, gaps)
	}
	if want := "smb://" + s.Address() + "/data/年金/名簿.csv"; e.Target != want {
		t.Errorf("Target = %q, want %q", e.Target, want)
	}
	if got := read(t, src, e); got != "a,b" {
		t.Errorf("content = %q", got)
	}
}

// shareDir reads from the server's configuration where a share is.
func shareDir(t *testing.T, s *samba.Server, share string) string {
	t.Helper()
	conf, err := os.ReadFile(filepath.Join(s.Dir, "smb.conf"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(conf), "["+share+"]")
	_, path, ok := strings.Cut(section, "path = ")
	if !ok {
		t.Fatalf("there is no share %q", share)
	}
	path, _, _ = strings.Cut(path, "\n")
	return path
}

// A folder larger than what is fetched at once keeps its handle while its files
// are visited; a smaller one does not, so that it can be renamed.
func TestSMBLargeFolder(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Writers: true}}})
	dir := shareDir(t, s, "data")
	const n = 20_500
	for i := range n {
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("請求書%06d.txt", i)))
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	write(t, filepath.Join(dir, "small", "a.txt"), "x", 0o644)
	other := colleague(t, s, "data")
	src := open(t, s.URL("data"), options(t, s))
	seen := map[string]bool{}
	err := src.Walk(t.Context(), func(e scan.Entry, err error) error {
		if err != nil || seen[e.Path] {
			t.Errorf("%q: %v, seen before: %v", e.Path, err, seen[e.Path])
		}
		seen[e.Path] = true
		if e.Path == "small/a.txt" {
			if err := other.Rename("small", "renamed"); err != nil {
				t.Errorf("a folder cannot be renamed while its files are visited: %v", err)
			}
		}
		return nil
	})
	if err != nil || len(seen) != n+1 {
		t.Errorf("Walk = %v after %d files, want %d", err, len(seen), n+1)
	}
}
