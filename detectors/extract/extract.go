// Package extract takes numbers and what stands beside them out of files as they
// are: for the letters that have to be written after a leak. It is the only way by
// which a raw value leaves the detectors, and only the command recipients may
// import it; a test checks that. It hands out nobody but those who are asked for,
// by their keyed hashes.
package extract

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/detectors/internal/kind"
	"github.com/kagiban/kagiban/detectors/internal/layout"
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// A Person is one number in one row, with the texts that stand beside it. Where a
// row has several names (kanji and kana, a couple) all are there: which is whose is
// not guessed.
type Person struct {
	Hash                     uint64
	Number                   string // 1234-567890
	Interim                  bool   // a provisional number (99…)
	Names, Births, Addresses []string
}

// An Extractor is a detector that finds nothing and hands out persons. It may be
// used from several goroutines, and so is Take called.
type Extractor struct {
	asker  *detectors.Asker
	words  *vocab.Vocabulary
	places lex.Places
	wanted func(hash uint64) bool
	take   func(Person) error
}

var _ scan.Detector = (*Extractor)(nil)

// New makes an extractor under the key of the hashes.
func New(key []byte, wanted func(hash uint64) bool, take func(Person) error) *Extractor {
	return &Extractor{detectors.NewAsker(key), vocab.New(kind.Pension(), vocab.Own{}), lex.NewPlaces(), wanted, take}
}

// Revision implements scan.Detector; its results are never stored.
func (x *Extractor) Revision() string { return "extract" }

// Begin implements scan.Detector.
func (x *Extractor) Begin(scan.Subject) scan.Examination {
	e := &examination{Extractor: x}
	e.table = layout.New(x.words.NewReader(), x.places, e)
	return e
}

// mostPending bounds the rows that wait until it is known what their columns are.
const mostPending = 1000

// An examination sees one document.
type examination struct {
	*Extractor
	table   *layout.Table
	name    string
	begun   bool
	current *scan.Row
	cells   map[int]string // of the current row, once a number was seen in it
	pending []pending
	inRow   map[uint64]bool
}

// A pending is a number that waits for the judgement over the columns.
type pending struct {
	person Person
	cells  map[int]string
}

// Row implements scan.Examination.
func (e *examination) Row(r scan.Row) error {
	if e.begun && r.Table != e.name {
		if err := e.finish(); err != nil {
			return err
		}
	}
	if !e.begun {
		e.table.Begin()
		e.name, e.begun = r.Table, true
	}
	e.current, e.cells = &r, nil
	_, err := e.table.Row(&r)
	e.current = nil
	if err == nil && len(e.pending) >= mostPending {
		err = e.resolve()
	}
	return err
}

// Close implements scan.Examination.
func (e *examination) Close() (scan.Findings, error) {
	if !e.begun {
		return scan.Findings{}, nil
	}
	return scan.Findings{}, e.finish()
}

func (e *examination) finish() error {
	if err := e.table.Flush(); err != nil {
		return err
	}
	e.begun = false
	return e.EndTable()
}

// Observe implements layout.Sink.
func (e *examination) Observe(n observed.Number) (records int, err error) {
	if n.Form == lex.FormRounded {
		return 0, nil
	}
	text := fmt.Sprintf("%04d-%06d", n.Value/1e6, n.Value%1e6)
	typed, ok := e.asker.Ask([]byte(text))
	if ok && e.wanted(typed.Hash) {
		p := pending{person: Person{Hash: typed.Hash, Number: text, Interim: typed.Interim}}
		if n.Shape != observed.ShapeText && e.current != nil && e.current.N == n.Row {
			p.cells = e.copied()
		}
		e.pending = append(e.pending, p)
	}
	if n.Shape == observed.ShapeText {
		return 1, nil
	}
	if e.inRow == nil {
		e.inRow = map[uint64]bool{}
	}
	e.inRow[n.Value] = true
	return 0, nil
}

// copied are the texts of the current row: they are valid until Row returns.
func (e *examination) copied() map[int]string {
	if e.cells == nil {
		e.cells = map[int]string{}
		for _, c := range e.current.Cells {
			if len(c.Text) <= lex.AddressBytes {
				e.cells[c.Col] = string(c.Text)
			}
		}
	}
	return e.cells
}

// EndRow implements layout.Sink.
func (e *examination) EndRow(observed.Row) (records int, err error) {
	records = len(e.inRow)
	clear(e.inRow)
	return records, nil
}

// EndTable implements layout.Sink.
func (e *examination) EndTable() error { return e.resolve() }

// resolve hands out the persons that wait, by what is known of the columns now.
func (e *examination) resolve() error {
	roles := e.table.Observed().Roles
	for i := range e.pending {
		p := &e.pending[i]
		for _, role := range roles {
			for columns := role.Columns; columns != 0; columns &= columns - 1 {
				text := strings.TrimSpace(p.cells[e.table.ColumnOf(bits.TrailingZeros64(columns))])
				if text == "" {
					continue
				}
				switch role.Fact {
				case lex.Name:
					p.person.Names = append(p.person.Names, text)
				case lex.Birth:
					p.person.Births = append(p.person.Births, text)
				case lex.Address:
					p.person.Addresses = append(p.person.Addresses, text)
				}
			}
		}
		if err := e.take(p.person); err != nil {
			return err
		}
	}
	clear(e.pending)
	e.pending = e.pending[:0]
	return nil
}
