package storekit

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
)

// The latest remark of a field holds; a file of them is taken in once and whole.
func remarks(t *testing.T, open Opener) {
	db := open(t, "one")
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	night(t, db, true, Found("a", at, []uint64{1}, nil), Found("b", at, []uint64{2}, nil))
	for _, r := range list(t, db, scan.Noted) {
		settle(t, db, scan.Move{Finding: scan.Finding{File: r.ID, Stage: scan.StageNew, Since: at, First: at, Last: at}})
	}
	say := func(finding int64, field, value string, after time.Duration) scan.Remark {
		return scan.Remark{Finding: finding, Field: field, Value: value, Who: "佐藤", At: at.Add(after), Basis: scan.Basis{Status: scan.StatusReview, Size: 9, ModTime: at, Records: 4}}
	}
	first := scan.Import{SHA256: "1", Name: "報告.xlsx", Who: "佐藤", At: at}
	if err := db.AddRemarks(t.Context(), first, []scan.Remark{say(1, scan.FieldPerson, "鈴木", 1), say(1, scan.FieldNote, "確認中", 1), say(2, scan.FieldDecision, scan.DecisionNot, 1)}); err != nil {
		t.Fatal(err)
	}
	if err := db.AddRemarks(t.Context(), first, []scan.Remark{say(1, scan.FieldNote, "上書き", 2)}); !errors.Is(err, scan.ErrImported) {
		t.Errorf("the same file again: %v", err)
	}
	unknown := scan.Import{SHA256: "2", At: at}
	if err := db.AddRemarks(t.Context(), unknown, []scan.Remark{say(1, scan.FieldNote, "半分", 2), say(99, scan.FieldNote, "?", 2)}); err == nil {
		t.Error("a remark on a finding that there is not was taken")
	}
	if err := db.AddRemarks(t.Context(), unknown, []scan.Remark{say(1, scan.FieldNote, "完了", 3)}); err != nil {
		t.Fatal(err)
	}
	got, err := db.Remarks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []scan.Remark{say(1, scan.FieldPerson, "鈴木", 1), say(1, scan.FieldNote, "完了", 3), say(2, scan.FieldDecision, scan.DecisionNot, 1)}
	for i := range want {
		want[i].At = want[i].At.Truncate(time.Microsecond)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
