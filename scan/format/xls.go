package format

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/biff"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
)

// xlsFormat is Excel's binary workbook: BIFF8 and BIFF5 in a compound file, BIFF2 to
// BIFF4 bare (MS-XLS). Protecting the structure of a book encrypts it with the
// default password, which opens without being asked for: only FILEPASS with
// another password is a protection.
func xlsFormat() scan.Format {
	return scan.Format{
		Name: "xls", Version: 6, Match: isXls, Open: openXls,
		About: scan.About{Names: "xls, xlt (BIFF2 to BIFF8)", Verdict: "yes", Content: scan.CoverageFull},
	}
}

func isXls(f *scan.File) bool {
	if !hasPrefix(f, cfb.Magic) {
		return biff.Bare(f.Head)
	}
	c, err := readCFB(f)
	return err == nil && len(xlsStreams(c)) > 0
}

// xlsStreams finds the workbook streams of the file itself: a book for Excel 5
// and 97 at once has both.
func xlsStreams(c *compound) []*cfb.Entry {
	var list []*cfb.Entry
	for _, e := range c.entries {
		if len(c.dir(e)) == 0 && isBookStream(e) {
			list = append(list, e)
		}
	}
	return list
}

func isBookStream(e *cfb.Entry) bool {
	return !e.Dir && (strings.EqualFold(e.Name, "Workbook") || strings.EqualFold(e.Name, "Book"))
}

// An xlsBook is one stream with its lock.
type xlsBook struct {
	name string // "" for the first
	open func() io.Reader
	lock *biff.Lock
	err  error // the stream cannot be judged
	// opened says that a declared password opens it.
	opened bool
}

func (b xlsBook) shut() bool { return b.lock != nil && !b.lock.Default && !b.opened }

type xlsFile struct {
	file  *scan.File
	cfb   *compound // nil: bare
	books []xlsBook
	p     scan.Protection
}

func openXls(_ context.Context, f *scan.File) (scan.Document, error) {
	if hasPrefix(f, cfb.Magic) {
		c, err := openCFB(f)
		if err != nil {
			return nil, err
		}
		return xlsInCompound(f, c)
	}
	f.ClaimAll(scan.UseRead)
	x := &xlsFile{file: f}
	x.add("", func() io.Reader { return f.Reader() })
	return x.document()
}

// xlsInCompound opens the workbook of a compound file.
func xlsInCompound(f *scan.File, c *compound) (scan.Document, error) {
	if rightsManaged(c) {
		if err := cfbSealedSpare(c); err != nil {
			return nil, err
		}
		return closed(scan.Protection{Verdict: scan.VerdictOther, Scheme: "irm"}), nil
	}
	x := &xlsFile{file: f, cfb: c}
	for i, e := range xlsStreams(c) {
		name := ""
		if i > 0 {
			name = e.Name + "/"
		}
		x.add(name, func() io.Reader { return f.Bound(c.open(e)) })
	}
	return x.document()
}

func (x *xlsFile) document() (scan.Document, error) {
	if err := x.judge(); err != nil {
		return nil, err
	}
	if x.p.Verdict.Closed() {
		if x.cfb != nil {
			if err := cfbSealedSpare(x.cfb); err != nil {
				return nil, err
			}
		}
		return lockable{closed(x.p), x.unlock}, nil
	}
	return document{func() scan.Protection { return x.p }, x.content}, nil
}

// unlock tries a password on the streams that want one.
func (x *xlsFile) unlock(_ context.Context, password string) (scan.Document, error) {
	opened := *x
	opened.books = nil
	for _, b := range x.books {
		if b.shut() {
			lock := b.lock.Open(password)
			if lock == nil {
				return nil, nil
			}
			b.lock, b.opened = lock, true
		}
		opened.books = append(opened.books, b)
	}
	return document{func() scan.Protection { return opened.p }, opened.content}, nil
}

func (x *xlsFile) add(name string, open func() io.Reader) {
	b := xlsBook{name: name, open: open}
	b.lock, b.err = biff.Locked(open())
	x.books = append(x.books, b)
}

// judge forms the verdict over the streams.
func (x *xlsFile) judge() error {
	x.p.Verdict = scan.VerdictNone
	shut := 0
	for _, b := range x.books {
		switch {
		case b.err != nil:
			return b.err
		case b.lock == nil:
			continue
		case b.shut():
			shut++
			x.p.Strength = scan.StrengthWeak
		default:
			x.p.AddNote(scan.NoteDefaultPassword)
		}
		x.p.Scheme = b.lock.Scheme
	}
	switch {
	case shut == len(x.books):
		x.p.Verdict = scan.VerdictPassword
	case shut > 0:
		x.p.Verdict = scan.VerdictPartial
	}
	if x.cfb != nil && vbaLocked(x.cfb, "_VBA_PROJECT_CUR/PROJECT") {
		x.p.AddNote(scan.NoteVBAPassword)
	}
	return nil
}

func (x *xlsFile) content(_ context.Context, out scan.Sink) error {
	base := uint32(0)
	for _, b := range x.books {
		if b.shut() {
			continue
		}
		if err := x.read(b, &base, out); err != nil {
			return err
		}
	}
	if x.cfb == nil {
		return nil
	}
	if err := x.pivots(out); err != nil {
		return err
	}
	if err := x.cfb.aside(x.file, out); err != nil {
		return err
	}
	return cfbLeftovers(x.cfb, out)
}

// read hands out one stream. Damage to it does not keep the others from being read.
func (x *xlsFile) read(b xlsBook, base *uint32, out scan.Sink) error {
	book := biff.New(x.file, out, *base)
	book.Name = b.name
	err := book.Read(bufio.NewReaderSize(b.open(), 1<<20), b.lock)
	*base += uint32(book.Strings())
	book.Close()
	for _, n := range book.Notes() {
		x.p.AddNote(n)
	}
	if err != nil && len(x.books) == 1 {
		return err
	}
	if err != nil {
		out.Problem(err)
	}
	return nil
}

// pivots reads the caches of pivot tables.
func (x *xlsFile) pivots(out scan.Sink) error {
	locked := slices.ContainsFunc(x.books, func(b xlsBook) bool { return b.lock != nil })
	for _, e := range x.cfb.entries {
		dir := x.cfb.dir(e)
		if e.Dir || len(dir) != 1 || dir[0] != "_SX_DB_CUR" && dir[0] != "_SX_DB" {
			continue
		}
		if locked {
			out.Problem(fmt.Errorf("pivot cache of an encrypted book: %w", scan.ErrUnsupported))
			continue
		}
		if err := biff.ReadPivot(x.file, "!pivot "+e.Name, x.file.Bound(x.cfb.open(e)), dir[0] == "_SX_DB_CUR", out); err != nil {
			out.Problem(err)
		}
	}
	return nil
}
