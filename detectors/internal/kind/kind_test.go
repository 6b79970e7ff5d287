package kind

import (
	"testing"

	"github.com/kagiban/kagiban/detectors/internal/vocab"
)

// TestPensionWords checks the examples that the headings of the number carry.
func TestPensionWords(t *testing.T) {
	v := vocab.New(Pension(), vocab.Own{})
	for _, f := range Pension().Fields {
		if len(f.Yes) == 0 || len(f.No) == 0 {
			t.Errorf("%q has no examples of headings", f.Headings[0])
		}
		for _, h := range f.Yes {
			if r, _ := v.Role(vocab.Fold(h)); r != f.Role {
				t.Errorf("heading %q is of role %d, want %d", h, r, f.Role)
			}
		}
		for _, h := range f.No {
			if ok, _ := f.Matches(vocab.Fold(h)); ok {
				t.Errorf("heading %q is taken for %q", h, f.Headings[0])
			}
		}
	}
}

// TestPensionHints checks that the first look at a line misses no label and no
// heading.
func TestPensionHints(t *testing.T) {
	v := vocab.New(Pension(), vocab.Own{})
	for _, label := range Pension().Labels {
		if !v.Speaks([]byte(label)) {
			t.Errorf("label %q has no hint", label)
		}
	}
}
