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

// A window looks ahead over the pieces in which a stream comes, and keeps what is
// before it no longer than it has to.
func TestWindow(t *testing.T) {
	w := refill.NewWindow(iotest.OneByteReader(strings.NewReader("abcdef")))
	if !w.Ahead(3) || string(w.Buf[w.Pos:w.Pos+3]) != "abc" || w.Peek() != 'a' {
		t.Errorf("%q at %d", w.Buf, w.Pos)
	}
	if !w.Ahead(4) {
		t.Fatal("four bytes are not at hand")
	}
	w.Pos += 4
	if !w.Ahead(2) || w.Peek() != 'e' || w.Ahead(3) {
		t.Errorf("%q at %d", w.Buf, w.Pos)
	}
	if w.Pos += 2; w.More() || w.Peek() != 0 || w.Err != nil {
		t.Errorf("%q at %d, %v at the end", w.Buf, w.Pos, w.Err)
	}
	broken := errors.New("the line is cut")
	if w := refill.NewWindow(iotest.ErrReader(broken)); w.More() || w.Err != broken {
		t.Errorf("%v, want %v", w.Err, broken)
	}
	if w := refill.WindowOf([]byte("xy")); !w.Ahead(2) || w.Ahead(3) {
		t.Errorf("a window of two bytes: %q", w.Buf)
	}
}
