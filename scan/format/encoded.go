package format

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/gabriel-vasile/mimetype"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/charset"
	"github.com/kagiban/kagiban/scan/format/internal/mailtext"
	"github.com/kagiban/kagiban/scan/format/internal/reach"
)

// Files that stand in text as base64: attachments of calendars and cards, parts of
// XML and JSON, data: links, whole files that were encoded.

const (
	// encodedLeast is how many characters make a run of base64: shorter ones are
	// words and identifiers.
	encodedLeast = 40
	// encodedOpaque is from how many bytes on what a run decodes to has to be
	// known: shorter ones are keys, sums and signatures.
	encodedOpaque = 4 << 10
	// encodedHead is how much of it is looked at.
	encodedHead = 3 << 10
)

// An encodedRun collects the characters of a text that may be base64.
type encodedRun struct {
	file *scan.File
	room scan.Scratch
	head []byte
	n    int64
	not  bool
}

func newEncodedRun(f *scan.File) *encodedRun { return &encodedRun{file: f} }

// add adds a piece of the run.
func (e *encodedRun) add(text []byte) error {
	if e.not || len(text) == 0 {
		return nil
	}
	for _, c := range text {
		if !base64Char(c) {
			e.not = true
			return nil
		}
	}
	e.n += int64(len(text))
	if e.room == nil && len(e.head)+len(text) <= encodedHead { // most runs are words
		e.head = append(e.head, text...)
		return nil
	}
	if e.room == nil {
		e.room = e.file.Scratch()
		if _, err := e.room.Write(e.head); err != nil {
			return err
		}
	}
	if len(e.head) < encodedHead {
		e.head = append(e.head, text[:min(len(text), encodedHead-len(e.head))]...)
	}
	_, err := e.room.Write(text)
	return err
}

// reset begins another run.
func (e *encodedRun) reset() {
	if e.room != nil {
		_ = e.room.Close() // nothing is lost
	}
	*e = encodedRun{file: e.file, head: e.head[:0]}
}

func base64Char(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '=' || c == '\r' || c == '\n' || c == ' ' || c == '\t'
}

// hand hands out what the run decodes to, if that is text or of a known form. What
// is neither, and too long for a key, is a problem.
func (e *encodedRun) hand(name string, out scan.Sink) error {
	defer e.reset()
	if e.not || e.n < encodedLeast {
		return nil
	}
	if skip, ok := hexRun(e.head); ok && e.n >= hexLeast {
		return e.handHex(name, skip, out)
	}
	if fewKinds(e.head) {
		return nil
	}
	head, err := io.ReadAll(io.LimitReader(mailtext.NewBase64(bytes.NewReader(e.head)), encodedHead))
	if err != nil || len(head) == 0 {
		return nil
	}
	skip := int64(0)
	if isMashup(head) {
		skip = 8
		head = head[8:]
	}
	if ruleOf(mimetype.Detect(head).String()) != "" {
		return nil // a picture, a font
	}
	if !knownContent(head) && !reach.Listlike(head) { // a list behind something that is no text
		if e.n*3/4 >= encodedOpaque {
			out.Problem(fmt.Errorf("%d bytes in base64 of no known form: %w", e.n*3/4, scan.ErrUnsupported))
		}
		return nil
	}
	run := e.reader()
	return out.Member(scan.Member{Name: name, Size: -1, Open: func() (io.ReadCloser, error) {
		r := mailtext.NewBase64(run())
		if _, err := io.CopyN(io.Discard, r, skip); err != nil {
			return nil, err
		}
		return io.NopCloser(e.file.Bound(r)), nil
	}})
}

// reader opens the whole run again and again.
func (e *encodedRun) reader() func() io.Reader {
	if room := e.room; room != nil {
		return func() io.Reader { return io.NewSectionReader(room, 0, room.Size()) }
	}
	return func() io.Reader { return bytes.NewReader(e.head) }
}

// hexLeast is how many characters make a run of hexadecimal digits one of data: sums
// and keys have at most as many.
const hexLeast = 130

// hexRun reports whether a run is of hexadecimal digits, as dumps of databases write
// bytes: behind 0x, or behind x alone where a backslash stood before it.
func hexRun(run []byte) (skip int64, ok bool) {
	for _, prefix := range []string{"0x", "0X", "x", "X"} {
		if bytes.HasPrefix(run, []byte(prefix)) {
			skip, run = int64(len(prefix)), run[len(prefix):]
			break
		}
	}
	for _, c := range run {
		if !hexOrBlank(c) {
			return 0, false
		}
	}
	return skip, true
}

func hexOrBlank(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == '\r' || c == '\n' || c == ' ' || c == '\t'
}

// handHex hands out what a run of hexadecimal digits stands for, as hand does.
func (e *encodedRun) handHex(name string, skip int64, out scan.Sink) error {
	head, _ := io.ReadAll(io.LimitReader(hex.NewDecoder(solid{bytes.NewReader(e.head[skip:])}), encodedHead)) // it may end within a byte
	if len(head) == 0 || ruleOf(mimetype.Detect(head).String()) != "" || !knownContent(head) && !reach.Listlike(head) {
		return nil
	}
	run := e.reader()
	return out.Member(scan.Member{Name: name, Size: -1, Open: func() (io.ReadCloser, error) {
		r := run()
		if _, err := io.CopyN(io.Discard, r, skip); err != nil {
			return nil, err
		}
		return io.NopCloser(e.file.Bound(hex.NewDecoder(solid{r}))), nil
	}})
}

// solid leaves out blanks and ends of lines.
type solid struct{ io.Reader }

func (s solid) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	kept := p[:0]
	for _, c := range p[:n] {
		if c > ' ' {
			kept = append(kept, c)
		}
	}
	return len(kept), err
}

// fewKinds reports whether a run is of few different characters: numbers in
// hexadecimal, sequences of genes, rows of one letter.
func fewKinds(run []byte) bool {
	const least = 20
	var seen [256]bool
	n := 0
	for _, c := range run {
		if !seen[c] {
			seen[c] = true
			n++
		}
	}
	return n < least && n < len(run)/2
}

// isMashup reports whether data is that of Power Query (MS-QDEFF 2.2): a version
// of 0, a length and a package.
func isMashup(head []byte) bool {
	return len(head) > 12 && string(head[:4]) == "\x00\x00\x00\x00" && string(head[8:12]) == "PK\x03\x04"
}

// knownContent reports whether bytes begin a file of a known form, or text.
func knownContent(head []byte) bool {
	if mime := mimetype.Detect(head); !mime.Is("application/octet-stream") && !mime.Is("text/plain") {
		return true
	}
	c, _ := charset.Detect(head)
	if c == charset.Binary || len(head) < 16 {
		return false
	}
	for _, b := range head { // random bytes pass for text of some encoding when they are few
		if b < ' ' && b != '\t' && b != '\r' && b != '\n' && b != 0x1B {
			return false
		}
	}
	return true
}
