package report

import (
	"strings"
	"testing"
)

// TestStreamsOfTargets has each target in the line that says what was done about its
// alternate data streams.
func TestStreamsOfTargets(t *testing.T) {
	b := &Book{Targets: []Target{{Name: "smb://fs01/a"}, {Name: "/srv/b"}, {Name: "smb://fs02/c"}}}
	for _, lang := range []string{"en", "ja"} {
		w := wordsIn(lang)
		for _, all := range []bool{false, true} {
			b.Streams = all
			got := w.streams(b)
			if len(got) != 2 || !strings.Contains(got[0], "smb://fs01/a") || !strings.Contains(got[0], "smb://fs02/c") || !strings.Contains(got[1], "/srv/b") {
				t.Errorf("%s: %q", lang, got)
			}
			if strings.Contains(got[0], "--streams") == all {
				t.Errorf("%s, of all %v: %q", lang, all, got[0])
			}
		}
	}
	if got := wordsIn("en").streams(&Book{}); len(got) != 0 {
		t.Errorf("without a target: %q", got)
	}
}
