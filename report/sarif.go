package report

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// A sarifReport is one run in SARIF 2.1.0 (OASIS, 2020-03-27), for programs that
// collect findings of many tools. It holds violations, reviews, and what could not
// be examined; results are written as they come.
type sarifReport struct {
	out   *bufio.Writer
	book  *Book
	words words
	first bool
	err   error
}

// The parts of a SARIF log that are written here.
type (
	sarifText struct {
		Text string `json:"text"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
		FullDescription  sarifText `json:"fullDescription"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints,omitempty"`
		Baseline     string             `json:"baselineState,omitempty"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Properties   map[string]any     `json:"properties,omitempty"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
)

// sarifLevels are the statuses that are results, by their level.
func sarifLevels() map[scan.Status]string {
	return map[scan.Status]string{scan.StatusViolation: "error", scan.StatusReview: "warning", scan.StatusUnchecked: "note", scan.StatusExcepted: "error"}
}

func newSARIF(w io.Writer, b *Book) (writer, error) {
	r := &sarifReport{out: bufio.NewWriter(w), book: b, words: wordsIn(b.Lang), first: true}
	driver := sarifDriver{Name: "kagiban", Version: b.Version, InformationURI: "https://github.com/kagiban/kagiban"}
	for _, s := range []scan.Status{scan.StatusViolation, scan.StatusReview, scan.StatusUnchecked} {
		driver.Rules = append(driver.Rules, sarifRule{string(s), sarifText{r.words.code("status", string(s))}, sarifText{r.words.code("meaning", string(s))}})
	}
	text, err := json.Marshal(driver)
	if err != nil {
		return nil, err
	}
	r.write(`{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":` + string(text) + `},"columnKind":"unicodeCodePoints","results":[`)
	return r, r.err
}

func (r *sarifReport) write(text string) {
	if r.err == nil {
		_, r.err = r.out.WriteString(text)
	}
}

// PutRight implements writer: what is closed is no result.
func (r *sarifReport) PutRight(File) error { return nil }

// File implements writer.
func (r *sarifReport) File(f File) error {
	level := sarifLevels()[f.Status]
	if level == "" {
		return nil
	}
	v := newView(f, r.words, r.book)
	res := sarifResult{
		RuleID: string(f.Status), Level: level, Message: sarifText{r.message(v)},
		Locations:  []sarifLocation{{sarifPhysical{sarifArtifact{fileURI(f.Entry)}}}},
		Properties: map[string]any{"records": f.Counts.Records, "persons": f.Persons, "class": gravest(f.Counts.Classes)},
	}
	if f.Status == scan.StatusExcepted {
		res.RuleID = string(scan.StatusViolation)
		res.Suppressions = []sarifSuppression{{"external", sarifReason(v)}}
	}
	if f.Finding != nil {
		res.Fingerprints = map[string]string{"kagiban/v1": v.Number()}
		res.Baseline = map[scan.Stage]string{scan.StageNew: "new", scan.StageRecurred: "new"}[f.Finding.Stage]
		if res.Baseline == "" {
			res.Baseline = "unchanged"
		}
	}
	text, err := json.Marshal(res)
	if err != nil {
		return err
	}
	if !r.first {
		r.write(",")
	}
	r.first = false
	r.write("\n" + string(escaped(text)))
	return r.err
}

func sarifReason(v view) string {
	if v.Exception != nil {
		return MaskName(v.ExceptionReason())
	}
	return v.ReasonWord()
}

// message is the sentence for who must act, or why it could not be examined.
func (r *sarifReport) message(v view) string {
	switch {
	case v.Act() != "":
		return v.Act()
	case v.Reason != "":
		return v.StatusWord() + ": " + v.ReasonWord()
	}
	return r.words.code("meaning", string(v.Status))
}

// fileURI writes the place of a file as a URI (RFC 3986; smb and file schemes).
func fileURI(e scan.Entry) string {
	base := e.Target
	if !strings.Contains(base, "://") {
		base = "file://" + (&url.URL{Path: strings.ReplaceAll(base, `\`, "/")}).EscapedPath()
	}
	return strings.TrimSuffix(base, "/") + "/" + (&url.URL{Path: clean(e.Path)}).EscapedPath()
}

// End implements writer.
func (r *sarifReport) End() error {
	r.write("\n]}]}\n")
	return errors.Join(r.err, r.out.Flush())
}
