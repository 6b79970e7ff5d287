package jsontext

import (
	"bufio"
	"bytes"
	"io"

	"github.com/kagiban/kagiban/scan/format/internal/records"
	"github.com/kagiban/kagiban/scan/format/internal/refill"
)

// ReadLog hands the lines of a log to a builder: the value at the end of a line as
// a record, and what stands before it as a line. A line that is longer than most is
// read in pieces.
func ReadLog(text io.Reader, most int, b *records.Builder) (cut bool, err error) {
	in := bufio.NewReaderSize(text, 64<<10)
	var line []byte
	for {
		piece, err := in.ReadSlice('\n')
		line = append(line, piece...)
		if err == bufio.ErrBufferFull && len(line) < most {
			continue
		}
		cut = cut || err == bufio.ErrBufferFull
		if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
			return cut, err
		}
		if e := logLine(bytes.TrimSpace(line), most, b); e != nil {
			return cut, e
		}
		line = line[:0]
		if err == io.EOF {
			return cut, b.End()
		}
	}
}

func logLine(line []byte, most int, b *records.Builder) error {
	if len(line) == 0 {
		return nil
	}
	i := parameters(line)
	if i < 0 {
		return b.Line(line)
	}
	if i > 0 {
		if err := b.Line(line[:i]); err != nil {
			return err
		}
	}
	call := line[i] == '('
	if call {
		line[i] = '{'
	}
	r := reader{s: &scanner{Window: refill.WindowOf(line[i:]), most: most, call: call}, b: b}
	if err := r.read(); err != nil {
		return err
	}
	for b.Depth() > 0 {
		if err := b.Close(); err != nil {
			return err
		}
	}
	return nil
}
