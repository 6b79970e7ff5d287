package format

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// pdfPlainly returns the file as the library can read it. The library takes an
// encryption dictionary only as an object of its own, whose values are no references
// and whose length of the key is right; others it refuses, or reads as if nothing
// were encrypted. An update behind the file (ISO 32000-2, section 7.5.6) says it so.
func pdfPlainly(f *scan.File, o pdfOpening) io.ReadSeeker {
	length, ok := o.dict["Length"].(int64)
	if o.dict == nil || !o.direct && (o.bits == 0 || ok && length == o.bits || !ok && o.bits == 40) {
		return f.Reader()
	}
	tail, err := pdfRead(f, max(0, f.Size()-pdfTail), pdfTail)
	if err != nil {
		return f.Reader()
	}
	at := bytes.LastIndex(tail, []byte("startxref"))
	if at < 0 {
		return f.Reader() // the library searches for the objects
	}
	before, ok := (&pdfParser{data: tail[at+len("startxref"):]}).value(0).(int64)
	if !ok {
		return f.Reader()
	}
	update := pdfUpdate(o, f.Size(), before)
	return io.NewSectionReader(pdfJoined{f, update}, 0, f.Size()+int64(len(update)))
}

// pdfUpdate is the text of an update that begins at a place of the file.
func pdfUpdate(o pdfOpening, size, before int64) []byte {
	dict := maps.Clone(o.dict)
	if v, _ := dict["V"].(int64); o.bits > 0 && v < 5 {
		dict["Length"] = o.bits
	}
	number, ok := o.trailer["Encrypt"].(pdfRef)
	objects, _ := o.trailer["Size"].(int64)
	if !ok {
		number = pdfRef{objects, 0}
	}
	trailer := pdfDict{"Prev": before, "Encrypt": number, "Size": max(objects, number.number+1)}
	for _, key := range []string{"Root", "Info", "ID"} {
		if v := o.trailer[key]; v != nil {
			trailer[key] = v
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "\n%d %d obj\n", number.number, number.generation)
	start := size + 1
	pdfWrite(&b, dict)
	b.WriteString("\nendobj\n")
	table := size + int64(b.Len())
	fmt.Fprintf(&b, "xref\n%d 1\n%010d %05d n \ntrailer\n", number.number, start, number.generation)
	pdfWrite(&b, trailer)
	fmt.Fprintf(&b, "\nstartxref\n%d\n%%%%EOF\n", table)
	return b.Bytes()
}

// pdfWrite writes a value as pdfParser reads it.
func pdfWrite(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case pdfDict:
		b.WriteString("<<")
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if v[key] != nil {
				pdfWrite(b, pdfName(key))
				b.WriteByte(' ')
				pdfWrite(b, v[key])
			}
		}
		b.WriteString(">>")
	case []any:
		b.WriteByte('[')
		for _, item := range v {
			pdfWrite(b, item)
			b.WriteByte(' ')
		}
		b.WriteByte(']')
	case pdfName:
		b.WriteByte('/')
		for _, c := range []byte(v) {
			if c <= ' ' || c > '~' || strings.IndexByte("()<>[]{}/%#", c) >= 0 {
				fmt.Fprintf(b, "#%02X", c)
			} else {
				b.WriteByte(c)
			}
		}
	case pdfRef:
		fmt.Fprintf(b, "%d %d R", v.number, v.generation)
	case string:
		fmt.Fprintf(b, "<%x>", v)
	case nil:
		b.WriteString("null")
	default: // numbers and truth
		fmt.Fprint(b, v)
	}
}

// A pdfJoined is a file with an update behind it.
type pdfJoined struct {
	file   *scan.File
	update []byte
}

// ReadAt reads what lies before and behind the end of the file.
func (j pdfJoined) ReadAt(p []byte, off int64) (n int, err error) {
	if left := j.file.Size() - off; left > 0 {
		if n, err = j.file.ReadAt(p[:min(int64(len(p)), left)], off); n == len(p) || int64(n) < left {
			return n, err
		}
		off += int64(n)
	}
	m, err := bytes.NewReader(j.update).ReadAt(p[n:], off-j.file.Size())
	return n + m, err
}
