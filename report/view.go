package report

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A view is a file in the words of its reader. All texts are safe to show. It is
// made of parts that each say something of their own.
type view struct {
	viewFile
	viewProtection
	viewExamination
	viewAccess
	viewLife
	shown
}

// The parts of a view: the file itself, whether it opens without a password,
// what was found and what could not be examined, who can read it.
type (
	viewFile        struct{ shown }
	viewProtection  struct{ shown }
	viewExamination struct{ shown }
	viewAccess      struct{ shown }
)

// shown is what all parts look at.
type shown struct {
	File
	words words
	clock clock
	made  time.Time // when the report was
}

// FindingNumber writes the number of a finding as reports show it.
func FindingNumber(n int64) string { return fmt.Sprintf("K%05d", n) }

func newView(f File, w words, b *Book) view {
	s := shown{f, w, b.clock(), b.Made}
	return view{viewFile{s}, viewProtection{s}, viewExamination{s}, viewAccess{s}, viewLife{s}, s}
}

// Number is that of the finding: it stays when the file is renamed or moved.
func (v viewFile) Number() string {
	if v.Result.Finding == nil {
		return ""
	}
	return FindingNumber(v.Result.Finding.Number)
}

func (v viewFile) Target() string     { return visible(v.Entry.Target) }
func (v viewFile) Path() string       { return visible(v.Entry.Path) }
func (v viewFile) Department() string { return v.words.folder(v.File.Department.Name) }
func (v viewFile) Name() string       { return visible(path.Base(v.Entry.Path)) }
func (v viewFile) Owner() string      { return visible(v.Entry.Owner) }
func (v viewFile) StatusWord() string { return v.words.code("status", string(v.Status)) }
func (v viewFile) ReasonWord() string { return v.words.code("reason", v.Reason) }
func (v shown) Found() bool           { return hasRecords(v.Status) }

// Folder is the path without the name.
func (v viewFile) Folder() string {
	if dir := path.Dir(v.Entry.Path); dir != "." {
		return visible(dir)
	}
	return ""
}

// Format is that of the file itself.
func (v viewFile) Format() string {
	if len(v.Items) == 0 {
		return ""
	}
	return v.Items[0].Format
}

// Inner names the members with findings, each by its path.
func (v viewFile) Inner() []string {
	var names []string
	for _, item := range v.Items {
		if len(item.Inner) > 0 && item.Findings.High.Records+item.Findings.Medium.Records > 0 {
			names = append(names, innerName(item.Inner))
		}
	}
	return names
}

func innerName(inner []string) string { return visible(strings.Join(inner, " > ")) }

// Class is the gravest class among the records.
func (v viewFile) Class() string {
	for _, c := range classes(v.Counts.Classes, v.words) {
		if c.N > 0 {
			return c.Name
		}
	}
	return ""
}

// ClassRank orders classes, the gravest first.
func (v viewFile) ClassRank() int {
	for i, c := range classes(v.Counts.Classes, v.words) {
		if c.N > 0 {
			return i
		}
	}
	return len(classes(scan.Classes{}, v.words))
}

// Places lists where the numbers were given, in the order of the tables.
func (v viewFile) Places() string {
	if len(v.Counts.Places) == 0 {
		return ""
	}
	var list []string
	for _, p := range byPlace(v.Counts.Places) {
		if p.N > 0 {
			list = append(list, v.words.code("place", p.Code)+" "+count(p.N))
		}
	}
	return strings.Join(list, v.words.text("separator"))
}

// Verdict says whether the file itself needs a password.
func (v viewProtection) Verdict() string {
	if len(v.Items) == 0 {
		return v.words.code("verdict", scan.VerdictUnknown.String())
	}
	return v.words.code("verdict", v.Items[0].Protection.Verdict.String())
}

// Scheme names the kinds of encryption in the file.
func (v viewProtection) Scheme() string {
	var list []string
	for _, item := range v.Items {
		if s := item.Protection.Scheme; s != "" {
			list = append(list, v.words.code("scheme", s))
		}
	}
	return v.join(list)
}

// StrengthWord is the weakest protection, "" where nothing is protected.
func (v viewProtection) StrengthWord() string {
	for _, item := range v.Items {
		if item.Protection.Verdict.Closed() {
			return v.words.strength(string(Strength(v.Result)))
		}
	}
	return ""
}

// Notes explain the verdict against what the owner may believe.
func (v viewProtection) Notes() string {
	var list []string
	for _, n := range v.notes() {
		list = append(list, v.words.code("note", string(n)))
	}
	return v.join(list)
}

func (v viewProtection) notes() []scan.Note {
	var list []scan.Note
	for _, item := range v.Items {
		list = append(list, item.Protection.Notes...)
	}
	return list
}

// PartialWord says that some part of the file was not examined.
func (v viewExamination) PartialWord() string {
	if v.Partial {
		return v.words.text("yes")
	}
	return ""
}

// Weak is true of protected files whose password needs attention.
func (v viewProtection) Weak() bool { return v.Status == scan.StatusProtected && len(v.advice()) > 0 }

// Advice says what to do about a protection.
func (v viewProtection) Advice() string { return strings.Join(v.advice(), " ") }

func (v viewProtection) advice() []string {
	var list []string
	if Strength(v.Result) == scan.StrengthWeak {
		list = append(list, v.words.text("advice.weak"))
	}
	for _, n := range v.notes() {
		if v.words.has("advice", string(n)) {
			list = append(list, v.words.code("advice", string(n)))
		}
	}
	return unique(list)
}

// Problems says what was not examined and why, with the detail for a technician.
func (v viewExamination) Problems() []string {
	var list []string
	for _, item := range v.Items {
		for _, p := range item.Problems {
			text := v.words.code("reason", string(p.Kind))
			if len(item.Inner) > 0 {
				text = innerName(item.Inner) + ": " + text
			}
			if detail := v.words.detail(p.Detail); detail != "" && detail != text {
				text += v.words.text("detail", detail)
			}
			list = append(list, text)
		}
	}
	return unique(list)
}

// Remedy says what to do about what was not examined.
func (v viewExamination) Remedy() string {
	var list []string
	for _, item := range v.Items {
		for _, p := range item.Problems {
			if v.words.has("remedy", string(p.Kind)) {
				list = append(list, v.words.code("remedy", string(p.Kind)))
			}
		}
	}
	return strings.Join(unique(list), " ")
}

// ExceptionNumber is that of the exception which covers the file.
func (v viewExamination) ExceptionNumber() string {
	switch {
	case v.Exception != nil:
		return fmt.Sprint(v.Exception.ID)
	case v.Expired != nil && v.Status == scan.StatusViolation:
		return v.words.text("exception.expired", v.Expired.ID)
	}
	return ""
}

// ExceptionReason is what was said for it.
func (v viewExamination) ExceptionReason() string {
	if v.Exception == nil {
		return ""
	}
	return visible(v.Exception.Reason)
}

// Day and Minute write times for people.
func (v shown) Day(t time.Time) string    { return v.clock.day(t) }
func (v shown) Minute(t time.Time) string { return v.clock.minute(t) }

// An evidence is a hit in the words of its reader.
type evidence struct {
	Inner, Table, Column, Masked, Confidence, Why string
	Row, Score                                    int
}

// Evidence lists the hits of all items, at most n, best first.
func (v viewExamination) Evidence() []evidence {
	var list []evidence
	for _, item := range v.Items {
		for _, h := range item.Findings.Hits {
			var why []string
			for _, code := range h.Why {
				why = append(why, v.words.code("why", code))
			}
			list = append(list, evidence{
				Inner: innerName(item.Inner), Table: visible(h.Table), Column: visible(h.Column), Masked: visible(h.Masked),
				Row: h.Row, Score: h.Score, Confidence: v.words.code("confidence", string(h.Confidence)), Why: v.join(why),
			})
		}
	}
	slices.SortStableFunc(list, func(a, b evidence) int { return cmp.Compare(b.Score, a.Score) })
	return list[:min(len(list), maxEvidence)]
}

const (
	maxEvidence      = 10 // shown for one file
	maxEvidenceLines = 2  // of them where they share a cell
)

// EvidenceLines are the best evidence, a line each. What speaks for a column is
// said once.
func (v viewExamination) EvidenceLines() []string {
	var list []string
	said := ""
	for i, e := range v.Evidence() {
		if i == maxEvidenceLines {
			break
		}
		var where []string
		for _, part := range []string{e.Inner, e.Table} {
			if part != "" {
				where = append(where, part)
			}
		}
		line := fmt.Sprintf("%s: %s [%d]", strings.Join(append(where, fmt.Sprint(e.Row), e.Column), " / "), e.Masked, e.Score)
		if e.Why != "" && e.Why != said {
			line += " " + e.Why
		}
		said = e.Why
		list = append(list, line)
	}
	return list
}

func (v shown) join(list []string) string {
	return strings.Join(unique(list), v.words.text("separator"))
}

// unique drops what was said before.
func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
