package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"github.com/kagiban/kagiban/scan"
)

// errStop unwinds a visit whose reason is already recorded: the budget of the
// file is spent, or its time is up.
var errStop = errors.New("visit stopped")

// A visit is the examination of one top-level file.
type visit struct {
	engine *engine
	ctx    context.Context
	budget *budget
	access *access
	result *scan.Result
	met    map[string]bool // tokens of the formats met
	hits   int             // pieces of evidence kept of all items
	rows   bool            // whether a detector saw anything
	nearby nearby          // passwords that stand in the file itself or beside it
	leave  func()          // ends the use of the isolator; nil before it
}

// top opens the file at its source and visits it.
func (v *visit) top(src scan.Source, e scan.Entry, root *scan.Item) error {
	blob, err := openWaiting(v.ctx, src, e, v.budget.clock)
	if err != nil {
		return &scan.ReadError{Err: err}
	}
	v.access = newAccess(blob, v.budget.clock)
	v.budget.size = max(blob.Size(), 1)
	root.Size = blob.Size()
	beside := newFolder(src, e, v.budget.clock)
	defer func() {
		v.result.Bytes = v.access.bytes + beside.close()
		_ = v.access.Close() // a close that fails loses nothing of what was read
	}()
	f, err := v.newFile(scan.Place{Name: e.Path, At: v.access, Size: blob.Size(), Sibling: beside.open})
	if err != nil {
		return &scan.ReadError{Err: err}
	}
	return v.file(f, root)
}

// newFile makes a file that stands on the budget of this visit.
func (v *visit) newFile(p scan.Place) (*scan.File, error) {
	p.Host, p.Elsewhere = v.budget, v.budget.clock.watch
	return scan.NewFile(v.ctx, p)
}

// guard is the one place that recovers from a panic: a member that makes its
// parser fail loses itself only. Only texts of the runtime are quoted; a
// library's own may hold what it was reading.
func guard(f func() error) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("%w: %v", scan.ErrCrashed, r)
		default:
			err = fmt.Errorf("%w: %T", scan.ErrCrashed, r)
		}
	}()
	return f()
}

// file identifies a file, forms the verdict and has its content examined.
func (v *visit) file(f *scan.File, item *scan.Item) error {
	format, err := v.identify(f)
	if err != nil {
		return err
	}
	item.Format = format.Name
	v.met[formatToken(format)] = true
	if format.Skip != "" {
		item.Skipped = format.Skip
		return v.behind(format, f, item)
	}
	if format.Open == nil && format.Isolated == nil {
		return fmt.Errorf("format %s: %w", format.Name, scan.ErrUnsupported)
	}
	doc, err := v.open(format, f)
	if err != nil {
		return v.blame(f, err)
	}
	if closer, ok := doc.(io.Closer); ok {
		defer closer.Close()
	}
	item.Protection = merge(item.Protection, doc.Protection())
	if doc, err = v.unlock(f, doc, item); err != nil {
		return v.blame(f, err)
	}
	if doc == nil { // protected; what is not may have been added to it
		s := &sink{visit: v, file: f, item: item}
		return v.blame(f, s.settle())
	}
	if closer, ok := doc.(io.Closer); ok {
		defer closer.Close()
	}
	if len(f.Inner) == 0 {
		if err := v.access.content(); err != nil {
			return &scan.ReadError{Err: err}
		}
	}
	return v.blame(f, v.content(f, doc, item))
}

// identify finds the first format of the table that claims the file.
func (v *visit) identify(f *scan.File) (scan.Format, error) {
	for _, format := range v.engine.cfg.Formats {
		match := format.Match(f)
		if err := f.Failed(); err != nil {
			return scan.Format{}, err
		}
		if match {
			return format, nil
		}
	}
	return scan.Format{}, fmt.Errorf("unknown format: %w", scan.ErrUnsupported)
}

// blame prefers the source's own failure over what a parser made of it.
func (v *visit) blame(f *scan.File, err error) error {
	if err == nil || errors.Is(err, errStop) {
		return err
	}
	if failed := f.Failed(); failed != nil {
		return failed
	}
	return err
}

// content streams what is inside through the detector.
func (v *visit) content(f *scan.File, doc scan.Document, item *scan.Item) error {
	s := &sink{visit: v, file: f, item: item}
	err := doc.Content(v.ctx, s)
	if err == nil && s.stop == nil {
		err = s.settle()
	}
	if s.stop != nil {
		err = s.stop
	}
	own := doc.Protection() // notes may have grown
	if s.wrapped && own.Verdict == scan.VerdictUnknown {
		own.Verdict, own.Scheme, own.Strength = item.Protection.Verdict, item.Protection.Scheme, item.Protection.Strength
	}
	item.Protection = merge(item.Protection, own)
	if len(f.Inner) > 0 && !s.nested {
		v.result.Members++
	}
	if s.exam == nil {
		s.begin() // the name alone may hold a number
	}
	found, cerr := s.exam.Close()
	before := len(item.Findings.Hits)
	item.Findings.Add(found, v.hitsLeft())
	v.hits += len(item.Findings.Hits) - before
	return errors.Join(err, cerr)
}

func (v *visit) hitsLeft() int {
	return max(v.budget.limits.Hits-v.hits, 0)
}

// stops reports whether an error ends the whole file and not just a member.
func (v *visit) stops(err error) bool {
	var limit *scan.LimitError
	if errors.As(err, &limit) {
		return !slices.Contains([]string{"depth", "cell", "row", "memory", "mail-header"}, limit.Limit)
	}
	return v.ctx.Err() != nil || errors.Is(err, errStop)
}

// A sink takes what one document holds. Once it has refused something it
// refuses all, and the reason stands whatever the format makes of it: an
// author of a format cannot turn a spent budget into a damaged part.
type sink struct {
	visit   *visit
	file    *scan.File
	item    *scan.Item
	exam    scan.Examination
	nested  bool
	wrapped bool // a nameless member was met: the verdict on it is that on the file
	rowCut  bool // was recorded
	omitted bool // the file is out of scope, and so is a rest of no known form
	stop    error
}

// Row hands a row to the detector.
func (s *sink) Row(r scan.Row) error {
	if s.stop == nil {
		s.stop = s.row(r)
	}
	return s.stop
}

func (s *sink) row(r scan.Row) error {
	if err := s.visit.budget.row(); err != nil {
		return err
	}
	if s.visit.ctx.Err() != nil {
		return context.Cause(s.visit.ctx)
	}
	s.bound(&r)
	if s.exam == nil {
		s.begin()
	}
	if len(r.Cells) == 1 && s.visit.nearby.hints != nil {
		text := r.Cells[0].Text
		s.visit.nearby.line(text[:min(len(text), nearbyLine)])
	}
	return s.exam.Row(r)
}

// bound cuts a row that is beyond its limits. A format keeps to them by itself,
// before it makes such a row; what is said here holds for one that does not.
func (s *sink) bound(r *scan.Row) {
	b := s.visit.budget
	cells, left := len(r.Cells), b.limits.RowText
	if limit := b.limits.RowCells; limit > 0 {
		cells = min(cells, limit)
	}
	work := 0
	for i := range r.Cells[:cells] {
		work += len(r.Cells[i].Text)
		if left > 0 && work > left {
			cells = i
			break
		}
	}
	b.clock.move(work + cells)
	if cells < len(r.Cells) {
		r.Cells = r.Cells[:cells]
		if !s.rowCut {
			s.rowCut = true
			s.visit.note(s.item, &scan.LimitError{Limit: "row"})
		}
	}
}

func (s *sink) begin() {
	s.visit.rows = true
	s.exam = s.visit.engine.cfg.Detector.Begin(scan.Subject{
		Names:   append([]string{s.visit.result.Entry.Path}, s.file.Inner...),
		Persons: s.visit.result.Hashes,
		MaxHits: s.visit.hitsLeft(),
		Low:     s.visit.engine.cfg.LowHits,
	})
}

// Problem records a gap; the rest of the document goes on.
func (s *sink) Problem(err error) {
	switch {
	case s.stop != nil:
	case s.visit.stops(err):
		s.stop = err
	default:
		s.visit.note(s.item, s.visit.blame(s.file, err))
	}
}

// merge joins what a container says of a member with what the member says of
// itself.
func merge(outer, own scan.Protection) scan.Protection {
	if outer.Verdict.Closed() { // unlocked; what is inside cannot make it open
		outer, own = own, outer
	}
	for _, n := range outer.Notes {
		own.AddNote(n)
	}
	if own.Scheme == "" && own.Verdict == scan.VerdictNone {
		own.Scheme = outer.Scheme
	}
	return own
}
