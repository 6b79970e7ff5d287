// Package report shows results: one file for each format of report, one line
// for each in List. A report is a rendering of the state, made at any time and
// without a server in reach.
//
// Texts are in a message catalogue (messages/ja.json, en.json). Names of files
// come from strangers; each writer says how it keeps them from being taken for
// anything but text.
//
// Read it in this order: assemble.go, book.go and totals.go (what is shown), text.go,
// name.go, place.go and access.go (its words), summary.go (all totals, once for all
// formats), view.go (a file in the words of its reader), column.go (the columns
// of csv and xlsx), then one file for each format. A new format is one file,
// one line in List and golden files for both languages.
package report

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Book is what every writer renders. Files are streamed, so that memory does
// not grow with their number; totals are counted before.
type Book struct {
	Lang    string    // "ja" or "en"
	Version string    // of kagiban
	Made    time.Time // UTC
	Zone    *time.Location
	// Calendar is the one of days for people: CalendarGregorian (also "") or
	// CalendarJapanese.
	Calendar string
	Targets  []Target
	Totals   *Totals
	Ledger   []scan.Exception // all that were ever granted
	Changes  *Changes         // what became of findings; nil: nothing is known of before
	Trend    []scan.Tally     // of earlier runs over the same targets, oldest first
	Due      DueRule
	// Declared is what departments said of themselves.
	Declared []Declaration
	Rule     Rule
	Limits   scan.Limits
	// Streams: the alternate data streams of all files were wanted, and not only of
	// those with findings.
	Streams bool
	// Files yields all files once, by target, folder and name.
	Files func() iter.Seq2[File, error]
	// Gone yields the files that were found in the open once and that a later
	// complete walk did not meet any more, or met without numbers in the open.
	Gone func() iter.Seq2[File, error]
}

func (b *Book) clock() clock { return clock{b.Zone, b.Calendar} }

// A File is a result with its judgement.
type File struct {
	*scan.Result
	scan.Judgement
	Department Department
	Due        time.Time              // last moment to put it right; zero: none
	Remarks    map[string]scan.Remark // what people said, by field
	OldRules   bool                   // judged by rules of before; it is read again when its turn comes
}

// Decided returns what a person decided about a file that is for review or could
// not be examined, as long as it is the file that was decided about; "" for nothing.
func (f File) Decided() string {
	r, ok := f.Remarks[scan.FieldDecision]
	if !ok || f.Finding == nil || !r.Holds(f.Finding.Basis) || f.Status != scan.StatusReview && f.Status != scan.StatusUnchecked {
		return ""
	}
	return r.Value
}

// A Rule is what a reader has to know of the policy by which files were judged.
type Rule struct {
	AcceptRestricted bool     // access that is restricted counts like a password
	RestrictedTo     []string // to these accounts and groups; empty: to all that are named
}

// A Target is a place that was walked.
type Target struct {
	Name      string
	Complete  bool      // the latest walk reached its end
	Completed time.Time // when one last did, UTC; zero: never
	Doubt     string    // why the latest walk proves nothing: scan.DoubtLoss, scan.DoubtIdentity; "" if it does
	Files     int64
	Bytes     int64
}

// A Format is one row in the table of report formats.
type Format struct {
	Name      string // as in --format
	Extension string // of the file it makes, with the dot; "" for one that is only printed
	// begin starts a report, with all that is known before the files are.
	begin func(io.Writer, *Book) (writer, error)
}

// A writer takes the files of one report as they come: first those that were
// put right, then all that are there.
type writer interface {
	// PutRight takes a file in which numbers in the open were found once.
	PutRight(File) error
	File(File) error
	// End writes what is left.
	End() error
}

// An Output is a report and where it goes.
type Output struct {
	Format Format
	To     io.Writer
}

// Write makes several reports in one pass over the files.
func Write(ctx context.Context, b *Book, outputs ...Output) (err error) {
	var writers []writer
	defer func() {
		for _, w := range writers {
			if c, ok := w.(io.Closer); ok {
				err = errors.Join(err, c.Close())
			}
		}
	}()
	for _, o := range outputs {
		w, err := o.Format.begin(o.To, b)
		if w != nil {
			writers = append(writers, w)
		}
		if err != nil {
			return scan.Errorf("%s report: %w", o.Format.Name, err)
		}
	}
	each := func(files iter.Seq2[File, error], take func(writer, File) error) error {
		for f, err := range files {
			if err := errors.Join(err, ctx.Err()); err != nil {
				return err
			}
			for i, w := range writers {
				if err := take(w, f); err != nil {
					return scan.Errorf("%s report: %w", outputs[i].Format.Name, err)
				}
			}
		}
		return nil
	}
	if err := each(b.Gone(), writer.PutRight); err != nil {
		return err
	}
	if err := each(b.Files(), writer.File); err != nil {
		return err
	}
	for i, w := range writers {
		if err := w.End(); err != nil {
			return scan.Errorf("%s report: %w", outputs[i].Format.Name, err)
		}
	}
	return nil
}
