package observed

import (
	"testing"

	"github.com/kagiban/kagiban/detectors/internal/lex"
)

func TestFacts(t *testing.T) {
	roles := Roles{{lex.Name, 0b0110}, {lex.Birth, 0b1000}, {lex.Address, 0}}
	for filled, want := range map[uint64]lex.Facts{0: 0, 0b0001: 0, 0b0010: lex.Name, 0b0110: lex.Name, 0b1100: lex.Name | lex.Birth, ^uint64(0): lex.Name | lex.Birth} {
		if got := roles.Facts(filled); got != want {
			t.Errorf("Facts(%b) = %b, want %b", filled, got, want)
		}
	}
}
