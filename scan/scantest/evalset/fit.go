package evalset

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
)

// A case is one judged column (or one class of numbers in text): the parts that
// spoke, and whether it held pension numbers.
type fitCase struct {
	parts []string
	holds bool
	count float64
}

// cases takes them from what was judged in documents, evidence of low
// confidence included. The truth is that of the documents: a sample belongs to
// a pension number if its masked form is that of one of the document's, in its row
// where the row can be told.
func cases(docs []Doc, results map[string]*scan.Result) []fitCase {
	byKey := map[string]*fitCase{}
	for _, doc := range docs {
		numbers := map[string]bool{}
		for _, n := range doc.Truth.Numbers {
			numbers[fmt.Sprintf("****-****%02d", n%100)] = true
		}
		holds := func(h *scan.Hit) bool { return numbers[h.Masked] && doc.maybeIn(h.Row, h.Masked) }
		seen := map[string]bool{}
		for _, item := range results[doc.Path].Items {
			for _, h := range item.Findings.Hits {
				parts := strings.Join(h.Why, " ")
				once := h.Table + "\x00" + h.Column + "\x00" + parts
				if seen[once] || slices.Contains(h.Why, "limited") {
					continue // a limit decided, whatever the weights
				}
				seen[once] = true
				key := fmt.Sprint(holds(&h), " ", parts)
				if byKey[key] == nil {
					byKey[key] = &fitCase{parts: h.Why, holds: holds(&h)}
				}
				byKey[key].count++
			}
		}
	}
	var list []fitCase
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		list = append(list, *byKey[key])
	}
	return list
}

// maybeIn reports whether evidence of a row that ends in those two digits is one of
// the document's numbers: the row holds one that ends so, whole or in two parts. In a
// addRow that holds another whole number that ends so it is none.
func (d *Doc) maybeIn(row int, masked string) bool {
	if d.raw || row < 1 || row > len(d.Rows) {
		return true
	}
	var cells []string
	for _, cell := range d.Rows[row-1] {
		cells = append(cells, digitsOf(cell))
	}
	end := masked[len(masked)-2:]
	for _, n := range d.Truth.Numbers {
		if fmt.Sprintf("%02d", n%100) != end {
			continue
		}
		for i, c := range cells {
			if strings.Contains(c, fmt.Sprint(n)) || i+1 < len(cells) && same(c, n/1e6) && same(cells[i+1], n%1e6) {
				return true
			}
		}
	}
	return !slices.ContainsFunc(cells, func(c string) bool { return len(c) >= 9 && strings.HasSuffix(c, end) })
}

func same(digits string, part uint64) bool {
	return digits != "" && strings.TrimLeft(digits, "0") == fmt.Sprint(part)
}

// digitsOf returns the digits of a text, in ASCII.
func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

const (
	fitScale  = 6.5 // points that double the odds about 1.1 times: 25 are 50 to 1
	fitMiddle = 50  // points at which both answers are equally likely
	fitTrust  = 5   // points by which a weight may well differ from what was thought: the documents are ours, offices are wider
	fitSteps  = 3000
)

// Fit finds the weights that make the documents most likely, each held back
// toward what was thought before by a normal prior: logistic regression by
// gradient descent. Parts that the documents say nothing about stay as they are.
func Fit(docs []Doc, results map[string]*scan.Result) []detectors.Weight {
	weights := detectors.Weights()
	index := map[string]int{}
	w := make([]float64, len(weights))
	for i, x := range weights {
		index[x.Code], w[i] = i, float64(x.Prior)
	}
	list := cases(docs, results)
	// steps are short enough for the steepest that the loss can be in each
	// direction, with all parts of a case moving at once.
	steep := make([]float64, len(w))
	for _, c := range list {
		for _, part := range c.parts {
			if i, ok := index[part]; ok {
				steep[i] += c.count * float64(len(c.parts)) / 4 / (fitScale * fitScale)
			}
		}
	}
	for range fitSteps {
		gradient := make([]float64, len(w))
		for _, c := range list {
			sum := -float64(fitMiddle)
			for _, part := range c.parts {
				if i, ok := index[part]; ok {
					sum += w[i]
				}
			}
			miss := 1 / (1 + math.Exp(-sum/fitScale))
			if c.holds {
				miss--
			}
			for _, part := range c.parts {
				if i, ok := index[part]; ok {
					gradient[i] += c.count * miss / fitScale
				}
			}
		}
		for i := range w {
			gradient[i] += (w[i] - float64(weights[i].Prior)) / (fitTrust * fitTrust)
			w[i] -= gradient[i] / (steep[i] + 1.0/(fitTrust*fitTrust))
			if prior := float64(weights[i].Prior); w[i]*prior < 0 {
				w[i] = 0 // what speaks for a number never speaks against it
			}
		}
	}
	for i := range weights {
		weights[i].Points = int(math.Round(w[i]))
	}
	return weights
}
