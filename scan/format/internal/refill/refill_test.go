package refill_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kagiban/kagiban/scan/format/internal/refill"
)

func TestFill(t *testing.T) {
	r := iotest.OneByteReader(strings.NewReader("defg"))
	buf := append(make([]byte, 0, 4), "abc"...)
	var err error
	for _, step := range []struct {
		pos  int
		want string
	}{{0, "abcd"}, {0, "abcde"}, {4, "ef"}, {2, "g"}} {
		if buf, err = refill.Fill(r, buf, step.pos); err != nil || string(buf) != step.want {
			t.Errorf("%q, %v, want %q", buf, err, step.want)
		}
	}
	if buf, err = refill.Fill(r, buf, 0); err != io.EOF || string(buf) != "g" {
		t.Errorf("%q, %v at the end", buf, err)
	}
}

type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }

func TestFillGivesUp(t *testing.T) {
	if _, err := refill.Fill(silent{}, make([]byte, 0, 8), 0); !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}
