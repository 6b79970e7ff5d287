package report

import (
	"archive/zip"
	"errors"
	"io"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/xuri/excelize/v2"
)

// An xlsxReport is the workbook that a compliance reviewer works with: the
// findings, and empty columns for what people decide about them. All text is
// written as inline strings in cells of format "text", so that no name becomes
// a formula, not even when somebody edits the cell. Files are streamed; sheets
// grow in temporary files and the archive goes straight to its output.
type xlsxReport struct {
	to       io.Writer
	book     *Book
	workbook *workbook
	lists    lists
	cover    covered
}

// A workbook is one under construction.
type workbook struct {
	*excelize.File
	words   words
	clock   clock
	maxRows int // of one sheet
	styles  styles
	names   int // sheets made
}

func newXLSX(w io.Writer, b *Book) (writer, error) { return newWorkbook(w, b, excelize.TotalRows) }

// newWorkbook writes the sheets that need no file, in the order of their tabs,
// and begins the others.
func newWorkbook(w io.Writer, book *Book, maxRows int) (*xlsxReport, error) {
	b := &workbook{File: excelize.NewFile(), words: wordsIn(book.Lang), clock: book.clock(), maxRows: maxRows}
	r := &xlsxReport{to: w, book: book, workbook: b, cover: covered{}}
	if err := b.prepare(book); err != nil {
		return r, err
	}
	s := newSummary(book.Totals, b.words)
	if err := errors.Join(b.summary(book, s), b.folders(s), b.classes(s), b.places(s)); err != nil {
		return r, err
	}
	var err error
	r.lists, err = b.newLists()
	r.lists.noClean = book.Totals.Files > allMost
	return r, err
}

// Close removes what the sheets have grown in.
func (r *xlsxReport) Close() error { return r.workbook.Close() }

// PutRight implements writer.
func (r *xlsxReport) PutRight(f File) error {
	return r.lists.right.file(newView(f, r.workbook.words, r.book))
}

// File implements writer.
func (r *xlsxReport) File(f File) error {
	r.cover.add(f)
	return r.lists.file(newView(f, r.workbook.words, r.book))
}

// End implements writer.
func (r *xlsxReport) End() error {
	b := r.workbook
	if err := b.ledger(r.lists.ledger, r.book, r.cover); err != nil {
		return err
	}
	if err := r.lists.close(); err != nil {
		return err
	}
	s := newSummary(r.book.Totals, b.words)
	if err := errors.Join(b.leftOut(s), b.declared(r.book, s), b.scope(r.book, s)); err != nil {
		return err
	}
	// The library would build the archive in memory and copy it then.
	b.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(r.to) })
	_, err := b.WriteTo(io.Discard)
	return err
}

// lists are the sheets that grow while one pass goes over the files.
type lists struct {
	violations, review, unchecked, ledger, right, all *sheet
	noClean                                           bool // all is without clean files: there are too many
}

// allMost is how many files the list of all files has at most; beyond it those
// that are clean are in csv and jsonl alone.
const allMost = 200_000

func (b *workbook) newLists() (l lists, err error) {
	begin := func(to **sheet, id string, columns []column, wrap bool) {
		if err == nil {
			*to, err = b.list(id, columns, wrap)
		}
	}
	begin(&l.violations, "head.violations", violationColumns(), true)
	begin(&l.review, "head.review", reviewColumns(), true)
	begin(&l.unchecked, "head.unchecked-list", uncheckedColumns(), true)
	if err == nil {
		l.ledger, err = b.sheet("head.ledger", ledgerHeadings())
	}
	begin(&l.right, "head.right", rightColumns(), true)
	begin(&l.all, "head.all", allColumns(), false)
	return l, err
}

// file puts a file on each sheet that it belongs to.
func (l lists) file(v view) error {
	var err error
	if !l.noClean || v.Status != scan.StatusClean {
		err = l.all.file(v)
	}
	switch v.Status {
	case scan.StatusViolation:
		err = errors.Join(err, l.violations.file(v))
	case scan.StatusReview:
		err = errors.Join(err, l.review.file(v))
	}
	if v.Partial || v.Status == scan.StatusUnchecked {
		err = errors.Join(err, l.unchecked.file(v))
	}
	return err
}

func (l lists) close() error {
	for _, s := range []*sheet{l.violations, l.review, l.unchecked, l.ledger, l.right, l.all} {
		if err := s.close(); err != nil {
			return err
		}
	}
	return nil
}

// prepare makes fonts, styles and the properties of the document.
func (b *workbook) prepare(book *Book) error {
	stamp := book.Made.UTC().Format(time.RFC3339)
	err := b.SetDocProps(&excelize.DocProperties{
		Title: b.words.text("title"), Creator: "kagiban " + visible(book.Version), Created: stamp, Modified: stamp,
	})
	if err != nil {
		return err
	}
	if err := b.SetDefaultFont(b.words.text("sheet-font")); err != nil {
		return err
	}
	b.styles, err = newStyles(b.File, b.words.text("sheet-font"), b.clock)
	return err
}

func violationColumns() []column {
	return only("number", "name", "stage", "class", "records", "persons", "due", "due-state", "department", "site", "contact",
		"fix-kind", "fix-person", "fix-state", "note", "act", "exception",
		"target", "folder", "inner", "format", "size", "mtime", "first-found", "last-found",
		"owner", "group", "readers", "reader-names", "writers", "writer-names",
		"class.number", "class.two", "class.three", "class.four", "interim", "places",
		"verdict", "scheme", "notes", "status", "partial", "evidence", "check")
}

func reviewColumns() []column {
	return only("number", "name", "stage", "class", "records", "persons", "department", "decision", "ground", "decided", "reason", "evidence", "note",
		"target", "folder", "inner", "format", "size", "mtime", "first-found", "last-found",
		"owner", "group", "readers", "reader-names", "writers", "writer-names",
		"places", "verdict", "scheme", "notes", "partial", "check")
}

func uncheckedColumns() []column {
	return only("number", "name", "status", "stage", "department", "reason", "problems", "remedy", "decision", "ground", "decided", "note",
		"target", "folder", "format", "size", "mtime", "owner", "scanned", "check")
}

func rightColumns() []column {
	return only("number", "name", "stage", "right", "right-day", "first-found", "last-found", "department", "folder", "fix-kind", "fix-person", "note",
		"target", "format", "size", "scanned", "exception", "exception-decision", "exception-expires")
}

func allColumns() []column {
	return only("number", "name", "status", "stage", "reason", "target", "department", "folder", "format", "size", "mtime", "owner", "readers", "reader-names", "class", "records", "persons",
		"verdict", "scheme", "strength", "notes", "advice", "partial", "exception", "scanned")
}
