package lifecycle_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/lifecycle"
)

// A ledger is one in memory, with the files of one target.
type ledger struct {
	files map[string]*scan.Result
	log   []string
	last  int64
	fail  error
}

func (l *ledger) Settle(_ context.Context, moves []scan.Move) error {
	if l.fail != nil {
		return l.fail
	}
	for _, m := range moves {
		f := m.Finding
		if f.Number == 0 {
			l.last++
			f.Number = l.last
		}
		for _, r := range l.files {
			switch {
			case r.ID == f.File:
				r.Finding = &f
			case r.Finding != nil && r.Finding.Number == f.Number:
				r.Finding = nil
			}
		}
		for _, e := range m.Events {
			l.log = append(l.log, strings.TrimSpace(fmt.Sprintf("%d %s %s %s %s", f.Number, e.Kind, e.Stage, e.Why, e.Detail)))
		}
	}
	return nil
}

// A file is what a run finds at a path.
type file struct {
	status    scan.Status
	at        int // its modification time
	rules     string
	exception int64
	readers   string
}

// night has a run find files, and returns what became of findings.
func (l *ledger) night(t *testing.T, complete bool, n int, met map[string]file) []string {
	t.Helper()
	judged := map[string]scan.Judgement{}
	for path, r := range l.files {
		if _, there := met[path]; !there && complete && r.History.Gone.IsZero() {
			r.History.Gone = time.Unix(int64(n), 0)
		}
	}
	for path, f := range met {
		r := l.files[path]
		if r == nil {
			r = &scan.Result{ID: int64(len(l.files) + 1), Entry: scan.Entry{Target: "t", Path: path, Size: 9}}
			l.files[path] = r
		}
		r.Entry.ModTime, r.Revision, r.History.Gone = time.Unix(int64(f.at), 0), f.rules, time.Time{}
		r.Access = nil
		if f.readers != "" {
			r.Access = &scan.Access{Grants: []scan.Grant{{SID: f.readers, Read: true}}}
		}
		j := scan.Judgement{Status: f.status, Counts: scan.Counts{Records: 3}, Persons: 3}
		if f.exception != 0 {
			j.Exception = &scan.Exception{ID: f.exception}
		}
		judged[path] = j
	}
	results := func(yield func(*scan.Result, error) bool) {
		list := make([]*scan.Result, 0, len(l.files))
		for _, r := range l.files {
			list = append(list, r)
		}
		slices.SortFunc(list, func(a, b *scan.Result) int { return cmp.Compare(a.Entry.Path, b.Entry.Path) })
		for _, r := range list {
			if !yield(r, nil) {
				return
			}
		}
	}
	l.log = nil
	err := lifecycle.Settle(t.Context(), l, lifecycle.Round{
		Results: results, Judge: func(r *scan.Result) scan.Judgement { return judged[r.Entry.Path] },
		Complete: map[string]bool{"t": complete}, At: time.Unix(int64(n), 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	return l.log
}

const (
	violation, review, unchecked = scan.StatusViolation, scan.StatusReview, scan.StatusUnchecked
	protected, clean, skipped    = scan.StatusProtected, scan.StatusClean, scan.StatusSkipped
	excepted                     = scan.StatusExcepted
)

// Each row is a file over the nights; "" says that it is not there.
func TestLives(t *testing.T) {
	for _, c := range []struct {
		name   string
		nights []file
		want   string
	}{
		{"met again", []file{{violation, 1, "r", 0, ""}, {violation, 1, "r", 0, ""}, {violation, 2, "r", 0, ""}}, "found new|continued open|"},
		{"password set", []file{{violation, 1, "r", 0, ""}, {protected, 2, "r", 0, ""}, {protected, 2, "r", 0, ""}}, "found new|closed closed password|"},
		{"numbers removed", []file{{violation, 1, "r", 0, ""}, {clean, 2, "s", 0, ""}}, "found new|closed closed removed"},
		{"deleted", []file{{violation, 1, "r", 0, ""}, {}, {}}, "found new|closed closed deleted|"},
		{"other rules", []file{{violation, 1, "r", 0, ""}, {clean, 1, "s", 0, ""}}, "found new|withdrawn withdrawn rules"},
		{"other rules find it again", []file{{violation, 1, "r", 0, ""}, {clean, 1, "s", 0, ""}, {violation, 1, "u", 0, ""}}, "found new|withdrawn withdrawn rules|reopened open rules"},
		{"other rules say protected", []file{{violation, 1, "r", 0, ""}, {protected, 1, "s", 0, ""}}, "found new|withdrawn withdrawn rules"},
		{"left out", []file{{violation, 1, "r", 0, ""}, {skipped, 1, "again", 0, ""}}, "found new|withdrawn withdrawn left-out"},
		{"comes back", []file{{violation, 1, "r", 0, ""}, {}, {violation, 1, "r", 0, ""}}, "found new|closed closed deleted|reopened recurred returned"},
		{"numbers come back", []file{{violation, 1, "r", 0, ""}, {clean, 2, "r", 0, ""}, {review, 3, "r", 0, ""}}, "found new|closed closed removed|reopened recurred content"},
		{"exception", []file{{violation, 1, "r", 0, ""}, {excepted, 1, "r", 7, ""}, {excepted, 1, "r", 7, ""}, {violation, 1, "r", 0, ""}}, "found new|closed closed exception||reopened recurred exception-ended"},
		{"excepted from the start", []file{{excepted, 1, "r", 7, ""}, {violation, 1, "r", 0, ""}}, "found closed exception|reopened recurred exception-ended"},
		{"fewer readers", []file{{violation, 1, "r", 0, "all"}, {excepted, 1, "r", 0, "few"}, {violation, 1, "r", 0, "all"}}, "found new|closed closed restricted|reopened recurred access"},
		{"restricted by settings", []file{{violation, 1, "r", 0, "few"}, {excepted, 1, "r", 0, "few"}}, "found new|withdrawn withdrawn settings"},
		{"locked for a night", []file{{violation, 1, "r", 0, ""}, {unchecked, 1, "r", 0, ""}, {violation, 1, "r", 0, ""}}, "found new|changed new|found new"},
		{"locked, then put right", []file{{violation, 1, "r", 0, ""}, {unchecked, 1, "r", 0, ""}, {protected, 2, "r", 0, ""}}, "found new|changed new|closed closed password"},
		{"examined at last", []file{{unchecked, 1, "r", 0, ""}, {clean, 1, "r", 0, ""}}, "found new|closed closed examined"},
		{"worse than thought", []file{{review, 1, "r", 0, ""}, {violation, 1, "s", 0, ""}}, "found new|changed new"},
		{"never anything", []file{{clean, 1, "r", 0, ""}, {protected, 2, "r", 0, ""}, {}}, "||"},
		{"put right, then locked", []file{{violation, 1, "r", 0, ""}, {clean, 2, "r", 0, ""}, {unchecked, 3, "r", 0, ""}}, "found new|closed closed removed|found new"},
		{"allowed, then deleted", []file{{excepted, 1, "r", 7, ""}, {}}, "found closed exception|closed closed deleted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := &ledger{files: map[string]*scan.Result{}}
			var got []string
			for i, f := range c.nights {
				met := map[string]file{"other": {status: clean, rules: "r"}}
				if f.status != "" {
					met["x"] = f
				}
				got = append(got, strings.ReplaceAll(strings.Join(l.night(t, true, i+10, met), "+"), "1 ", ""))
			}
			if diff := gocmp.Diff(c.want, strings.Join(got, "|")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// After a walk that broke off nothing is closed, and the next whole one closes it.
func TestIncompleteWalkClosesNothing(t *testing.T) {
	l := &ledger{files: map[string]*scan.Result{}}
	l.night(t, true, 1, map[string]file{"x": {status: violation, at: 1, rules: "r"}})
	if got := l.night(t, false, 2, map[string]file{"x": {status: protected, at: 2, rules: "r"}}); len(got) != 0 {
		t.Errorf("after half a walk: %v", got)
	}
	if got := l.night(t, true, 3, map[string]file{"x": {status: protected, at: 2, rules: "r"}}); !slices.Equal(got, []string{"1 closed closed password"}) {
		t.Errorf("after a whole one: %v", got)
	}
	if got := l.night(t, false, 4, map[string]file{"y": {status: violation, at: 1, rules: "r"}}); !slices.Equal(got, []string{"2 found new"}) {
		t.Errorf("found in half a walk: %v", got)
	}
}

// A file that was moved keeps its number, also where no server says that it is
// the same; of several like it the one of the same name is taken.
func TestMovedFile(t *testing.T) {
	l := &ledger{files: map[string]*scan.Result{}}
	one := file{status: violation, at: 5, rules: "r"}
	l.night(t, true, 1, map[string]file{"a/x": one, "a/y": one, "a/z": {status: violation, at: 6, rules: "r"}})
	got := l.night(t, true, 2, map[string]file{"b/y": one, "b/x": one, "b/new": {status: violation, at: 7, rules: "r"}})
	want := []string{"1 moved new  t/a/x", "1 continued open", "2 moved new  t/a/y", "2 continued open", "4 found new", "3 closed closed deleted"}
	slices.Sort(got)
	slices.Sort(want)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := l.files["b/x"].Finding.Number; n != 1 {
		t.Errorf("b/x has number %d, want that of a/x", n)
	}
	got = l.night(t, true, 3, map[string]file{"c/x": {status: excepted, at: 5, rules: "r", readers: "few"}, "b/y": one, "b/new": {status: violation, at: 7, rules: "r"}})
	if want := []string{"4 continued open", "1 moved open  t/b/x", "1 closed closed moved"}; !slices.Equal(got, want) {
		t.Errorf("moved to where few can read it: %v, want %v", got, want)
	}
}

// What the store refuses is not lost in silence.
func TestStoreFails(t *testing.T) {
	l := &ledger{files: map[string]*scan.Result{}, fail: errors.New("disk full")}
	err := lifecycle.Settle(t.Context(), l, lifecycle.Round{
		Results:  func(yield func(*scan.Result, error) bool) { yield(&scan.Result{Entry: scan.Entry{Target: "t"}}, nil) },
		Judge:    func(*scan.Result) scan.Judgement { return scan.Judgement{Status: violation} },
		Complete: map[string]bool{"t": true},
	})
	if !errors.Is(err, l.fail) {
		t.Errorf("Settle: %v", err)
	}
}
