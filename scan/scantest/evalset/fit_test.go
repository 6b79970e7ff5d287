package evalset

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/detectors"
)

var (
	update = flag.Bool("update", false, "write what was measured into the manual")
	fit    = flag.Bool("fit", false, "fit the weights anew and write them into package detectors")
)

// The seeds of the documents to fit to and to measure by.
const (
	fitSeed      = 2015
	evaluateSeed = 1
	evaluated    = 2400
	fitSlack     = 3 // points by which a change elsewhere may move a weight
)

// TestFit fits the weights to the training half and demands that those in use
// are what comes out; make fit writes them.
func TestFit(t *testing.T) {
	all, err := Generate(fitSeed, evaluated)
	if err != nil {
		t.Fatal(err)
	}
	var train []Doc
	for _, d := range all {
		if !d.Held {
			train = append(train, d)
		}
	}
	results, err := scanAll(t.Context(), detectors.New([]byte("key")), train, true)
	if err != nil {
		t.Fatal(err)
	}
	fitted := Fit(train, results)
	if !*fit {
		for i, w := range detectors.Weights() {
			if d := fitted[i].Points - w.Points; d < -fitSlack || d > fitSlack {
				t.Errorf("weight %s is %d, fitted it is %d: run make fit", w.Code, w.Points, fitted[i].Points)
			}
		}
		return
	}
	const path, begin, end = "../../../detectors/internal/score/weights.go", "\t\t// weights\n", "\t\t// end of weights\n"
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(source), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("weights.go has no marks")
	}
	var b strings.Builder
	for _, w := range fitted {
		fmt.Fprintf(&b, "\t\t{%q, %d, %d},\n", w.Code, w.Points, w.Prior)
	}
	t.Log(b.String())
	if err := os.WriteFile(path, []byte(before+begin+b.String()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
