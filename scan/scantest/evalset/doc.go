// Package evalset makes labelled office documents, by which the detection of
// pension numbers is measured: lists, forms, mails and exports that hold such
// numbers, and more that hold what only looks like them.
//
// The same seed gives the same documents. What a document holds is known from
// how it was made; no detector has a part in it. Scenarios marked as held, and
// the odd half of every list of wordings, are kept out of what weights may be
// fitted to, so that the held-back figures are about words and layouts which no
// fit has seen.
//
// Read it in this order: doc.go, draft.go (a document in the making), words.go
// and values.go (how people write), sheet.go (a table and its dirt), holding.go
// and forms.go (what holds numbers), alike.go, numbers.go and papers.go (what
// does not), structure.go, structurelines.go and spelling.go (what programs write, with numbers and
// without), baseline.go (two published rules to compare with), score.go.
package evalset

import (
	"fmt"
	"math/rand/v2"

	"github.com/kagiban/kagiban/scan"
)

// A Doc is one labelled document.
type Doc struct {
	Path     string // with '/'
	Scenario string // the situation it comes from
	Family   string // "pension", or the look-alike that it holds
	Held     bool   // kept back from fitting
	Data     []byte
	Rows     [][]string // what it says, for rules that work on text
	Truth    Truth
	raw      bool // its rows are lines, and not those of a table
}

// A Truth is what a document holds.
type Truth struct {
	Holds bool // pension numbers
	// Unsure marks a document of which nobody could be certain: to hand it to
	// a person is as right as to call it a finding.
	Unsure  bool
	Records int64
	Persons int64
	Classes scan.Classes
	Numbers []uint64 // of all records, repeated
}

// Generate makes about n documents, half of them or more look-alikes.
func Generate(seed uint64, n int) ([]Doc, error) {
	people := newPeople(seed, 6000)
	var docs []Doc
	all := scenarios()
	for i := 0; len(docs) < n; i++ {
		s := all[i%len(all)]
		held := s.held || i/len(all)%4 == 3
		d := &draft{
			Rand: rand.New(rand.NewPCG(seed, uint64(i)+1)), held: held, people: people, kind: "csv",
			numbers: map[uint64]bool{}, path: fmt.Sprintf("%s/%04d", s.name, i),
		}
		s.write(d)
		doc, err := d.finish(i)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		doc.Scenario, doc.Family = s.name, s.family
		docs = append(docs, doc)
	}
	return docs, nil
}

// A scenario writes documents of one kind.
type scenario struct {
	name, family string
	held         bool
	write        func(*draft)
}

const pension = "pension"
