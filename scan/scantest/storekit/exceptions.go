package storekit

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
)

func exceptions(t *testing.T, open Opener) {
	db := open(t, "one")
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	want := scan.Exception{Pattern: "総務部/**", Reason: "移行", Decision: "2026-114", Approver: "鈴木", AddedBy: "佐藤", Created: at, Expires: time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)}
	id, err := db.AddException(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	removal := scan.Removal{At: at.Add(time.Hour), By: "田中", Reason: "済んだ"}
	if err := db.RemoveException(t.Context(), id, removal); err != nil {
		t.Fatal(err)
	}
	if err := db.RemoveException(t.Context(), id, scan.Removal{At: at}); !errors.Is(err, scan.ErrNoException) {
		t.Errorf("removed twice: %v, want ErrNoException", err)
	}
	want.ID, want.Removal = id, removal
	got, err := db.Exceptions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]scan.Exception{want}, got); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
}
