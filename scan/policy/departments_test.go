package policy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
)

func TestDepartments(t *testing.T) {
	d, err := ReadDepartments(strings.NewReader("\uFEFF所管部署,パターン,期限日数,連絡先\r\n移行班,年金給付課/移行/**,3,内線 1\n給付課,年金給付課/**,,\n支所,smb://fs02/**,,"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"年金給付課/移行/a.csv": "移行班", "年金給付課/b.csv": "給付課", "他/c.csv": ""} {
		got := ""
		if of := d.Of(scan.Entry{Target: "smb://fs01/share", Path: path}); of != nil {
			got = of.Name
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if of := d.Of(scan.Entry{Target: "smb://fs02/share", Path: "x"}); of == nil || of.Name != "支所" {
		t.Errorf("by target: %+v", of)
	}
	if diff := cmp.Diff(Department{Pattern: "年金給付課/移行/**", Name: "移行班", Contact: "内線 1", Days: 3}, d[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range []string{"", "pattern\na/**", "pattern,department\n,x", "pattern,department\n[,x", "pattern,department,days\na,x,soon", "pattern,department\na/**,", "a\"b"} {
		if d, err := ReadDepartments(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read as %v", bad, d)
		}
	}
}

func TestDeclarations(t *testing.T) {
	d, err := ReadDeclarations(strings.NewReader("period,department,answer\n2014-11,総務部,適正\n"))
	if diff := cmp.Diff([]Declaration{{"2014-11", "総務部", "適正"}}, d); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := ReadDeclarations(strings.NewReader("x,y\n")); err == nil {
		t.Error("a table without headings was read")
	}
}
