package format

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
	"github.com/kagiban/kagiban/scan/format/internal/codepage"
)

// What binary Office documents share beside the compound file itself: objects
// embedded in them, and the password of a Visual Basic project.

// objects hands on what is embedded in a document (MS-OLEDS 2.1): packages and
// plain files as members, workbooks to book, and the rest as a problem.
func (c *compound) objects(out scan.Sink, book func(name string, e *cfb.Entry) error) error {
	for _, e := range c.entries {
		name, ok := objectOf(e)
		if !ok || e.Dir {
			continue
		}
		var err error
		switch {
		case e.Name == "Package" || e.Name == "CONTENTS" || e.Name == "EmbeddedOdf" || e.Name == "package_stream":
			err = out.Member(scan.Member{Name: name, Size: e.Size, Open: func() (io.ReadCloser, error) {
				return io.NopCloser(c.file.Bound(c.open(e))), nil
			}})
		case e.Name == "Ole10Native":
			err = c.native(out, name, e)
		case isBookStream(e):
			err = book(name, e)
		case e.Name == "WordDocument" || e.Name == "PowerPoint Document" || e.Name == "EncryptedPackage":
			out.Problem(fmt.Errorf("embedded document (%s): %w", e.Name, scan.ErrUnsupported))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// objectOf names the embedded object that a stream belongs to.
func objectOf(e *cfb.Entry) (string, bool) {
	for i, dir := range e.Path {
		if strings.HasPrefix(dir, "MBD") || strings.HasPrefix(dir, "Object ") || i > 0 && e.Path[i-1] == "ObjectPool" {
			return strings.Join(e.Path, "/"), true
		}
	}
	return "", false
}

// native hands on a file that was put into a document as a package (MS-OLEDS
// 2.3.6; the layout of the data is that of the Packager program).
func (c *compound) native(out scan.Sink, name string, e *cfb.Entry) error {
	head := make([]byte, min(e.Size, 4096))
	n, err := io.ReadFull(c.open(e), head)
	if err != nil {
		out.Problem(fmt.Errorf("embedded file: %w", err))
		return nil
	}
	label, from, size, ok := packaged(head[:n], e.Size)
	if !ok { // no package: the data of some program
		from, size = 4, max(e.Size-4, 0)
	} else if label != "" {
		name = label
	}
	return out.Member(scan.Member{Name: name, Size: size, Open: func() (io.ReadCloser, error) {
		r := c.open(e)
		if _, err := io.CopyN(io.Discard, r, from); err != nil {
			return nil, err
		}
		return io.NopCloser(c.file.Bound(io.LimitReader(r, size))), nil
	}})
}

// packaged reads the head of a package: total size, type 2, label, path, 8
// bytes, path, size of the data.
func packaged(b []byte, total int64) (label string, from, size int64, ok bool) {
	if len(b) < 6 || b[4] != 2 || b[5] != 0 {
		return "", 0, 0, false
	}
	rest := b[6:]
	text, rest, ok1 := bytes.Cut(rest, []byte{0})
	_, rest, ok2 := bytes.Cut(rest, []byte{0})
	if !ok1 || !ok2 || len(rest) < 8 {
		return "", 0, 0, false
	}
	n := int64(le32(rest[4:]))
	at := int64(len(b)-len(rest)) + 8 + n
	if n < 0 || at+4 > int64(len(b)) {
		return "", 0, 0, false
	}
	size = int64(le32(b[at:]))
	if size > total-at-4 {
		return "", 0, 0, false
	}
	return string(codepage.New(codepage.Japanese).Append(nil, text)), at + 4, size, true
}

func le32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// vbaLocked tells whether a Visual Basic project has a password (MS-OVBA
// 2.3.1.16). The value is encrypted with its first byte as the seed; its length
// is then known without decrypting: one byte says that there is none.
func vbaLocked(c *compound, path string) bool {
	project, err := c.text(path, 1<<20)
	if err != nil {
		return false
	}
	return vbaPassword(project)
}

func vbaPassword(project []byte) bool {
	_, rest, found := bytes.Cut(project, []byte("DPB=\""))
	value, _, closed := bytes.Cut(rest, []byte("\""))
	raw, err := hex.DecodeString(string(value))
	if !found || !closed || err != nil || len(raw) == 0 {
		return false
	}
	ignored := int(raw[0]&6) / 2
	return len(raw)-3-ignored-4 > 1
}
