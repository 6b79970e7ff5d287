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
	want := scan.Exception{Pattern: "総務部/**", Reason: "移行", Approver: "鈴木", Created: at, Expires: time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)}
	id, err := db.AddException(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.RemoveException(t.Context(), id, at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := db.RemoveException(t.Context(), id, at); !errors.Is(err, scan.ErrNoException) {
		t.Errorf("removed twice: %v, want ErrNoException", err)
	}
	want.ID, want.Removed = id, at.Add(time.Hour)
	got, err := db.Exceptions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]scan.Exception{want}, got); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
}
