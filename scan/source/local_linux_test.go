package source_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/source"
)

func accessTime(t *testing.T, path string) time.Time {
	t.Helper()
	var st syscall.Stat_t
	if err := syscall.Stat(path, &st); err != nil {
		t.Fatal(err)
	}
	return time.Unix(st.Atim.Unix())
}

// A pipe without a writer would block who opens it; a socket cannot be opened.
func TestLocalSpecialFilesAreToldAndNeverOpened(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.xlsx"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	src := open(t, dir, source.Options{})
	files, gaps := scantest.WalkAll(t, src)
	for _, name := range []string{"pipe.xlsx", "socket"} {
		if !errors.Is(gaps[name], scan.ErrUnsupported) {
			t.Errorf("%s is told with %v, want ErrUnsupported", name, gaps[name])
		}
	}
	if len(files) != 0 {
		t.Errorf("Walk tells files %v", files)
	}
	if _, err := src.Open(t.Context(), scan.Entry{Path: "pipe.xlsx"}); !errors.Is(err, scan.ErrUnsupported) {
		t.Errorf("Open of a pipe: %v, want ErrUnsupported", err)
	}
}

func TestLocalNameThatIsNotUTF8(t *testing.T) {
	dir := t.TempDir()
	name := "\x96\xbc\x95\xeb.csv" // 名簿 in Shift_JIS
	if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "\x8c\x8e"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "\x8c\x8e", "a"), []byte("y"), 0o600); err != nil {
		t.Fatal(err)
	}
	src := open(t, dir, source.Options{})
	files, gaps := scantest.WalkAll(t, src)
	if len(files) != 2 || len(gaps) != 0 {
		t.Fatalf("Walk tells %v, %v", files, gaps)
	}
	for path, want := range map[string]string{`\x96\xBC\x95\xEB.csv`: "x", `\x8C\x8E/a`: "y"} {
		blob, err := src.Open(t.Context(), files[path])
		if err != nil {
			t.Errorf("Open(%q): %v", path, err)
			continue
		}
		p := make([]byte, 1)
		if _, err := blob.ReadAt(p, 0); err != nil || string(p) != want {
			t.Errorf("content of %q = %q, %v", path, p, err)
		}
		blob.Close()
	}
}

// Between listing and opening somebody may put a link in place of a file.
func TestLocalOpenRefusesLink(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "a.txt")); err != nil {
		t.Fatal(err)
	}
	src := open(t, dir, source.Options{})
	if _, err := src.Open(t.Context(), scan.Entry{Path: "a.txt"}); !errors.Is(err, scan.ErrLink) {
		t.Errorf("Open of a link: %v, want ErrLink", err)
	}
}

func inodeChanged(t *testing.T, path string) string {
	t.Helper()
	var st syscall.Stat_t
	if err := syscall.Lstat(path, &st); err != nil {
		t.Fatal(err)
	}
	return time.Unix(st.Ctim.Unix()).UTC().String()
}
