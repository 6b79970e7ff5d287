package source_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	hiro "github.com/hirochachacha/go-smb2"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// A colleague is somebody else at work on the same share, through a client
// library that has nothing to do with ours.
func colleague(t testing.TB, s *samba.Server, share string) *hiro.Share {
	t.Helper()
	conn, err := net.Dial("tcp", s.Address())
	if err != nil {
		t.Fatal(err)
	}
	d := &hiro.Dialer{Initiator: &hiro.NTLMInitiator{User: s.User, Password: s.Password}}
	session, err := d.Dial(conn)
	if err != nil {
		t.Fatal(err)
	}
	mount, err := session.Mount(share)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = mount.Umount()
		_ = session.Logoff()
	})
	return mount
}

// Somebody may hold a file open for writing, as office programs do. It can be
// read, and while we hold it, it can be saved.
func TestSMBFileInUseIsReadAndCanBeSaved(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Writers: true}}})
	big := strings.Repeat("before ", 50_000)
	write(t, filepath.Join(shareDir(t, s, "data"), "book.xlsx"), big, 0o644)
	other := colleague(t, s, "data")
	theirs, err := other.OpenFile("book.xlsx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	src := open(t, s.URL("data"), options(t, s))
	blob, err := src.Open(t.Context(), scan.Entry{Path: "book.xlsx"})
	if err != nil {
		t.Fatalf("Open of a file that is open for writing: %v", err)
	}
	defer blob.Close()
	p := make([]byte, 7)
	if _, err := blob.ReadAt(p, 100*1024/7*7); err != nil || string(p) != "before " {
		t.Errorf("ReadAt = %q, %v", p, err)
	}
	if _, err := theirs.WriteAt([]byte("after"), 0); err != nil {
		t.Errorf("they cannot save while we read: %v", err)
	}
	if err := theirs.Close(); err != nil {
		t.Error(err)
	}
	again, err := other.OpenFile("book.xlsx", os.O_RDWR, 0)
	if err != nil {
		t.Fatalf("they cannot open it for writing while we read: %v", err)
	}
	if err := errors.Join(again.Truncate(3), again.Close()); err != nil {
		t.Errorf("they cannot shorten it while we read: %v", err)
	}
	if _, err := blob.ReadAt(p, 300_000); !errors.Is(err, scan.ErrLocked) {
		t.Errorf("ReadAt beyond what is left of the file: %v, want ErrLocked", err)
	}
}

// A file of up to 64 KiB is closed before Open returns, a larger one with its
// Blob; then others can rename and delete it.
func TestSMBFileCanBeRenamedOnceItIsRead(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Writers: true}}})
	dir := shareDir(t, s, "data")
	write(t, filepath.Join(dir, "small.txt"), strings.Repeat("x", 64<<10), 0o644)
	write(t, filepath.Join(dir, "large.txt"), strings.Repeat("x", 64<<10+1), 0o644)
	other := colleague(t, s, "data")
	src := open(t, s.URL("data"), options(t, s))
	files, _ := scantest.WalkAll(t, src)
	small, err := src.Open(t.Context(), files["small.txt"])
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close()
	if err := other.Rename("small.txt", "small2.txt"); err != nil {
		t.Errorf("a small file is still held: %v", err)
	}
	if n, err := small.ReadAt(make([]byte, 10), 64<<10-10); n != 10 || err != nil {
		t.Errorf("ReadAt of a small file = %d, %v", n, err)
	}
	large, err := src.Open(t.Context(), files["large.txt"])
	if err != nil {
		t.Fatal(err)
	}
	if err := large.Close(); err != nil {
		t.Fatal(err)
	}
	if err := other.Rename("large.txt", "large2.txt"); err != nil {
		t.Errorf("a large file is still held after Close: %v", err)
	}
	if _, err := large.ReadAt(make([]byte, 1), 64<<10); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("ReadAt after Close: %v", err)
	}
}

func TestSMBLockedFile(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Writers: true}}})
	write(t, filepath.Join(shareDir(t, s, "data"), "locked.xlsx"), "x", 0o644)
	release := hold(t, s, "data", "locked.xlsx", shareWithNobody)
	src := open(t, s.URL("data"), options(t, s))
	files, gaps := scantest.WalkAll(t, src)
	if _, ok := files["locked.xlsx"]; !ok || len(gaps) != 0 {
		t.Errorf("Walk tells %v, %v", files, gaps)
	}
	if _, err := src.Open(t.Context(), files["locked.xlsx"]); !errors.Is(err, scan.ErrLocked) {
		t.Errorf("Open of a locked file: %v, want ErrLocked", err)
	}
	if owner, err := src.(scan.Owned).Owner(t.Context(), files["locked.xlsx"]); err != nil || owner == "" {
		t.Errorf("Owner of a locked file = %q, %v", owner, err)
	}
	release()
	if got := read(t, src, files["locked.xlsx"]); got != "x" {
		t.Errorf("content after the lock = %q", got)
	}
}
