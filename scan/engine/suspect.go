package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/spool"
)

// A file can take the whole scan down: by memory, or by a fault of the runtime
// that nothing recovers from. What is under examination is therefore written
// down before it is read. After a death those files are suspects: they come
// last, one at a time, each in a process of its own, and the others get their
// results and the report is written.

// Examine examines one file outside of a run, as the process of a Quarantine
// does. Of the configuration, targets and store are not used.
func Examine(ctx context.Context, cfg Config, src scan.Source, e scan.Entry) *scan.Result {
	return newEngine(&cfg).examine(ctx, src, e, parts)
}

// suspects are those of the present target.
type suspects struct {
	journal scan.Journal // nil: the store has none
	known   map[string]scan.Suspect
	waiting []scan.Entry
}

func (g *engine) suspectsOf(ctx context.Context, target string) (*suspects, error) {
	journal, ok := g.cfg.Store.(scan.Journal)
	if !ok {
		return &suspects{}, nil
	}
	known, err := journal.Suspects(ctx, target)
	return &suspects{journal: journal, known: known}, err
}

// putAside keeps a suspect for the end.
func (s *suspects) putAside(e scan.Entry) bool {
	_, suspect := s.known[e.Path]
	if suspect {
		s.waiting = append(s.waiting, e)
	}
	return suspect
}

// begin writes a file down as under examination.
func (s *suspects) begin(e scan.Entry, alone bool) (leave func() error, err error) {
	if s.journal == nil {
		return func() error { return nil }, nil
	}
	return s.journal.Enter(e, alone)
}

// examineSuspects examines the suspects once all other files are done.
func (g *engine) examineSuspects(ctx context.Context, src scan.Source, results chan<- scan.Outcome) error {
	for _, e := range g.suspects.waiting {
		res, err := g.examineSuspect(ctx, src, e)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := send(ctx, results, scan.Outcome(res)); err != nil {
			return err
		}
	}
	return nil
}

// deadly is how many runs have to die over a file alone before it is the cause:
// power cuts and impatient people end scans too, and the files at the end of a
// scan that is ended again and again would be found guilty one after the other.
const deadly = 3

// examineSuspect examines one. The error is fatal for the run.
func (g *engine) examineSuspect(ctx context.Context, src scan.Source, e scan.Entry) (*scan.Result, error) {
	s := g.suspects.known[e.Path]
	if s.Alone >= deadly && s.Size == e.Size && s.ModTime.Equal(e.ModTime) && !g.cfg.Full {
		return failedResult(e, fmt.Errorf("it ended a scan although it was examined alone; it is tried again when it has changed, or with --full: %w", scan.ErrCrashed)), nil
	}
	leave, err := g.suspects.begin(e, true)
	if err != nil {
		return nil, err
	}
	res := g.inQuarantine(ctx, src, e)
	if err := leave(); err != nil || ctx.Err() != nil || crashed(res) {
		return res, err
	}
	return res, g.suspects.journal.Acquit(ctx, e)
}

// inQuarantine examines a file in a process of its own, here if there is none.
func (g *engine) inQuarantine(ctx context.Context, src scan.Source, e scan.Entry) *scan.Result {
	if g.cfg.Quarantine == nil {
		return g.examine(ctx, src, e, parts)
	}
	b := &budget{limits: g.cfg.Limits, size: e.Size}
	g.track.inWork.add(e, b)
	defer g.track.inWork.remove(e, b)
	dir := spool.NewDir(g.cfg.TempDir, g.cfg.Limits.Memory, b.spool)
	persons := scan.NewPersonsOn(func() scan.Scratch { return dir.New() })
	res, err := g.cfg.Quarantine.Examine(ctx, src, e, persons)
	if err != nil {
		return failedResult(e, err)
	}
	res.Entry, res.Hashes = e, persons
	if distinct, err := persons.Distinct(); err != nil {
		return failedResult(e, err)
	} else if distinct != res.Distinct {
		return failedResult(e, errors.Join(errors.New("persons were lost on the way"), scan.ErrCrashed))
	}
	own(ctx, src, res)
	return res
}

// crashed says that a process died over the file itself.
func crashed(r *scan.Result) bool {
	for _, p := range r.Items[0].Problems {
		if p.Kind == scan.KindCrashed {
			return true
		}
	}
	return false
}
