package format

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// pdfFormat is the portable document format (ISO 32000-2). The verdict comes from the
// encryption dictionary (section 7.6), which is never encrypted itself. The text
// is read in a worker.
func pdfFormat() scan.Format {
	return scan.Format{
		Name: "pdf", Version: 7, Open: openPdf, Isolated: unpackPdf,
		About: scan.About{Names: "pdf", Verdict: "yes", Content: scan.CoverageBest,
			Limits: "32 MiB of content a page; pages that are pictures, and fonts that do not tell their characters, are reported as not read"},
		Match: isPdf,
	}
}

// isPdf looks for the mark at the start or, as readers do (Annex I of PDF 1.7),
// in the first kilobyte; there a file that only speaks of it must not pass.
func isPdf(f *scan.File) bool {
	if hasPrefix(f, "%PDF-") {
		return true
	}
	if !bytes.Contains(f.Head[:min(len(f.Head), 1024)], []byte("%PDF-")) {
		return false
	}
	tail, err := pdfRead(f, max(0, f.Size()-pdfTail), pdfTail)
	return err == nil && bytes.Contains(tail, []byte("startxref"))
}

func openPdf(ctx context.Context, f *scan.File) (scan.Document, error) {
	opening, err := pdfVerdict(ctx, f)
	if err != nil {
		return nil, err
	}
	if err := pdfClaim(f); err != nil {
		return nil, err
	}
	return judged(opening.Protection), nil
}

// pdfClaim accounts for a file from its mark to the end of its last section
// (section 7.5.5). What stands before and behind is of no object.
func pdfClaim(f *scan.File) error {
	const end = "%%EOF"
	from := max(0, f.Size()-pdfTail)
	tail, err := pdfRead(f, from, pdfTail)
	if err != nil {
		return err
	}
	start := int64(max(0, bytes.Index(f.Head, []byte("%PDF-"))))
	to := f.Size() // without a mark at the end the table is the problem
	if at := bytes.LastIndex(tail, []byte(end)); at >= 0 {
		to = from + int64(at+len(end))
	}
	f.Claim(scan.UseRead, start, to-start)
	return nil
}

// pdfVerdict forms the verdict.
func pdfVerdict(ctx context.Context, f *scan.File) (pdfOpening, error) {
	open := pdfOpening{Protection: scan.Protection{Verdict: scan.VerdictNone}}
	trailer, err := pdfTrailer(f)
	if errors.Is(err, scan.ErrMalformed) {
		trailer, err = pdfLastTrailer(f, err) // readers find the objects without the table
	}
	if err != nil {
		return open, err
	}
	entry, ok := trailer["Encrypt"]
	if !ok {
		return open, nil
	}
	dict, direct := entry.(pdfDict)
	if ref, is := entry.(pdfRef); is {
		if dict, err = pdfEncryption(ctx, f, ref); err != nil {
			return open, err
		}
	} else if !direct {
		return open, malformed("pdf: entry Encrypt")
	}
	followed, err := pdfResolve(ctx, f, dict, 0)
	if err != nil {
		return open, err
	}
	if ref, is := trailer["ID"].(pdfRef); is {
		followed = true
		trailer["ID"] = nil // a file without one opens too
		_ = pdfObject(ctx, f, ref, func(v any) bool { trailer["ID"] = v; return v != nil })
	}
	open, err = pdfProtection(dict, trailer)
	open.direct = direct || followed
	if err == nil && open.Verdict.Closed() && pdfTextInClear(f) {
		return pdfOpening{}, unsupported("pdf: it says that it is encrypted, and text stands in it that is not")
	}
	return open, err
}

// pdfLastTrailer finds the trailer of a file whose cross-reference is damaged:
// it stands at the end, between its keyword and the place of the table. Where
// the end is missing, so may be what encrypts the file.
func pdfLastTrailer(f *scan.File, damage error) (pdfDict, error) {
	tail, err := pdfRead(f, max(0, f.Size()-pdfTail), pdfTail)
	if err != nil {
		return nil, err
	}
	at := bytes.LastIndex(tail, []byte("trailer"))
	if at < 0 || !bytes.Contains(tail[at:], []byte("startxref")) || !bytes.Contains(tail[at:], []byte("%%EOF")) {
		return nil, damage
	}
	p := &pdfParser{data: tail[at+len("trailer"):]}
	dict, ok := p.value(0).(pdfDict)
	if !ok || dict["Root"] == nil {
		return nil, damage
	}
	return dict, nil
}

const (
	pdfTail   = 8 << 10   // in which the end of the file is looked for
	pdfDictAt = 256 << 10 // bytes read for one dictionary
	pdfTable  = 32 << 20  // bytes of a cross-reference table
)

// pdfTrailer reads the dictionary of the last cross-reference section (sections
// 7.5.5 and 7.5.8). An update has to repeat Encrypt, so one is enough.
func pdfTrailer(f *scan.File) (pdfDict, error) {
	tail, err := pdfRead(f, max(0, f.Size()-pdfTail), pdfTail)
	if err != nil {
		return nil, err
	}
	at := bytes.LastIndex(tail, []byte("startxref"))
	if at < 0 {
		return nil, malformed("pdf: file breaks off")
	}
	p := &pdfParser{data: tail[at+len("startxref"):]}
	off, ok := p.value(0).(int64)
	if !ok || off < 0 {
		return nil, malformed("pdf: place of the cross-reference")
	}
	off += int64(max(0, bytes.Index(f.Head, []byte("%PDF-")))) // something may stand before the mark
	section, err := pdfRead(f, off, 64)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(bytes.TrimLeft(section, pdfSpace), []byte("xref")) {
		if off, err = pdfFind(f, off, off+pdfTable, []byte("trailer")); err != nil {
			return nil, err
		}
		off += int64(len("trailer"))
	}
	text, err := pdfRead(f, off, pdfDictAt)
	if err != nil {
		return nil, err
	}
	start := bytes.Index(text[:min(len(text), 128)], []byte("<<"))
	if start < 0 {
		return nil, malformed("pdf: no trailer")
	}
	p = &pdfParser{data: text[start:]}
	dict, ok := p.value(0).(pdfDict)
	if !ok || dict["Root"] == nil {
		return nil, malformed("pdf: no trailer")
	}
	return dict, nil
}

func pdfRead(f *scan.File, off int64, n int) ([]byte, error) {
	if off < 0 || off >= f.Size() {
		return nil, malformed("pdf: place outside of the file")
	}
	b := make([]byte, min(int64(n), f.Size()-off))
	if _, err := f.ReadAt(b, off); err != nil && err != io.EOF {
		return nil, err
	}
	return b, nil
}

// pdfFind returns where some text stands between two places.
func pdfFind(f *scan.File, from, to int64, text []byte) (int64, error) {
	const stride = 64 << 10
	for off := from; off < min(to, f.Size()); off += stride {
		b, err := pdfRead(f, off, stride+len(text))
		if err != nil {
			return 0, err
		}
		if i := bytes.Index(b, text); i >= 0 {
			return off + int64(i), nil
		}
	}
	return 0, malformed("pdf: no %s", text)
}

// pdfEncryption finds the encryption dictionary by its object number, from the
// end of the file: the latest counts, and the tables that lead there may be
// packed or wrong.
func pdfEncryption(ctx context.Context, f *scan.File, ref pdfRef) (pdfDict, error) {
	var found pdfDict
	err := pdfObject(ctx, f, ref, func(v any) bool {
		dict, ok := v.(pdfDict)
		if ok = ok && dict["Filter"] != nil; ok {
			found = dict
		}
		return ok
	})
	return found, err
}

// pdfResolve follows the references among the values of the encryption dictionary
// and those in it, and reports whether there were some.
func pdfResolve(ctx context.Context, f *scan.File, dict pdfDict, depth int) (followed bool, err error) {
	const deep = 3 // the filters by name, and what each is
	for key, v := range dict {
		if ref, ok := v.(pdfRef); ok {
			followed = true
			err := pdfObject(ctx, f, ref, func(found any) bool {
				v, dict[key] = found, found
				return found != nil
			})
			if err != nil {
				return true, err
			}
		}
		if inner, ok := v.(pdfDict); ok && depth < deep {
			in, err := pdfResolve(ctx, f, inner, depth+1)
			if followed = followed || in; err != nil {
				return followed, err
			}
		}
	}
	return followed, nil
}

// pdfObject finds an object by its number, from the end of the file, for which is
// holds.
func pdfObject(ctx context.Context, f *scan.File, ref pdfRef, is func(any) bool) error {
	const stride, overlap = 256 << 10, 4 << 10
	mark, err := regexp.Compile(fmt.Sprintf(`(?:^|[\x00\t\n\f\r ])%d[\x00\t\n\f\r ]+%d[\x00\t\n\f\r ]+obj`, ref.number, ref.generation))
	if err != nil {
		return err
	}
	for end := f.Size(); end > 0; end -= stride {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		start := max(0, end-stride)
		b, err := pdfRead(f, start, int(end-start)+overlap)
		if err != nil {
			return err
		}
		found := mark.FindAllIndex(b, -1)
		for i, end := len(found)-1, len(b); i >= 0; i, end = i-1, found[i][0] {
			p := &pdfParser{data: b[found[i][1]:end]} // an object ends where the next one begins
			if is(p.value(0)) {
				return nil
			}
		}
	}
	return malformed("pdf: object %d is missing", ref.number)
}

const pdfSpace = "\x00\t\n\f\r "

type (
	pdfDict map[string]any // of int64, bool, string, pdfName, pdfRef, pdfDict, []any or nil
	pdfName string
	pdfRef  struct{ number, generation int64 }
)

// A pdfParser reads objects (section 7.3) as far as dictionaries of trailers
// and encryption need them. What it cannot read is nil.
type pdfParser struct {
	data []byte
}

func (p *pdfParser) token() string {
	p.data = bytes.TrimLeft(p.data, pdfSpace)
	for len(p.data) > 0 && p.data[0] == '%' { // a comment
		_, rest, _ := bytes.Cut(p.data, []byte("\n"))
		p.data = bytes.TrimLeft(rest, pdfSpace)
	}
	n := 0
	switch {
	case bytes.HasPrefix(p.data, []byte("<<")), bytes.HasPrefix(p.data, []byte(">>")):
		n = 2
	case len(p.data) > 0 && strings.IndexByte("()<>[]{}", p.data[0]) >= 0:
		n = 1
	default:
		n = bytes.IndexAny(p.data[min(1, len(p.data)):], pdfSpace+"()<>[]{}/%")
		if n < 0 {
			n = len(p.data)
		} else {
			n++
		}
	}
	t := string(p.data[:n])
	p.data = p.data[n:]
	return t
}

// value reads one object.
func (p *pdfParser) value(depth int) any {
	const deep = 8
	t := p.token()
	switch {
	case depth > deep || t == "":
		p.data = nil
		return nil
	case t == "<<":
		dict := pdfDict{}
		for {
			key := p.token()
			if !strings.HasPrefix(key, "/") {
				return dict
			}
			dict[pdfNamed(key)] = p.value(depth + 1)
		}
	case t == "[":
		list := []any{}
		for p.data = bytes.TrimLeft(p.data, pdfSpace); len(p.data) > 0 && p.data[0] != ']'; p.data = bytes.TrimLeft(p.data, pdfSpace) {
			list = append(list, p.value(depth+1))
		}
		p.token()
		return list
	case t == "(":
		return p.literal()
	case t == "<":
		return p.hex()
	case t[0] == '/':
		return pdfName(pdfNamed(t))
	case t == "true", t == "false":
		return t == "true"
	}
	n, err := strconv.ParseInt(t, 10, 64)
	if err != nil {
		return nil
	}
	ahead := &pdfParser{data: p.data[:min(len(p.data), 64)]}
	before := len(ahead.data)
	if g, err := strconv.ParseInt(ahead.token(), 10, 32); err == nil && ahead.token() == "R" {
		p.data = p.data[before-len(ahead.data):]
		return pdfRef{n, g}
	}
	return n
}

// pdfNamed decodes a name with its #xx.
func pdfNamed(token string) string {
	parts := strings.Split(token[1:], "#")
	for i, part := range parts[1:] {
		if n, err := strconv.ParseUint(part[:min(2, len(part))], 16, 8); err == nil && len(part) >= 2 {
			parts[i+1] = string([]byte{byte(n)}) + part[2:]
		}
	}
	return strings.Join(parts, "")
}
