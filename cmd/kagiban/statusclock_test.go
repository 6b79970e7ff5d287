package main

import (
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// TestStatusOfClocks has walks that ended before, just now, by a clock a little ahead,
// and long after now.
func TestStatusOfClocks(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for name, c := range map[string]struct {
		completed time.Time
		late      bool
		age       int64
	}{
		"never":                  {time.Time{}, true, -1},
		"too long":               {now.Add(-49 * time.Hour), true, 49 * 3600},
		"last night":             {now.Add(-9 * time.Hour), false, 9 * 3600},
		"a clock a little ahead": {now.Add(5 * time.Minute), false, 0},
		"a year to come":         {now.AddDate(1, 0, 0), true, 0},
	} {
		got := statusOf([]scan.TargetState{{Name: "t", Complete: true, Completed: c.completed}}, nil, now, now.Add(-48*time.Hour))
		if len(got) != 1 || got[0].Late != c.late || got[0].Age != c.age {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
