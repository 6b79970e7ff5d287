package refill

import "io"

// A Window is what a tokenizer that looks few bytes ahead has at hand of a stream:
// Buf from Pos on. Who moves Pos has asked for the bytes before.
type Window struct {
	Buf []byte
	Pos int
	Err error // of the stream, but for its end
	r   io.Reader
	eof bool
}

const windowSize = 64 << 10

// NewWindow returns a window on a stream.
func NewWindow(r io.Reader) Window { return Window{r: r, Buf: make([]byte, 0, windowSize)} }

// WindowOf returns a window on bytes that are all there is.
func WindowOf(b []byte) Window { return Window{Buf: b, eof: true} }

// More reads on if need be and reports whether there is a byte at hand.
func (w *Window) More() bool { return w.Ahead(1) }

// Ahead makes sure that n bytes are at hand, and reports whether they are.
func (w *Window) Ahead(n int) bool {
	for w.Pos+n > len(w.Buf) {
		if w.eof {
			return false
		}
		var err error
		w.Buf, err = Fill(w.r, w.Buf, w.Pos)
		w.Pos = 0
		if w.eof = err != nil; w.eof && err != io.EOF {
			w.Err = err
		}
	}
	return true
}

// Peek returns the next byte, 0 at the end.
func (w *Window) Peek() byte {
	if !w.More() {
		return 0
	}
	return w.Buf[w.Pos]
}
