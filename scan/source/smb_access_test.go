package source_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// Who may read a file is what the server shows of its unix mode.
func TestSMBAccess(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data"}}})
	dir := shareDir(t, s, "data")
	type circle struct{ Readers, Writers scan.Audience }
	want := map[string]circle{
		"all read.txt":  {scan.AudienceEveryone, scan.AudienceNamed},
		"all write.txt": {scan.AudienceEveryone, scan.AudienceEveryone},
		"group.txt":     {scan.AudienceNamed, scan.AudienceNamed},
		"owner.txt":     {scan.AudienceNamed, scan.AudienceNamed},
	}
	for name, mode := range map[string]os.FileMode{"all read.txt": 0o644, "all write.txt": 0o666, "group.txt": 0o640, "owner.txt": 0o600} {
		write(t, filepath.Join(dir, name), "x", mode)
		if err := os.Chown(filepath.Join(dir, name), 5, 60); err != nil {
			t.Fatal(err)
		}
	}
	src := open(t, s.URL("data"), options(t, s))
	got := map[string]circle{}
	for name := range want {
		access, err := src.(scan.Accessible).Access(t.Context(), scan.Entry{Path: name})
		if err != nil {
			t.Fatal(err)
		}
		got[name] = circle{access.Readers(), access.Writers()}
		if access.Owner != `KAGISRV\games` || access.Group == "" || len(access.Grants) == 0 || access.Grants[0].Name == "" {
			t.Errorf("%s: %+v", name, access)
		}
		if name == "group.txt" {
			t.Logf("%+v", access)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("circles (-want +got):\n%s", diff)
	}
}
