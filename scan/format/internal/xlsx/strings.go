package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// readStrings fills the table from a sharedStrings part (ECMA-376 part 1, section 18.4).
func (b *Workbook) readStrings(r io.Reader, maxCell int, out scan.Sink) error {
	t := xmltok.New(xmltok.Decode(r))
	var buf []byte
	text := textRun{max: maxCell, out: out}
	for {
		kind, err := t.Next()
		if err == io.EOF {
			b.spoken = text.spoken
			return nil
		}
		if err != nil {
			return fmt.Errorf("shared strings: %w", err)
		}
		if kind == xmltok.Start && string(t.Name()) == "si" {
			buf = buf[:0]
			if short, ok := t.Leaf("t"); ok && len(short) <= maxCell {
				if t.Closes("si") {
					if err := b.strings.Add(xstring(short)); err != nil {
						return fmt.Errorf("shared strings: %w", err)
					}
					continue
				}
				buf = append(buf, short...)
			}
			continue
		}
		buf = text.token(buf, kind, t)
		if kind == xmltok.End && string(t.Name()) == "si" {
			if err := b.strings.Add(xstring(buf)); err != nil {
				return fmt.Errorf("shared strings: %w", err)
			}
		}
	}
}

// xstring resolves the escapes of ST_Xstring (ECMA-376 part 1, section
// 22.9.2.19): _x000D_ is a character by its number. It works in place, since
// what it makes is shorter.
func xstring(text []byte) []byte {
	at := bytes.Index(text, []byte("_x"))
	if at < 0 {
		return text
	}
	out := text[:at]
	for rest := text[at:]; len(rest) > 0; {
		if len(rest) >= 7 && rest[0] == '_' && rest[1] == 'x' && rest[6] == '_' {
			if n, err := strconv.ParseUint(string(rest[2:6]), 16, 16); err == nil {
				out, rest = utf8.AppendRune(out, rune(n)), rest[7:]
				continue
			}
		}
		out, rest = append(out, rest[0]), rest[1:]
	}
	return out
}

// A textRun joins the t elements of a string or a cell: rich text runs become
// one text, furigana (rPh) is left out.
type textRun struct {
	inside   bool // a t
	phonetic bool // an rPh
	from     int  // where the text begins in dst
	max      int  // bytes of one text
	out      scan.Sink
	cut      bool   // was reported
	spoken   []byte // furigana that may hold a number
}

// token takes one token and appends what is text to dst.
func (x *textRun) token(dst []byte, kind xmltok.Kind, t *xmltok.Tokenizer) []byte {
	switch kind {
	case xmltok.Text:
		if x.inside && !x.phonetic {
			return x.add(dst, t)
		}
		if from := len(x.spoken); x.inside && from < otherKept {
			if x.spoken = append(t.AppendText(x.spoken), '\n'); !mayHoldNumber(x.spoken[from:]) {
				x.spoken = x.spoken[:from]
			}
		}
	case xmltok.Start:
		switch string(t.Name()) {
		case "t":
			x.inside = true
		case "rPh":
			x.phonetic = true
		}
	case xmltok.End:
		switch string(t.Name()) {
		case "t":
			x.inside = false
		case "rPh":
			x.phonetic = false
		}
	}
	return dst
}

func (x *textRun) add(dst []byte, t *xmltok.Tokenizer) []byte {
	if len(dst)-x.from > x.max {
		if !x.cut {
			x.cut = true
			x.out.Problem(&scan.LimitError{Limit: "cell"})
		}
		return dst
	}
	return t.AppendText(dst)
}
