package format

import (
	"bytes"
	"context"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/charset"
	"github.com/kagiban/kagiban/scan/format/internal/dbf"
	"github.com/kagiban/kagiban/scan/format/internal/exchange"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/htmltab"
)

// The formats of this file know no password to open. Programs give them names
// that end in .xls or .csv, so that content decides, and strictly: ordinary
// text has to stay text.

// noted makes the document of such a format; its notes grow while it is read.
func noted(f *scan.File, read func(w *grid.Writer, note func(scan.Note)) error) scan.Document {
	return notedAside(f, func(w *grid.Writer, note func(scan.Note), _ func([]byte)) error { return read(w, note) })
}

// notedAside is noted for a format that holds text which it does not show: aside
// takes it.
func notedAside(f *scan.File, read func(w *grid.Writer, note func(scan.Note), aside func([]byte)) error) scan.Document {
	f.ClaimAll(scan.UseRead)
	p := scan.Protection{Verdict: scan.VerdictNone}
	return document{func() scan.Protection { return p }, func(_ context.Context, out scan.Sink) error {
		rest := newLeftover(f)
		if err := read(grid.New(f, out), p.AddNote, rest.add); err != nil {
			if werr := rest.hand(out); werr != nil {
				return werr
			}
			return err
		}
		return rest.hand(out)
	}}
}

// decoded reads the text of a file as UTF-8, and hands out files that stand in it
// as base64. What turns out to be no text is reported when the reader comes to its end.
func decoded(f *scan.File, out scan.Sink, read func(io.Reader) error) error {
	text := charset.NewReader(f.Bound(io.Reader(f.Reader())))
	watched := newEncodedText(f, out, text, false)
	if err := read(watched); err != nil {
		return err
	}
	if err := watched.end(); err != nil {
		return err
	}
	if text.Charset() == charset.Binary {
		return malformed("text: binary data after its beginning")
	}
	return nil
}

// htmlFormat is the web page (WHATWG HTML), above all the table that was saved as .xls.
func htmlFormat() scan.Format {
	return scan.Format{
		Name: "html", Version: 3, Match: isHTML,
		About: scan.About{Names: "html, also as .xls", Verdict: "always open", Content: scan.CoverageFull},
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return notedAside(f, func(w *grid.Writer, _ func(scan.Note), aside func([]byte)) error {
				return decoded(f, w.Out, func(r io.Reader) error { return htmltab.Read(r, w, aside) })
			}), nil
		},
	}
}

// isHTML wants one of the tags that a page begins with, after comments and an
// XML declaration at most.
func isHTML(f *scan.File) bool {
	head := bytes.ToLower(xmlHead(f))
	for bytes.HasPrefix(head, []byte("<!--")) || bytes.HasPrefix(head, []byte("<?xml")) {
		_, rest, found := bytes.Cut(head, []byte(">"))
		if !found {
			return false
		}
		head = bytes.TrimLeft(rest, " \t\r\n")
	}
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<title", "<style", "<div", "<center"} {
		if rest, ok := bytes.CutPrefix(head, []byte(tag)); ok && (len(rest) == 0 || bytes.IndexByte([]byte(" \t\r\n>/"), rest[0]) >= 0) {
			return true
		}
	}
	return false
}

// spreadsheetMLFormat is the XML workbook of Excel 2002 and 2003.
func spreadsheetMLFormat() scan.Format {
	return scan.Format{
		Name: "spreadsheetml", Version: 3,
		About: scan.About{Names: "SpreadsheetML 2003", Verdict: "always open", Content: scan.CoverageFull},
		Match: func(f *scan.File) bool {
			head := xmlHead(f)
			return bytes.Contains(head, []byte("urn:schemas-microsoft-com:office:spreadsheet")) && bytes.Contains(head, []byte("Workbook"))
		},
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return notedAside(f, func(w *grid.Writer, note func(scan.Note), aside func([]byte)) error {
				return exchange.SpreadsheetML(f.Bound(f.Reader()), w, note, aside)
			}), nil
		},
	}
}

// rtfFormat is the Rich Text Format.
func rtfFormat() scan.Format {
	return scan.Format{
		Name: "rtf", Version: 4,
		About: scan.About{Names: "rtf", Verdict: "always open", Content: scan.CoverageFull},
		Match: func(f *scan.File) bool {
			return hasPrefix(f, `{\rtf`) && len(f.Head) > 5 && (f.Head[5] >= '0' && f.Head[5] <= '9' || f.Head[5] == '\\')
		},
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return notedAside(f, func(w *grid.Writer, note func(scan.Note), aside func([]byte)) error {
				return rtfRead(f, w, note, aside)
			}), nil
		},
	}
}

// sylkFormat is the symbolic link table (.slk).
func sylkFormat() scan.Format {
	return scan.Format{
		Name: "sylk", Version: 4, Match: func(f *scan.File) bool { return exchange.IsSYLK(f.Head) },
		About: scan.About{Names: "slk", Verdict: "always open", Content: scan.CoverageFull},
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return notedAside(f, func(w *grid.Writer, _ func(scan.Note), aside func([]byte)) error {
				return decoded(f, w.Out, func(r io.Reader) error { return exchange.SYLK(r, w, aside) })
			}), nil
		},
	}
}

// difFormat is the data interchange table.
func difFormat() scan.Format {
	return scan.Format{
		Name: "dif", Version: 4, Match: func(f *scan.File) bool { return exchange.IsDIF(f.Head) },
		About: scan.About{Names: "dif", Verdict: "always open", Content: scan.CoverageFull},
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return notedAside(f, func(w *grid.Writer, _ func(scan.Note), aside func([]byte)) error {
				return decoded(f, w.Out, func(r io.Reader) error { return exchange.DIF(r, w, aside) })
			}), nil
		},
	}
}

// dbfFormat is the table of dBASE and FoxPro. dBASE IV can encrypt one, weakly.
func dbfFormat() scan.Format {
	return scan.Format{
		Name: "dbf", Version: 5, Match: func(f *scan.File) bool { return dbfHeader(f) != nil },
		About: scan.About{Names: "dbf", Verdict: "yes", Content: scan.CoverageFull, Limits: "memo text in a file beside it is reported as not read"},
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			h := dbfHeader(f)
			if h == nil {
				return nil, malformed("dbf: no header")
			}
			f.Claim(scan.UseRead, 0, h.End())
			var notes []scan.Note
			switch records := io.NewSectionReader(f, h.Start(), max(min(h.End(), f.Size())-h.Start(), 0)); {
			case h.Encrypted && scrambledFrom(records, 0, records.Size()):
				return closed(scan.Protection{Verdict: scan.VerdictPassword, Scheme: "dbase", Strength: scan.StrengthWeak}), nil
			case h.Encrypted:
				notes = []scan.Note{scan.NoteFalseFlag}
			}
			return openWith(notes, func(_ context.Context, out scan.Sink) error {
				if err := h.Read(f.Bound(f.Reader()), grid.New(f, out)); err != nil {
					return err
				}
				return (&spareMap{file: f}).search(out, 0, min(h.Start(), f.Size())) // names of fields, and what stands behind them
			}), nil
		},
	}
}

type dbfKey struct{}

// dbfHeader reads the header, which may be longer than the first bytes.
func dbfHeader(f *scan.File) *dbf.Header {
	v, _ := f.Once(dbfKey{}, func() (any, error) {
		head := f.Head
		if len(head) < 12 || head[2] > 12 || head[3] > 31 {
			return (*dbf.Header)(nil), nil
		}
		if size := int64(head[8]) | int64(head[9])<<8; size > int64(len(head)) && size <= f.Size() {
			if !dbf.Known(head[0]) { // do not read more of each file that is something else
				return (*dbf.Header)(nil), nil
			}
			long := make([]byte, size)
			if _, err := f.ReadAt(long, 0); err != nil && err != io.EOF {
				return (*dbf.Header)(nil), nil
			}
			head = long
		}
		return dbf.Parse(head), nil
	})
	return v.(*dbf.Header)
}
