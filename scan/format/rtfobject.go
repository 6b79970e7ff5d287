package format

import (
	"errors"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rtf"
)

// rtfRead reads a document and hands on the files that are embedded in it.
func rtfRead(f *scan.File, w *grid.Writer, note func(scan.Note), aside func([]byte)) error {
	room := f.Scratch()
	defer room.Close()
	spans, err := rtf.Read(f.Bound(f.Reader()), w, room, note, aside)
	for i, s := range spans {
		if oerr := rtfObject(io.NewSectionReader(room, s.Off, s.Size), fmt.Sprintf("object %d", i+1), w.Out); oerr != nil {
			return errors.Join(err, oerr)
		}
	}
	return err
}

// rtfObject hands on one object in the form of OLE 1 (MS-OLEDS 2.2.4 and 2.2.5): a
// version, whether it is embedded, three names with their lengths, and its data.
func rtfObject(data *io.SectionReader, name string, out scan.Sink) error {
	const link, embedded = 1, 2
	var b [4]byte
	at := int64(4)
	number := func() int64 {
		if n, _ := data.ReadAt(b[:], at); n < len(b) {
			at = data.Size() + 1
			return 0
		}
		at += 4
		return int64(le32(b[:]))
	}
	kind := number()
	class := ""
	for i := range 3 {
		n := number()
		if i == 0 && n > 0 && n < 256 {
			text := make([]byte, n)
			_, _ = data.ReadAt(text, at) // of no use if it breaks off
			class = string(text[:n-1])
		}
		at += n
	}
	size := number()
	if kind == link && at <= data.Size()+1 {
		return nil
	}
	if kind != embedded || at+size > data.Size() {
		out.Problem(fmt.Errorf("object embedded in rtf: %w", scan.ErrMalformed))
		return nil
	}
	content := io.NewSectionReader(data, at, size)
	if class == "Package" { // its head lacks the size that stands before in a stream
		head := make([]byte, min(size, 4096)+4)
		_, _ = content.ReadAt(head[4:], 0)
		if label, from, n, ok := packaged(head, size+4); ok {
			if label != "" {
				name = label
			}
			content = io.NewSectionReader(content, from-4, n)
		}
	}
	return out.Member(scan.Member{Name: name, Size: content.Size(), At: content})
}
