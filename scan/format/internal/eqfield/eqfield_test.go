package eqfield_test

import (
	"testing"

	"github.com/kagiban/kagiban/scan/format/internal/eqfield"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		`EQ \o\ad(\s\up 9(やまだ),山田)`:     "山田",
		` eq \o\ac(\s\up 9(a),1234-5) `: "1234-5",
		`HYPERLINK "http://example.jp"`: "",
		`EQ \f(1,2)`:                    "",
		`EQ \o\ad(\s\up 9(やまだ`:          "",
	} {
		if got := string(eqfield.Text([]byte(in))); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}
