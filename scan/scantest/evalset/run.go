package evalset

import (
	"context"
	"fmt"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/kagiban/kagiban/scan/scantest"
)

// Scan takes documents through the whole pipeline, from bytes to judgement, and
// gives the results by path.
func Scan(ctx context.Context, d scan.Detector, docs []Doc) (map[string]*scan.Result, error) {
	return scanAll(ctx, d, docs, false)
}

// scanAll is Scan that may keep evidence of low confidence.
func scanAll(ctx context.Context, d scan.Detector, docs []Doc, low bool) (map[string]*scan.Result, error) {
	files := map[string][]byte{}
	for _, doc := range docs {
		files[doc.Path] = doc.Data
	}
	store := &scantest.MemoryStore{}
	cfg := engine.Config{
		Targets: []engine.Target{{Name: "evaluation", Open: func(context.Context) (scan.Source, error) {
			return &scantest.MemorySource{Files: files}, nil
		}}},
		Formats: format.List(), Detector: d, Store: store, Limits: scan.DefaultLimits(), Workers: 2, LowHits: low,
	}
	if _, err := engine.Run(ctx, cfg); err != nil {
		return nil, err
	}
	by := map[string]*scan.Result{}
	for _, r := range store.Kept {
		by[r.Entry.Path] = r
	}
	if len(by) != len(docs) {
		return nil, fmt.Errorf("%d results for %d documents", len(by), len(docs))
	}
	return by, nil
}

// AnswerOf is what a reader of the report learns of one document.
func AnswerOf(r *scan.Result) Answer {
	j := policy.Policy{}.Judge(r)
	a := Answer{Records: j.Counts.Records, Persons: j.Persons, Classes: j.Counts.Classes}
	a.Sure = j.Status == scan.StatusViolation
	a.Found = a.Sure || j.Status == scan.StatusReview
	return a
}
