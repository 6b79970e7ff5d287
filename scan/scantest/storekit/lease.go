package storekit

import (
	"errors"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

func oneRunAtATime(t *testing.T, open Opener) {
	first, second := open(t, "one"), open(t, "one")
	run := begin(t, first)
	if _, err := second.Begin(t.Context(), scan.Start{Version: "test"}); !errors.Is(err, scan.ErrBusy) {
		t.Errorf("second Begin = %v, want ErrBusy", err)
	}
	if n := len(list(t, second, scan.Present)); n != 0 {
		t.Errorf("%d results while nothing is stored", n)
	}
	if err := run.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := begin(t, second).End(t.Context()); err != nil {
		t.Error(err)
	}
}
