package format

import (
	"bytes"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// A leftover is the text of a document that none of its readers shows: comments,
// scripts, attributes, what stands outside of cells and paragraphs. It goes back
// to the engine as a text of its own.
type leftover struct {
	file   *scan.File
	room   scan.Scratch
	digits int
	err    error
}

const (
	// leftoverDigits is how many digits a leftover needs to be looked at: one
	// number.
	leftoverDigits = 10
	// leftoverWord is how long a piece without a digit is to be kept, bytes.
	leftoverWord = 32
	leftoverName = "text that is not shown"
)

func newLeftover(f *scan.File) *leftover { return &leftover{file: f, room: f.Scratch()} }

// add keeps a piece of text, which ends a line.
func (l *leftover) add(text []byte) {
	if text = bytes.TrimSpace(text); l.err != nil || len(text) == 0 {
		return
	}
	ascii, digits := true, 0
	for _, c := range text {
		ascii = ascii && c < 0x80
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	if digits == 0 && len(text) < leftoverWord {
		return // furigana, settings
	}
	if !ascii {
		digits = len(text) // there are digits of other widths
	}
	l.digits += digits
	if _, l.err = l.room.Write(text); l.err == nil {
		_, l.err = l.room.Write([]byte("\n"))
	}
}

// hand hands out what was kept.
func (l *leftover) hand(out scan.Sink) error {
	defer l.room.Close()
	if l.err != nil || l.digits < leftoverDigits {
		return l.err
	}
	return out.Member(scan.Member{Name: leftoverName, Size: l.room.Size(), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(l.file.Bound(io.NewSectionReader(l.room, 0, l.room.Size()))), nil
	}})
}
