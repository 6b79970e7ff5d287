package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"golang.org/x/sync/semaphore"
)

// An Isolator opens files in another process, where a parser that dies takes
// nothing else with it. Without one, such files are not read at all.
type Isolator interface {
	// Open does Format.Isolated of the format of that name elsewhere. Its
	// errors and those of the document wrap ErrCrashed if the process died. A
	// document that is an io.Closer is closed after use.
	Open(ctx context.Context, format string, f *File) (Document, error)
}

// NewFile makes a file outside of a run, as the process of an Isolator needs
// it. What it expands is not counted here but where it arrives; of the limits
// only those of one cell, one row and one decoder hold.
func NewFile(ctx context.Context, name string, r io.ReaderAt, size int64, limits Limits) (*File, error) {
	b := &budget{limits: Limits{Cell: limits.Cell, RowCells: limits.RowCells, RowText: limits.RowText, Decoder: limits.Decoder}, size: size}
	if limits.Decoder > 0 {
		b.decoders = semaphore.NewWeighted(limits.Decoder)
	}
	v := &visit{ctx: ctx, budget: b, spools: &spoolDir{memory: math.MaxInt64}}
	return v.newFile(name, nil, r, size)
}

// Limits are the limits of the run for what is made of this file in another
// process, where NewFile takes them.
func (f *File) Limits() Limits { return f.budget.limits }

// Elsewhere says that the file is now worked on in another process, which
// watches its own progress, until back is called. The time counts all the same.
func (f *File) Elsewhere() (back func()) {
	f.budget.clock.watched(1)
	return func() { f.budget.clock.watched(-1) }
}

// open opens a file; what a format wants isolated goes to the isolator.
func (v *visit) open(format Format, f *File) (Document, error) {
	if format.Isolated == nil {
		return format.Open(v.ctx, f)
	}
	elsewhere := func() (Document, error) {
		if v.engine.cfg.Isolator == nil {
			return nil, fmt.Errorf("format %s is read by a worker only: %w", format.Name, ErrUnsupported)
		}
		if v.leave == nil {
			err := v.budget.clock.waiting(func() (err error) {
				v.leave, err = v.engine.room.isolate(v.ctx)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		return v.engine.cfg.Isolator.Open(v.ctx, format.Name, f)
	}
	if format.Open == nil {
		return elsewhere()
	}
	doc, err := format.Open(v.ctx, f)
	if err != nil {
		return nil, err
	}
	return isolated{doc, elsewhere}, nil
}

// isolated has its verdict from here and its content from elsewhere.
type isolated struct {
	Document
	elsewhere func() (Document, error)
}

func (d isolated) Content(ctx context.Context, out Sink) error {
	doc, err := d.elsewhere()
	if err != nil {
		return err
	}
	if closer, ok := doc.(io.Closer); ok {
		defer closer.Close()
	}
	return doc.Content(ctx, out)
}

// Unlock tries a password there; what it opens is read there too.
func (d isolated) Unlock(ctx context.Context, password string) (Document, error) {
	doc, err := d.elsewhere()
	if err != nil {
		return nil, err
	}
	if locked, ok := doc.(Locked); ok {
		var opened Document
		if opened, err = locked.Unlock(ctx, password); opened != nil && err == nil {
			return opened, nil
		}
	}
	if closer, ok := doc.(io.Closer); ok {
		return nil, errors.Join(err, closer.Close())
	}
	return nil, err
}
