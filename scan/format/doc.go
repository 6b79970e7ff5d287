package format

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/msdoc"
	"github.com/kagiban/kagiban/scan/format/internal/offcrypto"
)

// docFormat is Word's binary document (MS-DOC).
func docFormat() scan.Format {
	return scan.Format{
		Name: "doc", Version: 6, Match: isDoc, Open: openDoc,
		About: scan.About{Names: "doc", Verdict: "yes", Content: scan.CoverageFull, Limits: "Word 95 best effort"},
	}
}

func isDoc(f *scan.File) bool {
	if !hasPrefix(f, cfb.Magic) {
		return msdoc.Bare(f.Head, f.Size())
	}
	c, err := readCFB(f)
	return err == nil && c.stream("WordDocument") != nil
}

func openDoc(_ context.Context, f *scan.File) (scan.Document, error) {
	if !hasPrefix(f, cfb.Magic) {
		return bareDocument(f)
	}
	c, err := openCFB(f)
	if err != nil {
		return nil, err
	}
	if rightsManaged(c) {
		return closed(scan.Protection{Verdict: scan.VerdictOther, Scheme: "irm"}), nil
	}
	head, err := c.text("WordDocument", msdoc.FIBSize)
	if err != nil {
		return nil, err
	}
	fib := msdoc.ParseFIB(head)
	if fib == nil {
		return nil, malformed("document without a FIB")
	}
	if fib.Encrypted() {
		if err := cfbSealedSpare(c); err != nil {
			return nil, err
		}
		return closed(scan.Protection{Verdict: scan.VerdictPassword, Scheme: docScheme(c, fib), Strength: scan.StrengthWeak}), nil
	}
	p := scan.Protection{Verdict: scan.VerdictNone, Notes: fib.Notes()}
	if vbaLocked(c, "Macros/VBA/PROJECT") || vbaLocked(c, "Macros/PROJECT") {
		p.Notes = append(p.Notes, scan.NoteVBAPassword)
	}
	return document{func() scan.Protection { return p }, func(_ context.Context, out scan.Sink) error {
		if err := c.wordText(fib, out); err != nil {
			return err
		}
		if err := c.aside(f, out); err != nil {
			return err
		}
		return cfbLeftovers(c, out)
	}}, nil
}

// bareDocument opens a document of Word for Windows 1 or 2.
func bareDocument(f *scan.File) (scan.Document, error) {
	f.ClaimAll(scan.UseRead)
	fib := msdoc.ParseFIB(f.Head)
	if fib.Encrypted() {
		return closed(scan.Protection{Verdict: scan.VerdictPassword, Scheme: "xor", Strength: scan.StrengthWeak}), nil
	}
	return open(func(_ context.Context, out scan.Sink) error {
		return fib.Read(f.Reader(), nil, grid.New(f, out))
	}), nil
}

// wordText hands out the text of a document.
func (c *compound) wordText(fib *msdoc.FIB, out scan.Sink) error {
	main, table := c.file.Scratch(), c.file.Scratch()
	defer main.Close()
	defer table.Close()
	if err := c.keep(main, "WordDocument"); err != nil {
		return err
	}
	if err := c.keep(table, fib.Table()); err != nil {
		return err
	}
	err := fib.Read(io.NewSectionReader(main, 0, main.Size()), io.NewSectionReader(table, 0, table.Size()), grid.New(c.file, out))
	if err != nil {
		out.Problem(fmt.Errorf("text of the document: %w", err))
	}
	return nil
}

// docScheme names the encryption of a document: its header stands before the
// table stream (MS-DOC 2.2.6). No password is tried by Word itself.
func docScheme(c *compound, fib *msdoc.FIB) string {
	if fib.Obfuscated() {
		return "xor"
	}
	info, err := c.text(fib.Table(), int64(min(fib.HeaderSize(), 1<<16)))
	if err != nil {
		return ""
	}
	scheme, err := offcrypto.ParseBinary(info)
	if scheme == nil || err != nil {
		return ""
	}
	return scheme.Name
}

// keep copies a stream into a room, so that it can be read by offset; a stream
// that is not there is empty.
func (c *compound) keep(room scan.Scratch, path string) error {
	e := c.stream(path)
	if e == nil {
		return nil
	}
	if _, err := io.Copy(room, c.file.Bound(bufio.NewReaderSize(c.open(e), 1<<20))); err != nil {
		return fmt.Errorf("stream %s: %w", path, err)
	}
	return nil
}
