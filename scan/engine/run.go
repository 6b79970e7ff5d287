package engine

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kagiban/kagiban/scan"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// Config is what a run needs. Targets, Formats, Detector and Store are required.
type Config struct {
	Targets  []Target
	Formats  []scan.Format // ordered: the first that matches decides
	Detector scan.Detector
	Store    scan.Store
	Limits   scan.Limits
	Workers  int    // large files examined at a time; 0 means one a core, at least four. See capacity.go
	Memory   int64  // bytes that the process should stay below; 0 means no bound. See pressure.go
	Full     bool   // examine unchanged files too
	TempDir  string // for spools; "" means the system's
	// Isolator runs Format.Isolated; without it such content is not read.
	Isolator scan.Isolator
	// Quarantine examines what was under examination when an earlier run died;
	// without it that is done here.
	Quarantine scan.Quarantine
	// Passwords that the organisation itself has declared to be no secret.
	Passwords []string
	// PasswordsID names that list in the state: another list has another name,
	// from which nobody can learn it (a keyed hash).
	PasswordsID string
	// Nearby tries on a protected file the passwords that stand in the mail
	// around it or in a text file beside it.
	Nearby *scan.PasswordHints
	// Streams lists the alternate data streams of every file; those of files
	// with findings are always listed. Each is examined like a file.
	Streams bool
	// LowHits keeps evidence of low confidence too: to explain, not to report.
	LowHits bool
	// Progress, if not nil, is called from one goroutine at a time, after each
	// file and once a second besides; it must be quick.
	Progress func(Progress)
	// Slowest is how many of the files that took longest the summary names.
	Slowest int
	// CountAhead walks each target a second time beside the scan, so that
	// progress knows how much there is.
	CountAhead bool
}

// A Target is one place to walk.
type Target struct {
	Name string // as Entry.Target
	Open func(context.Context) (scan.Source, error)
	// Until, if not nil, is asked when the target's turn comes: the moment at
	// which its walk stops, to be gone on with in the next run. Zero is never.
	Until func() time.Time
	// Skip returns the rule by which a file is left out, "" for none; it may be nil.
	Skip func(scan.Entry) string
}

// Summary is the outcome of a run; what was found is in the Store.
type Summary struct {
	Targets []TargetSummary
	Files   int64 // seen in all targets
	Kept    int64 // of Files, not examined again
	Elapsed time.Duration
	Slowest []FileTime // the longest first; as many as were asked for
}

// A FileTime is how long the examination of a file took, with what it waited for.
type FileTime struct {
	Target, Path string
	Size         int64 // bytes
	Took         time.Duration
}

// A TargetSummary says whether a target was walked to its end.
type TargetSummary struct {
	Name  string
	Files int64
	Err   error // nil: complete
}

// Run walks all targets and stores a result for each file. Trouble with a file
// is in its result, trouble with a target in the summary; the error is for
// what makes the run itself impossible: a store that fails, a cancelled context.
func Run(ctx context.Context, cfg Config) (Summary, error) {
	g := newEngine(&cfg)
	if cfg.CountAhead {
		ahead, stop := context.WithCancel(ctx)
		var counting sync.WaitGroup
		defer counting.Wait()
		defer stop()
		counting.Go(func() { g.track.counted.Store(g.track.countAhead(ahead, cfg.Targets)) })
	}
	defer g.track.showOften()()
	var sum Summary
	for _, target := range cfg.Targets {
		t, err := g.target(ctx, target)
		sum.Targets = append(sum.Targets, t)
		if err != nil {
			return g.finish(sum), err
		}
	}
	return g.finish(sum), nil
}

// An engine is one run.
type engine struct {
	cfg      Config
	revision *revision
	capacity *capacity
	decoders *semaphore.Weighted // bytes of Limits.Decoder
	active   *atomic.Int64       // files under examination
	locked   *lockedFiles        // of the present target
	suspects *suspects           // likewise
	last     string              // the entry that the walk visited last
	track    *tracker
	// divert, if not nil, takes what would be examined: see node.go.
	divert func(scan.Entry) error
}

func newEngine(cfg *Config) *engine {
	if cfg.Workers <= 0 {
		cfg.Workers = max(4, runtime.GOMAXPROCS(0))
	}
	g := &engine{cfg: *cfg, revision: newRevision(cfg), capacity: newCapacity(cfg.Workers), active: &atomic.Int64{}, suspects: &suspects{}, track: &tracker{show: cfg.Progress, start: time.Now(), inWork: inWork{most: cfg.Slowest}}}
	if cfg.Limits.Decoder > 0 {
		g.decoders = semaphore.NewWeighted(cfg.Limits.Decoder)
	}
	return g
}

func (g *engine) finish(s Summary) Summary {
	s.Slowest = g.track.inWork.slowest
	s.Files, s.Kept, s.Elapsed = g.track.progress.Files, g.track.progress.Kept, time.Since(g.track.start)
	return s
}

// target scans one target to its end. The error is fatal for the run.
func (g *engine) target(ctx context.Context, t Target) (TargetSummary, error) {
	sum := TargetSummary{Name: t.Name}
	before := g.track.progress.Files
	g.track.target(t.Name)
	until := t.until()
	src, err := (scan.Source)(nil), scan.ErrTimeUp
	if until.IsZero() || time.Now().Before(until) {
		src, err = t.Open(ctx)
	}
	if err != nil {
		sum.Err = err
		return sum, errors.Join(ctx.Err(), g.cfg.Store.Finish(ctx, t.Name, false))
	}
	if err := identify(ctx, g.cfg.Store, t.Name, src, true); err != nil && ctx.Err() == nil {
		return sum, errors.Join(err, src.Close())
	}
	walked, err := g.pipeline(ctx, t, until, src)
	_ = identify(ctx, g.cfg.Store, t.Name, src, false)
	if cerr := src.Close(); cerr != nil && walked == nil {
		walked = cerr
	}
	sum.Err, sum.Files = walked, g.track.progress.Files-before
	if err != nil {
		return sum, err
	}
	if errors.Is(walked, scan.ErrTimeUp) {
		if err := g.setBookmark(ctx, t.Name); err != nil {
			return sum, err
		}
	}
	err = g.cfg.Store.Finish(ctx, t.Name, walked == nil)
	if scan.Doubted(err) {
		sum.Err, err = err, nil
	}
	return sum, err
}

// pipeline walks a target. It returns how the walk ended and, apart, what is fatal.
func (g *engine) pipeline(ctx context.Context, t Target, until time.Time, src scan.Source) (walked, fatal error) {
	walk, err := g.walkOf(ctx, t.Name, src)
	if err != nil {
		return nil, err
	}
	if g.suspects, err = g.suspectsOf(ctx, t.Name); err != nil {
		return nil, err
	}
	return g.stages(ctx, until, src, func(ctx context.Context, files chan<- job, results chan<- scan.Outcome) error {
		return walk(ctx, g.visitor(ctx, t, until, files, results))
	}, g.record)
}

// stages are producer ─▶ workers ─▶ recorder. They return how the producer ended
// and, apart, what is fatal.
func (g *engine) stages(ctx context.Context, until time.Time, src scan.Source,
	produce func(context.Context, chan<- job, chan<- scan.Outcome) error, record func(context.Context, <-chan scan.Outcome) error,
) (produced, fatal error) {
	g.locked = &lockedFiles{}
	group, ctx := errgroup.WithContext(ctx)
	files := make(chan job)
	results := make(chan scan.Outcome)
	var producers sync.WaitGroup

	producers.Add(1 + g.capacity.files())
	group.Go(func() error {
		defer producers.Done()
		defer close(files)
		produced = produce(ctx, files, results)
		if err := g.retryLocked(ctx, produced == nil, until, files, results); err != nil {
			return err
		}
		g.locked.pending.Wait()
		if err := g.examineSuspects(ctx, src, results); err != nil {
			return err
		}
		var stop *fatalError
		if errors.As(produced, &stop) {
			return stop.err
		}
		return ctx.Err()
	})
	for range g.capacity.files() {
		group.Go(func() error {
			defer producers.Done()
			for j := range files {
				if err := g.work(ctx, src, j, results); err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error { producers.Wait(); close(results); return nil })
	group.Go(func() error { return record(ctx, results) })
	fatal = group.Wait()
	return produced, fatal
}

// fatalError carries the store's failure through a Source.Walk.
type fatalError struct{ err error }

func (e *fatalError) Error() string { return e.err.Error() }

// visitor decides for each file that the walk meets: left out, kept, or examined.
func (g *engine) visitor(ctx context.Context, t Target, until time.Time, files chan<- job, results chan<- scan.Outcome) func(scan.Entry, error) error {
	return func(e scan.Entry, err error) error {
		if !until.IsZero() && !time.Now().Before(until) {
			return scan.ErrTimeUp
		}
		g.last = e.Path
		e.Target = t.Name
		if skip := (*scan.SkipError)(nil); errors.As(err, &skip) {
			if skip.Rule == scan.RuleOffline {
				return g.enqueue(ctx, files, job{Entry: e, rule: skip.Rule})
			}
			return send(ctx, results, leftOut(e, skip.Rule))
		}
		if err != nil {
			return send(ctx, results, scan.Outcome(failedResult(e, &scan.ReadError{Err: err})))
		}
		if t.Skip != nil {
			if rule := t.Skip(e); rule != "" {
				return send(ctx, results, leftOut(e, rule))
			}
		}
		if !g.cfg.Full {
			reuse, err := g.cfg.Store.Known(ctx, e, g.revision.holds)
			if err != nil {
				return &fatalError{err}
			}
			switch reuse {
			case scan.Unchanged:
				if g.cfg.Streams {
					return g.enqueue(ctx, files, job{Entry: e, kept: true})
				}
				return send(ctx, results, scan.Outcome(&scan.Kept{Entry: e}))
			case scan.RefreshAccess:
				return g.enqueue(ctx, files, job{Entry: e, refresh: true})
			}
		}
		if g.divert != nil {
			return g.divert(e)
		}
		if g.suspects.putAside(e) {
			return nil
		}
		return g.enqueue(ctx, files, job{Entry: e})
	}
}

// leftOut is what is known of a file that a rule leaves out.
func leftOut(e scan.Entry, rule string) scan.Outcome {
	return &scan.LeftOut{Entry: e, Rule: rule, At: time.Now().UTC()}
}

// enqueue hands a file to a worker.
func (g *engine) enqueue(ctx context.Context, files chan<- job, j job) error {
	g.locked.pending.Add(1)
	err := send(ctx, files, j)
	if err != nil {
		g.locked.pending.Done()
	}
	return err
}

func send[T any](ctx context.Context, ch chan<- T, v T) error {
	select {
	case ch <- v:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A batch is written when it is full or old; little is lost by a kill, and a
// small file does not cost a transaction.
const (
	batchSize = 128
	batchAge  = time.Second
	// batchPersons bounds the hashes that wait for a transaction.
	batchPersons = 100_000
)

// record saves results in batches. It is inside the group: a store that fails
// ends the walk.
func (g *engine) record(ctx context.Context, results <-chan scan.Outcome) error {
	var batch []scan.Outcome
	var persons int64
	tick := time.NewTicker(batchAge)
	defer tick.Stop()
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		// What is done is kept even when the run is being cancelled.
		err := g.cfg.Store.Save(context.WithoutCancel(ctx), batch, nil)
		for _, o := range batch {
			if res, ok := o.(*scan.Result); ok && res.Hashes != nil {
				_ = res.Hashes.Close()
			}
		}
		batch, persons = batch[:0], 0
		if err != nil {
			return scan.Errorf("saving results: %w", err)
		}
		return nil
	}
	for {
		select {
		case o, more := <-results:
			if !more {
				return flush()
			}
			batch = append(batch, o)
			if res, ok := o.(*scan.Result); ok {
				persons += res.Distinct.High + res.Distinct.Medium
			}
			g.track.add(o)
			if len(batch) >= batchSize || persons >= batchPersons {
				if err := flush(); err != nil {
					return err
				}
			}
		case <-tick.C:
			if err := flush(); err != nil {
				return err
			}
		}
	}
}
