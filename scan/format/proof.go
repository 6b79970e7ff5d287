package format

import (
	"bytes"
	"io"
	"regexp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/charset"
	"github.com/kagiban/kagiban/scan/format/internal/reach"
)

// "Protected" must be proven as "open" must. A magic line, a flag or an entry in a
// manifest says what somebody meant; what is encrypted looks like chance.

// scrambled reports whether bytes look like encrypted or compressed ones. Of
// chance, every ninth byte is a control and every second one is beyond ASCII. Of
// 64 bytes of chance one sample in two hundred fails, of 512 none; no text of any
// encoding passes, since text holds no controls.
func scrambled(b []byte) bool {
	controls, high, digits, zeros := 0, 0, 0, 0
	for _, c := range b {
		switch {
		case c >= 0x80:
			high++
		case c == 0:
			zeros++
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r', c == 0x7F:
			controls++
		case c >= '0' && c <= '9':
			digits++
		}
	}
	n := len(b)
	if zeros*16 > n { // text of two bytes a character, or padding
		return false
	}
	if n < 64 { // too little to count
		return controls > 0 && digits < 10 && !asText(b)
	}
	return controls*40 >= n && high*5 >= n && high*5 <= 4*n && digits*8 <= n
}

// listIn reports whether a field for something else holds a list; one number in a
// name makes none.
func listIn(field []byte) bool { return len(field) > 64 && reach.Listlike(field) }

// asText reports whether bytes read as text.
func asText(b []byte) bool {
	c, _ := charset.Detect(b)
	return c != charset.Binary
}

// scrambledFrom looks at samples of a file from some place to its end.
func scrambledFrom(r io.ReaderAt, from, size int64) bool {
	const samples, sample = 8, 512
	if from >= size {
		return false
	}
	buf := make([]byte, sample)
	at := func(off int64) bool {
		n, err := r.ReadAt(buf[:min(sample, size-off)], off)
		return (err == nil || err == io.EOF) && n > 0 && scrambled(buf[:n])
	}
	step := max((size-from)/samples, sample)
	for off := from; size-off >= 64 || off == from; off += step {
		if !at(off) {
			return false
		}
	}
	return size-from < 2*sample || at(size-sample)
}

// ageHeader reads the header of an age file (age-encryption.org/v1, "The age file
// format"): stanzas, each with a body in base64, then the line of the sum. It
// returns where the payload begins and the type of the first stanza; 0 if that is
// no header.
func ageHeader(b []byte) (payload int, recipient string) {
	const magic = "age-encryption.org/v1\n"
	rest, ok := bytes.CutPrefix(b, []byte(magic))
	if !ok {
		return 0, ""
	}
	body := false // a body is due: lines of 64 characters, then a shorter one
	for {
		line, next, found := bytes.Cut(rest, []byte("\n"))
		if !found {
			return 0, ""
		}
		switch sum, isSum := bytes.CutPrefix(line, []byte("--- ")); {
		case body:
			if len(line) > 64 || !base64Line(line) {
				return 0, ""
			}
			body = len(line) == 64
		case isSum:
			if recipient == "" || len(sum) != 43 || !base64Line(sum) {
				return 0, ""
			}
			return len(b) - len(next), recipient
		default:
			stanza, ok := bytes.CutPrefix(line, []byte("-> "))
			kind, _, _ := bytes.Cut(stanza, []byte(" "))
			if !ok || len(kind) == 0 {
				return 0, ""
			}
			if recipient == "" {
				recipient = string(kind)
			}
			body = true
		}
		rest = next
	}
}

// pdfShowsText is an operator that shows text, with all that leads to it in clear: no
// encrypted or compressed data has so many printable characters in a row.
var pdfShowsText = regexp.MustCompile(`BT[ \r\n][\t\r\n -~]{4,1000}?[)\]>][ \r\n]*T[jJ][ \r\n]`)

// pdfTextInClear looks for such text at the beginning and the end of a file.
func pdfTextInClear(f *scan.File) bool {
	const looked = 256 << 10
	for _, at := range []int64{0, max(f.Size()-looked, 0)} {
		b, err := pdfRead(f, at, looked)
		if err == nil && pdfShowsText.Match(b) {
			return true
		}
	}
	return false
}

func base64Line(line []byte) bool {
	for _, c := range line {
		if !(c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/') {
			return false
		}
	}
	return true
}

// headOfAll reads the first bytes of a file, more than f.Head holds.
func headOfAll(f *scan.File, most int64) []byte {
	b := make([]byte, min(most, f.Size()))
	n, err := f.ReadAt(b, 0)
	if err != nil && err != io.EOF {
		return nil
	}
	return b[:n]
}
