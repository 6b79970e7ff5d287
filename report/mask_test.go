package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
)

func TestMaskName(t *testing.T) {
	for in, want := range map[string]string{
		"総務/山田_1234-567890.xlsx":  "総務/山田_****-****90.xlsx",
		"1234567890/名簿.csv":       "********90/名簿.csv",
		"１２３４－５６７８９０.xlsx":        "****－****９０.xlsx",
		"1234-567890-1150.pdf":    "****-****90-1150.pdf",
		"20250131123456.log":      "20250131123456.log",
		"list 2025-01-31.csv":     "list 2025-01-31.csv",
		"1234 567890と2345_678901": "**** ****90と****_****01",
	} {
		if got := MaskName(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// TestMaskedAccounts says that a number in the name of an account is masked like
// one in the name of a file, and that a SID is told from it.
func TestMaskedAccounts(t *testing.T) {
	const nameless = "S-1-5-21-3623811015-3361044348-30300820-1106"
	access := func(owner, group, name string) *scan.Access {
		return &scan.Access{Owner: owner, Group: group, Grants: []scan.Grant{{SID: nameless, Name: name, Read: true}, {SID: "S-1-5-18", Write: true}}}
	}
	r := &scan.Result{
		Entry:  scan.Entry{Path: "a.csv", Owner: `DOM\山田1234-567890`},
		Access: access(`DOM\山田1234-567890`, `DOM\1234567890`, `DOM\係１２３４５６７８９０`),
	}
	j := scan.Judgement{Counts: scan.Counts{Records: 1}}
	got := Masked(File{Result: r, Judgement: j})
	if diff := cmp.Diff(access(`DOM\山田****-****90`, `DOM\********90`, `DOM\係********９０`), got.Access); diff != "" || got.Entry.Owner != `DOM\山田****-****90` {
		t.Errorf("owner %s, access (-want +got):\n%s", got.Entry.Owner, diff)
	}
	if r.Access.Group != `DOM\1234567890` || r.Access.Grants[0].Name != `DOM\係１２３４５６７８９０` {
		t.Error("what is stored was changed")
	}
	r.Access = access(nameless, nameless, "")
	if diff := cmp.Diff(r.Access, Masked(File{Result: r, Judgement: j}).Access); diff != "" {
		t.Errorf("SIDs (-want +got):\n%s", diff)
	}
	r.Access = nil
	if got := Masked(File{Result: r, Judgement: j}); got.Access != nil {
		t.Errorf("what is not known became %+v", got.Access)
	}
}

// TestMaskedSamples has a sample that the state holds as an earlier version masked it.
func TestMaskedSamples(t *testing.T) {
	r := &scan.Result{Items: []scan.Item{{Findings: scan.Findings{Hits: []scan.Hit{{Masked: "1234-****90"}, {Masked: "****-****90"}, {Masked: "****18", Detector: "my-number"}}}}}}
	var got []string
	for _, h := range Masked(File{Result: r, Judgement: scan.Judgement{}}).Items[0].Findings.Hits {
		got = append(got, h.Masked)
	}
	if diff := cmp.Diff([]string{"****-****90", "****-****90", "****18"}, got); diff != "" {
		t.Error(diff)
	}
	if r.Items[0].Findings.Hits[0].Masked != "1234-****90" {
		t.Error("what is stored was changed")
	}
}
