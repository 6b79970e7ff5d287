package format

import (
	"archive/zip"
	"context"
	"io"
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// iworkHint is the entry that holds the hint for a password.
const iworkHint = ".iwph"

// iworkSeen is how many entries are looked at.
const iworkSeen = 32

// iworkSealed recognises a document of Pages, Numbers or Keynote with a password:
// its entries are encrypted one by one, without zip knowing, beside the hint and
// previews. There is no published specification; what is not encrypted is no part of
// such a document.
func iworkSealed(ctx context.Context, f *scan.File, d *zipDirectory) bool {
	seen, plain := 0, false
	err := d.each(ctx, func(_ int, e *zip.File) error {
		base := path.Base(e.Name)
		switch {
		case strings.HasSuffix(e.Name, "/"), e.CompressedSize64 == 0, base == iworkHint, strings.HasSuffix(base, ".plist"), strings.HasPrefix(base, "preview") && strings.HasSuffix(base, ".jpg"):
			return nil
		}
		if seen++; seen <= iworkSeen {
			plain = plain || e.Method != zip.Store || !scrambled(entryHead(f, e))
		}
		return nil
	})
	return err == nil && seen > 0 && !plain
}

// entryHead reads the first bytes of the data of an entry as they are stored.
func entryHead(f *scan.File, e *zip.File) []byte {
	off, err := e.DataOffset()
	if err != nil {
		return nil
	}
	head := make([]byte, min(e.CompressedSize64, 512))
	n, err := f.ReadExactly(head, off)
	if err != nil && err != io.EOF {
		return nil
	}
	return head[:n]
}
