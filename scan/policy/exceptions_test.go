package policy

import (
	"fmt"
	"testing"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/kagiban/kagiban/scan"
)

// The exception that is found is the first that matches, as if all were tried.
func TestExceptionsByPlace(t *testing.T) {
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	patterns := []string{
		"総務/名簿.xlsx", "総務/**", "**/名簿.xlsx", "*.csv", "smb://fs01/share/人事/**", "人事/{a,b}/*", `人事/\\*/x`, "人事", "人事/**/x", "?/y", "smb://fs*/share/**", "[ab]/z", "総務/2026*/a.csv",
	}
	var all []scan.Exception
	for i, p := range patterns {
		x := scan.Exception{ID: int64(i + 1), Pattern: p, Expires: at.Add(time.Hour)}
		if p == "総務/**" {
			x.Expires = at.Add(-time.Hour)
		}
		all = append(all, x)
	}
	p := Policy{Exceptions: all, At: at}.Ready()
	for _, path := range []string{"総務/名簿.xlsx", "総務/a/名簿.xlsx", "名簿.xlsx", "x.csv", "総務/x.csv", "人事", "人事/a/b", "人事/c/d/x", "人事/*/x", "k/y", "a/z", "c/z", "総務/2026年度/a.csv", ""} {
		for _, target := range []string{"smb://fs01/share", "/srv"} {
			want := int64(0)
			for _, x := range all {
				for _, name := range []string{path, target + "/" + path} {
					if ok, _ := doublestar.Match(x.Pattern, name); ok && x.Active(at) && want == 0 {
						want = x.ID
					}
				}
			}
			got := int64(0)
			if x, _ := p.exception(scan.Entry{Target: target, Path: path}); x != nil {
				got = x.ID
			}
			if got != want {
				t.Errorf("%s %q: exception %d, want %d", target, path, got, want)
			}
		}
	}
}

// What is tried for a file does not grow with the ledger.
func TestExceptionsElsewhereCostNothing(t *testing.T) {
	var all []scan.Exception
	for i := range 10_000 {
		all = append(all, scan.Exception{Pattern: fmt.Sprintf("課%d/**", i)}, scan.Exception{Pattern: fmt.Sprintf("課%d/名簿.xlsx", i)})
	}
	p := Policy{Exceptions: all}.Ready()
	if n := len(p.places.candidates("課77/年度/名簿.xlsx")) + len(p.places.candidates("smb://fs01/share/課77/年度/名簿.xlsx")); n != 1 {
		t.Errorf("%d exceptions are tried, want 1", n)
	}
}

// One that has run out is named beside the violation; one that was removed is not.
func TestExpiredException(t *testing.T) {
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	past := scan.Exception{ID: 1, Pattern: "a", Created: at.AddDate(-1, 0, 0), Expires: at}
	removed := past
	removed.ID, removed.Removal.At = 2, at.AddDate(0, -1, 0)
	for _, c := range []struct {
		ledger []scan.Exception
		want   int64
	}{{[]scan.Exception{past}, 1}, {[]scan.Exception{removed}, 0}, {[]scan.Exception{removed, past}, 1}} {
		active, expired := Policy{Exceptions: c.ledger, At: at}.Ready().exception(scan.Entry{Path: "a"})
		got := int64(0)
		if expired != nil {
			got = expired.ID
		}
		if active != nil || got != c.want {
			t.Errorf("%+v: active %v, expired %d; want %d", c.ledger, active, got, c.want)
		}
	}
}
