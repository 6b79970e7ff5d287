package report

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A line is one file in jsonl. It is a contract: other programs read it.
type line struct {
	Target      string           `json:"target"`
	Path        string           `json:"path"`
	Size        int64            `json:"size"`
	MTime       string           `json:"mtime"`
	Owner       string           `json:"owner"`
	Format      string           `json:"format"`
	Protection  scan.Protection  `json:"protection"`
	Status      scan.Status      `json:"status"`
	Reason      string           `json:"reason"`
	Records     int64            `json:"records"`
	Persons     int64            `json:"persons"`
	Classes     scan.Classes     `json:"classes"`
	Prefectures map[string]int64 `json:"prefectures"`
	Items       []lineItem       `json:"items"`
	Problems    []lineProblem    `json:"problems"`
}

type lineItem struct {
	Inner      []string        `json:"inner"`
	Format     string          `json:"format"`
	Protection scan.Protection `json:"protection"`
	Records    int64           `json:"records"`
	Confidence scan.Confidence `json:"confidence"`
	Evidence   []scan.Hit      `json:"evidence"`
}

type lineProblem struct {
	Inner  []string `json:"inner"`
	Kind   string   `json:"kind"`
	Detail string   `json:"detail"`
}

// writeJSONL writes one object for each file and nothing else.
func writeJSONL(_ context.Context, w io.Writer, b *Book) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for f, err := range b.Files() {
		if err != nil {
			return err
		}
		if err := enc.Encode(lineOf(f)); err != nil {
			return err
		}
	}
	return nil
}

func lineOf(f File) line {
	l := line{
		Target: f.Entry.Target, Path: clean(f.Entry.Path), Size: f.Entry.Size, Owner: f.Entry.Owner,
		Status: f.Status, Reason: f.Reason, Records: f.Counts.Records, Persons: f.Persons,
		Classes: f.Counts.Classes, Prefectures: f.Counts.Places, Items: []lineItem{}, Problems: []lineProblem{},
	}
	if !f.Entry.ModTime.IsZero() {
		l.MTime = f.Entry.ModTime.UTC().Format(time.RFC3339Nano)
	}
	if l.Prefectures == nil {
		l.Prefectures = map[string]int64{}
	}
	for i, item := range f.Items {
		inner := item.Inner
		if inner == nil {
			inner = []string{}
		}
		if i == 0 {
			l.Format, l.Protection = item.Format, item.Protection
		}
		confidence := item.Findings.Confidence()
		if i > 0 || confidence != "" {
			l.Items = append(l.Items, lineItem{inner, item.Format, item.Protection, item.Findings.High.Records + item.Findings.Middle.Records, confidence, hits(item.Findings.Hits)})
		}
		for _, p := range item.Problems {
			l.Problems = append(l.Problems, lineProblem{inner, string(p.Kind), p.Detail})
		}
	}
	return l
}

func hits(list []scan.Hit) []scan.Hit {
	if list == nil {
		return []scan.Hit{}
	}
	return list
}

// clean makes a name valid UTF-8, as JSON needs it.
func clean(name string) string { return strings.ToValidUTF8(name, "\uFFFD") }
