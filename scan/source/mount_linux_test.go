package source_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source"
)

// What is mounted below a folder is another file system, and known as such also
// where the source is paced and counted.
func TestLocalMountBelow(t *testing.T) {
	dir := t.TempDir()
	mount := filepath.Join(dir, "課", "disk")
	if err := os.MkdirAll(mount, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("none", mount, "tmpfs", 0, "size=64k"); errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Logf("nothing may be mounted, so nothing is shown: %v", err)
		return
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(mount, syscall.MNT_DETACH) })
	src, err := source.Open(t.Context(), dir, source.Options{Pacer: source.NewPacer(source.Pace{Files: 1e6}), Counters: &source.Counters{}})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	walk := func() []string {
		if err := src.Walk(t.Context(), func(scan.Entry, error) error { return nil }); err != nil {
			t.Fatal(err)
		}
		return src.(scan.Mounted).Boundaries()
	}
	if got := walk(); !slices.Equal(got, []string{"課/disk"}) {
		t.Errorf("others begin at %q", got)
	}
	root, below := mountOf(t, src, ""), mountOf(t, src, "課/disk")
	if root == "" || below == "" || root == below || mountOf(t, src, "課") != root {
		t.Errorf("mounts %q, %q, %q", root, mountOf(t, src, "課"), below)
	}
	if err := syscall.Unmount(mount, 0); err != nil {
		t.Fatal(err)
	}
	if got := walk(); len(got) != 0 {
		t.Errorf("others begin at %q where nothing is mounted", got)
	}
	if got := mountOf(t, src, "課/disk"); got != root {
		t.Errorf("the mount is %q, want %q", got, root)
	}
}
