package format

import (
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
)

// What a compound file holds besides what its format reads. Programs add streams of
// their own, and leave in free sectors what was deleted.

// cfbLeftovers accounts for the streams that nobody has read, and for the bytes of no
// stream (MS-CFB 2.2). Those are searched for text, as streams that belong to the
// format are; that they are there is nothing to report, since every program leaves
// some. A stream that nobody knows goes back to the engine.
func cfbLeftovers(c *compound, out scan.Sink) error {
	w := grid.New(c.file, out)
	for _, e := range c.entries {
		if e.Dir || e.Size == 0 || c.touched[e] || e.Size > c.file.Size() {
			continue
		}
		var err error
		switch path := c.path(e); {
		case cfbPictures(c, e):
		case cfbHousehold(path):
			w.Table = "!stream " + e.Name
			err = rawtext.Scan(c.file.Bound(c.open(e)), w, rawtext.All)
		default:
			err = out.Member(scan.Member{Name: scan.RestName + path, Size: e.Size, Open: func() (io.ReadCloser, error) {
				return io.NopCloser(c.file.Bound(c.open(e))), nil
			}})
		}
		if err != nil {
			return err
		}
	}
	return cfbSpare(c, out)
}

// cfbTail is how much of free sectors programs leave at the end of a file.
const cfbTail = 8 << 10

// archiveAt reports whether a place of the file looks like the beginning of what
// somebody appended.
func archiveAt(f *scan.File, at int64) bool {
	b := make([]byte, min(f.Size()-at, 512))
	n, _ := f.ReadAt(b, at)
	return beginsArchive(f, b[:n], at) || strings.HasPrefix(string(b[:n]), "%PDF") || strings.HasPrefix(string(b[:n]), "\x1F\x8B")
}

// cfbSpare searches the bytes of no stream.
func cfbSpare(c *compound, out scan.Sink) error {
	end, err := c.cfb.End()
	if err != nil {
		return err
	}
	w := grid.New(c.file, out)
	w.Table = "!free sectors"
	if tail := c.file.Size() - end; tail > 0 && tail <= cfbTail && !archiveAt(c.file, end) {
		c.file.Claim(scan.UseRead, end, tail)
		if err := searchSpare(c.file, w, end, tail); err != nil {
			return err
		}
	}
	return c.cfb.Spare(end, func(off, size int64) error {
		return searchSpare(c.file, w, off, size)
	})
}

// sealedSpareMax is up to which size a protected file is looked at besides its index.
const sealedSpareMax = 1 << 20

// cfbSealedSpare leaves bytes of no stream of a small protected file to the engine, if
// they may hold a number: they are not encrypted.
func cfbSealedSpare(c *compound) error {
	if c.file.Size() > sealedSpareMax {
		return nil
	}
	end, err := c.cfb.End()
	if err != nil {
		return err
	}
	return c.cfb.Spare(end, func(off, size int64) error {
		b := make([]byte, size)
		if _, err := c.file.ReadAt(b, off); err != nil && err != io.EOF {
			return err
		}
		if holdsNumber(b) {
			c.file.Ledger().Unclaim(off, size)
		}
		return nil
	})
}

// cfbTouch says that a stream is read elsewhere.
func cfbTouch(c *compound, entries ...*cfb.Entry) {
	if c.touched == nil {
		c.touched = map[*cfb.Entry]bool{}
	}
	for _, e := range entries {
		c.touched[e] = true
	}
}

// cfbHousehold selects streams of which it is known what they hold: text as it is,
// or nothing of a user. Streams of Office (MS-DOC 2.1, MS-XLS 2.1.7, MS-PPT 2.1,
// MS-OVBA 2.2.1, MS-OSHARED 2.3.3, MS-OLEDS 2.3) and of messages (MS-OXMSG 2.2).
func cfbHousehold(path string) bool {
	if objectHousehold(path[strings.LastIndexByte(path, '/')+1:]) {
		return true
	}
	path = strings.ToLower(path)
	top, rest, nested := strings.Cut(path, "/")
	switch top {
	case "macros", "_vba_project_cur", "_vba_project", "vba", "_signatures", "_xmlsignatures", "msodatastore", "dataspaces", "objectpool",
		"_sx_db_cur", "_sx_db", "revision log", "user names", "pp97_dualstorage":
		return true
	case "worddocument", "0table", "1table", "data", "workbook", "book", "powerpoint document", "current user", "pictures", "ctls",
		"summaryinformation", "documentsummaryinformation", "encryptedsummary", "encryptioninfo", "encryptedpackage",
		"xcb", "header", "persistentstorage directory": // toolbars of Excel 97; PowerPoint 95 beside 97
		return !nested
	}
	if nested && (strings.HasPrefix(top, "__attach_version1.0_") || strings.HasPrefix(top, "__recip_version1.0_") || top == "__nameid_version1.0") {
		return !strings.Contains(rest, "/")
	}
	return !nested && strings.HasPrefix(path, "__")
}

// cfbPictures reports whether a stream is made of pictures and of nothing else, as
// those of presentations are (MS-ODRAW 2.2.23: a record after the other).
func cfbPictures(c *compound, e *cfb.Entry) bool {
	if !strings.EqualFold(e.Name, "Pictures") {
		return false
	}
	r, head, left := c.cfb.Reader(e), make([]byte, 8), e.Size
	for left > 0 {
		if _, err := io.ReadFull(r, head); err != nil {
			return false
		}
		kind, size := uint16(head[2])|uint16(head[3])<<8, int64(le32(head[4:]))
		if kind < 0xF01A || kind > 0xF02A || size > left-8 {
			return false
		}
		if _, err := io.CopyN(io.Discard, r, size); err != nil {
			return false
		}
		left -= 8 + size
	}
	return true
}
