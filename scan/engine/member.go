package engine

import (
	"context"
	"io"
	"slices"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/spool"
)

// Member visits a file in a file. Its failure is its own: the siblings go on.
func (s *sink) Member(m scan.Member) error {
	if s.stop == nil {
		s.stop = s.member(m)
	}
	return s.stop
}

func (s *sink) member(m scan.Member) error {
	v := s.visit
	s.nested = true
	if m.Name == "" {
		s.wrapped = true
		m.Name = s.file.Name
		return v.member(s.file, m, s.item, s.file.Inner)
	}
	if m.Again {
		return s.keepMember(s.visitAgain(m))
	}
	return s.keepMember(s.visitMember(m))
}

// visitAgain examines a document once more in another form. Where it names nobody
// new, with no more certainty, its records are those that were counted.
func (s *sink) visitAgain(m scan.Member) (*scan.Item, error) {
	before, err := s.visit.result.Hashes.Distinct()
	if err != nil {
		return &scan.Item{Inner: append(slices.Clone(s.file.Inner), m.Name)}, err
	}
	item, err := s.visitMember(m)
	if err != nil {
		return item, err
	}
	after, err := s.visit.result.Hashes.Distinct()
	if after == before {
		item.Findings = scan.Findings{}
	}
	return item, err
}

// visitMember examines a member with a name of its own.
func (s *sink) visitMember(m scan.Member) (*scan.Item, error) {
	inner := append(slices.Clone(s.file.Inner), m.Name)
	item := &scan.Item{Inner: inner, Size: m.Size, Protection: m.Protection}
	if m.Unlocked {
		item.Protection = merge(scan.Protection{Notes: unlockNotes(s.item)}, item.Protection)
	}
	return item, guard(func() error { return s.visit.member(s.file, m, item, inner) })
}

// keepMember records what a member has to report, and why it was not read.
func (s *sink) keepMember(item *scan.Item, err error) error {
	v := s.visit
	v.note(item, err)
	if item.Skipped != "" {
		v.result.Members++
		v.result.Omitted++
	} else if reportable(item) {
		v.keep(item)
	}
	if err != nil && v.stops(err) {
		return errStop
	}
	return nil
}

// member spools a member, so that its parser can read anywhere in it, and
// visits it: the one loop in the pipeline.
func (v *visit) member(parent *scan.File, m scan.Member, item *scan.Item, inner []string) error {
	if err := v.budget.member(parent.Depth() + 1); err != nil {
		return err
	}
	v.budget.clock.move(1)
	if v.ctx.Err() != nil {
		return context.Cause(v.ctx)
	}
	if m.Protection.Verdict.Closed() && !m.Unlocked {
		v.result.Members++
		return nil
	}
	mark := v.budget.spools.Mark()
	defer v.budget.spools.Release(mark)
	at, size := m.At, m.Size
	if at == nil {
		room, err := v.fetch(m)
		if err != nil && !v.worthReading(m, room, v.blame(parent, err)) {
			return v.blame(parent, err)
		}
		v.note(item, err)
		at, size = room, room.Size()
	}
	item.Size = size
	f, err := v.newFile(scan.Place{Name: m.Name, Inner: inner, At: at, Size: size, Depth: parent.Depth() + 1})
	if err != nil {
		return v.blame(parent, err)
	}
	return v.blame(parent, v.file(f, item))
}

// worthReading reports whether what came of a member before an error is read all
// the same: what stands before the damage is there for everyone to see. Behind a
// password it may be what a wrong one makes of it.
func (v *visit) worthReading(m scan.Member, room *spool.Spool, err error) bool {
	return room != nil && room.Size() > 0 && !m.Unlocked && !v.stops(err) && scan.ProblemOf(err).Kind == scan.KindMalformed
}

// fetch copies a member into a spool. Reading to the end lets the container
// check its sum.
func (v *visit) fetch(m scan.Member) (*spool.Spool, error) {
	r, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	room := v.budget.spools.New()
	_, err = io.Copy(room, r)
	return room, err
}

// reportable says whether a member has something to report; counts cover the rest.
func reportable(item *scan.Item) bool {
	p := item.Protection
	return len(item.Problems) > 0 || item.Findings.Confidence() != "" ||
		p.Verdict != scan.VerdictNone || len(p.Notes) > 0
}
