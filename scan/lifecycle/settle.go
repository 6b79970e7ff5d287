package lifecycle

import (
	"context"
	"iter"
	"path"
	"slices"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// movesAtOnce is how many findings are stored in one transaction.
const movesAtOnce = 1000

// A Round is what one run learnt.
type Round struct {
	// Results yields the files that have a finding and those that may get one,
	// gone ones too, by target and path.
	Results iter.Seq2[*scan.Result, error]
	Judge   func(*scan.Result) scan.Judgement
	// Complete has the targets of the run, and whether their walk reached its end.
	Complete map[string]bool
	At       time.Time // UTC
}

// Settle takes down what became of findings in a run.
func Settle(ctx context.Context, to scan.Settler, r Round) error {
	var moves []scan.Move
	var lost, fresh []candidate
	keep := func(m scan.Move, ok bool) {
		if ok {
			moves = append(moves, m)
		}
	}
	for res, err := range r.Results {
		if err != nil {
			return err
		}
		complete, walked := r.Complete[res.Entry.Target]
		if !walked {
			continue
		}
		s := seenAs(res, r.Judge(res), complete)
		switch {
		case res.Finding == nil:
			if s.noted() {
				fresh = append(fresh, candidate{res.ID, res.Entry, s, nil})
			}
		case s.gone && res.Finding.Stage.Open() && found(res.Finding.Basis.Status):
			lost = append(lost, candidate{res.ID, res.Entry, s, res.Finding})
		default:
			keep(next(*res.Finding, s, r.At))
		}
	}
	former := byContent(lost)
	for _, c := range fresh {
		if l := former.take(c); l != nil {
			f := *l.finding
			f.File, c.seen.moved, l.finding = c.file, l.entry.Target+"/"+l.entry.Path, nil
			keep(next(f, c.seen, r.At))
			continue
		}
		m := begin(c.seen, r.At)
		m.Finding.File = c.file
		moves = append(moves, m)
	}
	for _, c := range lost {
		if c.finding != nil {
			keep(next(*c.finding, c.seen, r.At))
		}
	}
	for batch := range slices.Chunk(moves, movesAtOnce) {
		if err := to.Settle(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// A candidate is a file that was lost, or one that is new to the ledger: they
// may be the same one in another place.
type candidate struct {
	file    int64
	entry   scan.Entry
	seen    seen
	finding *scan.Finding // of one that was lost; nil: taken
}

// A content is what is known of a file besides its place.
type content struct{ size, modTime, records, persons int64 }

func contentOf(b scan.Basis) content {
	return content{b.Size, b.ModTime.UnixMicro(), b.Records, b.Persons}
}

// formers are the lost files by their content.
type formers map[content][]*candidate

func byContent(lost []candidate) formers {
	f := formers{}
	for i := range lost {
		c := contentOf(lost[i].finding.Basis)
		f[c] = append(f[c], &lost[i])
	}
	return f
}

// take finds the file that was lost and is c now: of the same size and time,
// with as many records and persons. Of several, one of the same name.
func (f formers) take(c candidate) *candidate {
	key := contentOf(c.seen.basis)
	list := f[key]
	if len(list) == 0 || key.records == 0 {
		return nil
	}
	i := slices.IndexFunc(list, func(l *candidate) bool { return path.Base(l.entry.Path) == path.Base(c.entry.Path) })
	i = max(i, 0)
	l := list[i]
	f[key] = slices.Delete(list, i, i+1)
	return l
}
