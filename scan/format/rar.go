package format

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// rarFormat is the rar archive in its two block layouts: version 4 (technote.txt of
// RAR 4) and version 5 ("RAR 5.0 archive format"). The verdict comes from the
// block headers; data is stepped over.
func rarFormat() scan.Format {
	return scan.Format{
		Name: "rar", Version: 3, Open: openRar, Isolated: unpackRar,
		About: scan.About{Names: "rar (4 and 5)", Verdict: "by entry", Content: scan.CoverageFull,
			Limits: "128 MiB of dictionary; read in a process of its own"},
		Match: func(f *scan.File) bool { return hasPrefix(f, rar4Magic, rar5Magic) },
	}
}

const (
	rar4Magic = "Rar!\x1A\x07\x00"
	rar5Magic = "Rar!\x1A\x07\x01\x00"
	// rarHeadersMax bounds the headers walked over; each may cost a read.
	rarHeadersMax = 500_000
	// rarHeaderMax bounds one header, as the format does.
	rarHeaderMax = 2 << 20
)

func openRar(ctx context.Context, f *scan.File) (scan.Document, error) {
	a := newRarArchive(f, f.Size())
	if err := a.walk(ctx); err != nil {
		return nil, err
	}
	f.Claim(scan.UseRead, 0, a.end)
	return judged(a.protection()), nil
}

// A rarArchive is what the headers of an archive say.
type rarArchive struct {
	src          io.ReaderAt
	size         int64
	old          bool // version 4
	flags        uint64
	scheme       string
	sealed       bool  // the headers themselves are encrypted
	volume       bool  // one of several
	end          int64 // of the last block; the size if it is encrypted
	open, locked int   // files with a byte in them
}

func newRarArchive(r io.ReaderAt, size int64) *rarArchive { return &rarArchive{src: r, size: size} }

// rarBlock is what is common to the blocks of both layouts.
type rarBlock struct {
	size         int64 // of the header, from its start
	data         int64 // that follow it
	end          bool
	volume       bool // belongs to a set
	before       bool // goes on from another volume
	after        bool // goes on in another volume
	isFile       bool
	file, locked bool // a file with a byte in it; encrypted
}

// missing reports whether other volumes are needed.
func (a *rarArchive) missing() bool { return a.volume }

// protection judges by file. In a volume only what is locked is sure: the rest
// cannot be looked at without its siblings.
func (a *rarArchive) protection() scan.Protection {
	p := scan.Protection{Verdict: scan.VerdictPassword, Scheme: a.scheme, Strength: scan.StrengthStrong}
	switch {
	case a.sealed:
		return p
	case a.volume && (a.locked == 0 || a.open > 0):
		return scan.Protection{Notes: []scan.Note{scan.NoteMissingVolume}}
	case a.locked == 0:
		return scan.Protection{Verdict: scan.VerdictNone}
	case a.open > 0:
		p.Verdict = scan.VerdictPartial
	}
	p.Notes = []scan.Note{scan.NoteNamesVisible}
	return p
}

// begin reads the mark, and what the main header says.
func (a *rarArchive) begin() error {
	mark, err := a.read(0, len(rar5Magic))
	if err != nil {
		return noEOF(err)
	}
	a.scheme = "rar5-aes-256"
	if a.old = bytes.HasPrefix(mark, []byte(rar4Magic)); a.old {
		a.scheme = "rar4-aes-128"
	} else if string(mark) != rar5Magic {
		return malformed("rar: no mark")
	}
	b, err := a.block(a.start())
	a.volume = b.volume
	return err
}

func (a *rarArchive) start() int64 {
	if a.old {
		return int64(len(rar4Magic))
	}
	return int64(len(rar5Magic))
}

func (a *rarArchive) block(off int64) (rarBlock, error) {
	read := a.rar5
	if a.old {
		read = a.rar4
	}
	b, err := read(off)
	if err == io.EOF && a.old && off > a.start() {
		return rarBlock{}, io.EOF // the first versions wrote no last block
	}
	if err != nil {
		return b, fmt.Errorf("rar: header at %d: %w", off, noEOF(err))
	}
	return b, nil
}

// walk goes from header to header to the end of the archive.
func (a *rarArchive) walk(ctx context.Context) error {
	if err := a.begin(); err != nil {
		return err
	}
	a.end = a.size
	return a.each(ctx, func(off int64, b rarBlock) error {
		if b.end {
			a.end = off + b.size + b.data
		}
		a.volume = a.volume || b.volume
		if b.file && b.locked {
			a.locked++
		} else if b.file {
			a.open++
		}
		return nil
	})
}

// each returns each block with its place.
func (a *rarArchive) each(ctx context.Context, visit func(int64, rarBlock) error) error {
	off := a.start()
	for range rarHeadersMax {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		b, err := a.block(off)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := visit(off, b); err != nil {
			return err
		}
		if b.end || a.sealed {
			return nil
		}
		if b.size <= 0 || b.data < 0 || b.data > a.size-off-b.size {
			return malformed("rar: data at %d breaks off", off)
		}
		off += b.size + b.data
	}
	return &scan.LimitError{Limit: "members"}
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return malformed("breaks off")
	}
	return err
}

// read returns n bytes, fewer at the end of the file.
func (a *rarArchive) read(off int64, n int) ([]byte, error) {
	if off >= a.size {
		return nil, io.EOF
	}
	b := make([]byte, min(int64(n), a.size-off))
	if _, err := a.src.ReadAt(b, off); err != nil && err != io.EOF {
		return nil, err
	}
	return b, nil
}
