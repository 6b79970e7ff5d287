package engine

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// open opens a file; what a format wants isolated goes to the isolator.
func (v *visit) open(format scan.Format, f *scan.File) (scan.Document, error) {
	if format.Isolated == nil {
		return format.Open(v.ctx, f)
	}
	elsewhere := func() (scan.Document, error) {
		if v.engine.cfg.Isolator == nil {
			return nil, fmt.Errorf("format %s is read by a worker only: %w", format.Name, scan.ErrUnsupported)
		}
		if v.leave == nil {
			err := v.budget.clock.waiting(func() (err error) {
				v.leave, err = v.engine.capacity.isolate(v.ctx)
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
	scan.Document
	elsewhere func() (scan.Document, error)
}

func (d isolated) Content(ctx context.Context, out scan.Sink) error {
	doc, err := d.elsewhere()
	if err != nil {
		return err
	}
	if closer, ok := doc.(io.Closer); ok {
		defer closer.Close()
	}
	return doc.Content(ctx, out)
}

// Unlock tries passwords there; what one opens is read there too.
func (d isolated) Unlock(ctx context.Context, passwords []string) (scan.Document, error) {
	doc, err := d.elsewhere()
	if err != nil {
		return nil, err
	}
	if locked, ok := doc.(scan.Locked); ok {
		var opened scan.Document
		if opened, err = locked.Unlock(ctx, passwords); opened != nil && err == nil {
			return opened, nil
		}
	}
	if closer, ok := doc.(io.Closer); ok {
		return nil, errors.Join(err, closer.Close())
	}
	return nil, err
}
