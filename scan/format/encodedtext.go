package format

import (
	"bytes"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/mailtext"
)

// An encodedText passes text on as it is read and looks for what stands in it in
// another form: runs of base64, data of uuencode, and, if asked, lines with escapes.
type encodedText struct {
	file *scan.File
	out  scan.Sink
	r    io.Reader
	err  error

	line   []byte // of the text, or a piece of a long one
	starts bool   // it is the start of a line
	run    *encodedRun
	open   bool // the run may go on in the next line
	length int  // characters of the run in the present line
	found  int
	uu     scan.Scratch // the data of uuencode
	escape *lineEscapes
}

const (
	encodedLine  = 64 << 10 // bytes of a line that are looked at together
	encodedFound = 1000     // runs that are handed out of one text
)

// newEncodedText watches the text of a file. Escapes are of interest in text that
// no other format decodes.
func newEncodedText(f *scan.File, out scan.Sink, r io.Reader, escapes bool) *encodedText {
	e := &encodedText{file: f, out: out, r: r, run: newEncodedRun(f), starts: true}
	if escapes {
		e.escape = &lineEscapes{rest: newLeftover(f)}
	}
	return e
}

// Read implements io.Reader.
func (e *encodedText) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	for b := p[:n]; len(b) > 0 && e.err == nil; {
		if len(e.line) == 0 && e.starts && !e.open && e.uu == nil {
			b = b[e.quiet(b):]
		}
		i := bytes.IndexByte(b, '\n')
		room := encodedLine - len(e.line)
		k := min(len(b), room)
		whole := i >= 0 && i < room
		if whole {
			k = i + 1
		}
		if len(e.line) == 0 && (whole || k == encodedLine) { // no copy
			e.err = e.look(b[:k], whole)
		} else if e.line = append(e.line, b[:k]...); whole || len(e.line) == encodedLine {
			e.err = e.look(e.line, whole)
			e.line = e.line[:0]
		}
		b = b[k:]
	}
	if e.err != nil {
		return n, e.err
	}
	return n, err
}

// quiet returns how much of a text, in whole lines, holds nothing of interest at
// first sight: this is the case of almost all text. It looks at no line twice, so
// that what many lines of interest cost does not grow with their distance.
func (e *encodedText) quiet(b []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 || e.loud(b[at:at+i]) {
			return at
		}
		at += i + 1
	}
}

// loud reports whether a line may hold encoded text.
func (e *encodedText) loud(line []byte) bool {
	return announcesUU(line) || e.escape != nil && bytes.ContainsAny(line, escapeMarks) || holdsRun(line)
}

// announcesUU reports whether a line begins as what uuencode writes does.
func announcesUU(line []byte) bool {
	return bytes.Contains(line[:min(len(line), 8)], []byte("begin"))
}

// holdsRun reports whether a line has a run that is long enough to be base64.
func holdsRun(line []byte) bool {
	for j := encodedLeast - 1; j < len(line); j += encodedLeast {
		if !runChar(line[j]) {
			continue
		}
		from, to := j, j+1
		for from > 0 && runChar(line[from-1]) {
			from--
		}
		for to < len(line) && to-from < encodedLeast && runChar(line[to]) {
			to++
		}
		if to-from >= encodedLeast {
			return true
		}
		j = to - 1
	}
	return false
}

// end looks at what is left at the end of the text.
func (e *encodedText) end() error {
	if e.err == nil && len(e.line) > 0 {
		e.err = e.look(e.line, true)
	}
	if e.err == nil {
		e.err = e.close()
	}
	if e.err == nil && e.uu != nil {
		e.err = e.endUU()
	}
	if e.err == nil && e.escape != nil {
		e.err = e.escape.rest.hand(e.out)
	}
	return e.err
}

// look goes over a line, or a piece of one. Whole says that the line ends with it.
func (e *encodedText) look(line []byte, whole bool) error {
	starts := e.starts
	e.starts = whole
	if e.escape != nil {
		e.escape.look(line)
	}
	if e.uu != nil {
		return e.lookUU(line)
	}
	if starts && announcesUU(line) {
		if _, _, ok := mailtext.Begin(bytes.TrimRight(line, "\r\n")); ok {
			e.uu = e.file.Scratch()
			return e.lookUU(line)
		}
	}
	at := 0
	if e.open {
		n, err := e.goOn(line, starts)
		if err != nil || e.open {
			return err
		}
		at = n
	}
	for j := at + encodedLeast - 1; j < len(line); j += encodedLeast { // no run has room between
		if !runChar(line[j]) {
			continue
		}
		from := j
		for from > at && runChar(line[from-1]) {
			from--
		}
		to, err := e.take(line, from)
		if err != nil {
			return err
		}
		if to < len(bytes.TrimRight(line, "\r\n")) {
			if err := e.close(); err != nil {
				return err
			}
		} else if e.open = e.length >= encodedLeast; !e.open {
			e.run.reset()
		}
		at, j = to, to-1
	}
	return nil
}

// goOn goes on with a run in the next line. It ends where a line is not all of it.
func (e *encodedText) goOn(line []byte, starts bool) (int, error) {
	from := 0
	if starts {
		e.length = 0
		if len(line) > 1 && (line[0] == ' ' || line[0] == '\t') { // a folded line
			from = 1
		}
		text := bytes.TrimRight(line[from:], "\r\n \t\"',;)>]}")
		for _, c := range text {
			if !runChar(c) && c != '\\' {
				return 0, e.close()
			}
		}
		if len(text) == 0 {
			return 0, e.close()
		}
	}
	to, err := e.take(line, from)
	if err != nil {
		return to, err
	}
	if to < len(bytes.TrimRight(line, "\r\n")) || starts && e.length < encodedLeast {
		return to, e.close()
	}
	return to, nil
}

// take adds characters of a run, and returns where they end. JSON has line ends
// and slashes in it as escapes.
func (e *encodedText) take(line []byte, from int) (int, error) {
	i := from
	for i < len(line) {
		to := i
		for to < len(line) && runChar(line[to]) {
			to++
		}
		e.length += to - i
		if err := e.run.add(line[i:to]); err != nil {
			return to, err
		}
		i = to
		if i+1 >= len(line) || line[i] != '\\' || bytes.IndexByte([]byte("nr/"), line[i+1]) < 0 {
			break
		}
		if line[i+1] == '/' {
			if err := e.run.add([]byte{'/'}); err != nil {
				return i, err
			}
		}
		i += 2
	}
	return i, nil
}

// close ends the run and hands out what it is.
func (e *encodedText) close() error {
	e.open, e.length = false, 0
	if e.run.n >= encodedLeast {
		if e.found++; e.found > encodedFound {
			e.run.reset()
			return nil
		}
	}
	return e.run.hand("data in text", e.out)
}

// lookUU keeps the lines of uuencode up to the last.
func (e *encodedText) lookUU(line []byte) error {
	if _, err := e.uu.Write(line); err != nil {
		return err
	}
	switch string(bytes.TrimRight(line, "\r\n")) {
	case "end", "Xend", "====", "X====":
		return e.endUU()
	}
	return nil
}

func (e *encodedText) endUU() error {
	room := e.uu
	e.uu = nil
	defer room.Close()
	return e.out.Member(scan.Member{Name: "data in text", Size: -1, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(e.file.Bound(mailtext.NewUU(io.NewSectionReader(room, 0, room.Size())))), nil
	}})
}

func runChar(c byte) bool { return runChars[c] }

var runChars = func() (set [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") {
		set[c] = true
	}
	return set
}()

// A lineEscapes looks for lines of text whose characters are written as escapes.
type lineEscapes struct{ rest *leftover }

// escapeMarks begin an escape.
const escapeMarks = `%=&\+`

// escapesLeast is how many escapes make a line one of them.
const escapesLeast = 3

// look keeps a line as it is without its escapes.
func (l *lineEscapes) look(line []byte) {
	for _, mark := range []byte(escapeMarks) {
		if bytes.Count(line, []byte{mark}) < escapesLeast && mark != '+' || bytes.IndexByte(line, mark) < 0 {
			continue
		}
		text, n := mailtext.Unescape(line, mark)
		if n < escapesLeast && (mark != '+' || n == 0) || !asText(text) {
			continue // what becomes no text were no escapes
		}
		l.rest.add(text)
		return
	}
}
