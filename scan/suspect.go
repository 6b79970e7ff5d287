package scan

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A file can take the whole scan down: by memory, or by a fault of the runtime
// that nothing recovers from. What is under examination is therefore written
// down before it is read. After a death those files are suspects: they come
// last, one at a time, each in a process of its own, and the others get their
// results and the report is written.

// A Journal is a Store that knows what was under examination when a run died.
type Journal interface {
	// Enter writes down that a file is under examination, before it is read;
	// leave takes that back. Alone says that it is the only one. Enter is called
	// from several goroutines.
	Enter(e Entry, alone bool) (leave func() error, err error)
	// Suspects returns the files of a target that were under examination when an
	// earlier run died, by path.
	Suspects(ctx context.Context, target string) (map[string]Suspect, error)
	// Acquit says that a suspect was examined and took nothing down.
	Acquit(ctx context.Context, e Entry) error
}

// A Suspect is what is known of such a file.
type Suspect struct {
	Size    int64     // bytes, as it was
	ModTime time.Time // UTC
	// Alone: it was the only file under examination, so it was the cause.
	Alone bool
}

// A Quarantine examines a whole file in a process of its own, whose death is
// that of the file only.
type Quarantine interface {
	// Examine returns what the same examination here would, but for what only
	// the source can tell (owner, access). Persons takes the hashes. An error
	// that wraps ErrCrashed says that the process died.
	Examine(ctx context.Context, src Source, e Entry, persons *Persons) (*Result, error)
}

// Examine examines one file outside of a run, as the process of a Quarantine
// does. Of the configuration, targets and store are not used.
func Examine(ctx context.Context, cfg Config, src Source, e Entry) *Result {
	return newEngine(&cfg).examine(ctx, src, e, parts)
}

// suspects are those of the present target.
type suspects struct {
	journal Journal // nil: the store has none
	known   map[string]Suspect
	waiting []Entry
}

func (g *engine) suspectsOf(ctx context.Context, target string) (*suspects, error) {
	journal, ok := g.cfg.Store.(Journal)
	if !ok {
		return &suspects{}, nil
	}
	known, err := journal.Suspects(ctx, target)
	return &suspects{journal: journal, known: known}, err
}

// putAside keeps a suspect for the end.
func (s *suspects) putAside(e Entry) bool {
	_, suspect := s.known[e.Path]
	if suspect {
		s.waiting = append(s.waiting, e)
	}
	return suspect
}

// enter writes a file down as under examination.
func (s *suspects) enter(e Entry, alone bool) (leave func() error, err error) {
	if s.journal == nil {
		return func() error { return nil }, nil
	}
	return s.journal.Enter(e, alone)
}

// examineSuspects examines the suspects once all other files are done.
func (g *engine) examineSuspects(ctx context.Context, src Source, results chan<- *Result) error {
	for _, e := range g.suspects.waiting {
		res, err := g.examineSuspect(ctx, src, e)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := send(ctx, results, res); err != nil {
			return err
		}
	}
	return nil
}

// examineSuspect examines one. The error is fatal for the run.
func (g *engine) examineSuspect(ctx context.Context, src Source, e Entry) (*Result, error) {
	s := g.suspects.known[e.Path]
	if s.Alone && s.Size == e.Size && s.ModTime.Equal(e.ModTime) && !g.cfg.Full {
		return failedResult(e, fmt.Errorf("it ended a scan although it was examined alone; it is tried again when it has changed, or with --full: %w", ErrCrashed)), nil
	}
	leave, err := g.suspects.enter(e, true)
	if err != nil {
		return nil, err
	}
	res := g.inQuarantine(ctx, src, e)
	if err := leave(); err != nil || ctx.Err() != nil || res.crashed() {
		return res, err
	}
	return res, g.suspects.journal.Acquit(ctx, e)
}

// inQuarantine examines a file in a process of its own, here if there is none.
func (g *engine) inQuarantine(ctx context.Context, src Source, e Entry) *Result {
	if g.cfg.Quarantine == nil {
		return g.examine(ctx, src, e, parts)
	}
	b := &budget{limits: g.cfg.Limits, size: e.Size}
	g.inWork.enter(e, b)
	defer g.inWork.leave(b)
	dir := &spoolDir{dir: g.cfg.TempDir, memory: g.cfg.Limits.Memory}
	persons := newPersons(func() *Spool { return dir.new(b) })
	res, err := g.cfg.Quarantine.Examine(ctx, src, e, persons)
	if err != nil {
		return failedResult(e, err)
	}
	res.Entry, res.Hashes = e, persons
	if distinct, err := persons.Distinct(); err != nil {
		return failedResult(e, err)
	} else if distinct != res.Distinct {
		return failedResult(e, errors.Join(errors.New("persons were lost on the way"), ErrCrashed))
	}
	res.own(ctx, src)
	return res
}

// crashed says that a process died over the file itself.
func (r *Result) crashed() bool {
	for _, p := range r.Items[0].Problems {
		if p.Kind == KindCrashed {
			return true
		}
	}
	return false
}
