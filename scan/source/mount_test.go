package source_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// doubted fails the test unless a run was doubted for the sake of a folder, and
// ended no file.
func (d *drill) doubted(sum engine.Summary, folder string) {
	d.t.Helper()
	var elsewhere *scan.ElsewhereError
	if err := sum.Targets[0].Err; !errors.As(err, &elsewhere) || elsewhere.Folder != folder {
		d.t.Errorf("the target ends with %v, want a doubt about %q", err, folder)
	}
	if n := d.gone(); n != 0 {
		d.t.Errorf("%d files count as gone", n)
	}
}

// One share of a server lost its disk for a night, and then is not there at all: few
// of the files of the server, but nothing of them counts as deleted.
func TestSMBRunShareOnAnotherDisk(t *testing.T) {
	t.Parallel()
	dir, _ := office(t)
	small := openDir(t)
	if err := os.WriteFile(filepath.Join(small, "a.txt"), []byte("nothing\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir}, {Name: "small", Dir: small}}})
	d := newDrill(t, s, options(t, s))
	d.target, d.loss = s.URL(""), scan.DefaultLoss()
	complete := func() {
		t.Helper()
		if err := d.run(time.Minute).Targets[0].Err; err != nil {
			t.Fatal(err)
		}
	}
	complete()
	complete()

	away := small + ".away"
	if err := errors.Join(os.Rename(small, away), os.Mkdir(small, 0o755)); err != nil {
		t.Fatal(err)
	}
	d.doubted(d.run(time.Minute), "small")
	if err := errors.Join(os.Remove(small), os.Rename(away, small)); err != nil {
		t.Fatal(err)
	}
	complete()

	if err := s.RemoveShare(t.Context(), "small"); err != nil {
		t.Fatal(err)
	}
	d.doubted(d.run(time.Minute), "small")
	d.loss = scan.Loss{} // somebody has looked
	complete()
	if n := d.gone(); n != 1 {
		t.Errorf("%d files count as gone, want 1", n)
	}
}

// A share that is on another disk than before is noticed as such.
func TestSMBMount(t *testing.T) {
	t.Parallel()
	dir, other := openDir(t), openDir(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir}, {Name: "other", Dir: other}}})
	mount := func(target, folder string) string {
		t.Helper()
		src, err := source.Open(t.Context(), s.URL(target), options(t, s))
		if err != nil {
			t.Fatal(err)
		}
		defer src.Close()
		return mountOf(t, src, folder)
	}
	if err := os.Mkdir(filepath.Join(dir, "below"), 0o755); err != nil {
		t.Fatal(err)
	}
	data := mount("data", "")
	if data == "" || mount("data", "") != data || mount("data/below", "") != data || mount("", "data") != data {
		t.Errorf("the share is %q, later %q, from below %q, from the server %q", data, mount("data", ""), mount("data/below", ""), mount("", "data"))
	}
	if o := mount("other", ""); o == data || o == "" {
		t.Errorf("another share is %q too", o)
	}
	if got := mount("", "none"); got != scan.MountGone {
		t.Errorf("a share that is not there is %q", got)
	}
	if got := mount("", ""); got != "" {
		t.Errorf("the server is %q", got)
	}
	if err := errors.Join(os.Rename(dir, dir+".away"), os.Mkdir(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir + ".away") })
	if got := mount("data", ""); got == data || got == "" {
		t.Errorf("what took the place of the share is %q as before", got)
	}
}

func mountOf(t *testing.T, src scan.Source, folder string) string {
	t.Helper()
	mounted, ok := src.(scan.Mounted)
	if !ok {
		t.Fatalf("%T does not know what it reads", src)
	}
	mount, err := mounted.Mount(context.WithoutCancel(t.Context()), folder)
	if err != nil {
		t.Fatal(err)
	}
	return mount
}
