package report

import (
	"bufio"
	"encoding/json"
	"io"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// The lines of the jsonl of an impact: one "impact", then a "file" for each file
// and an "unmatched" for each line of the list that means none.

type impactLine struct {
	Type    string     `json:"type"` // "impact"
	Kagiban string     `json:"kagiban"`
	Made    time.Time  `json:"made"`
	From    *time.Time `json:"from,omitempty"`
	To      *time.Time `json:"to,omitempty"`
	Drill   bool       `json:"drill,omitempty"`
	Lines   int64      `json:"lines,omitempty"`

	All         impactSumLine    `json:"all"`
	Review      impactSumLine    `json:"review"`
	Protections []impactSumLine  `json:"protections"`
	Departments []impactSumLine  `json:"departments"`
	Readers     []impactSumLine  `json:"readers"`
	Kinds       map[string]int64 `json:"kinds"` // files
	Partial     int64            `json:"partial"`
}

type impactSumLine struct {
	Code          string           `json:"code,omitempty"`
	Name          string           `json:"name,omitempty"`
	Files         int64            `json:"files"`
	Records       int64            `json:"records"`
	Persons       int64            `json:"persons"`
	Classes       scan.Classes     `json:"classes"` // of records
	PersonClasses scan.Classes     `json:"person_classes"`
	Prefectures   map[string]int64 `json:"prefectures,omitempty"` // of records
	PersonPlaces  map[string]int64 `json:"person_prefectures,omitempty"`
	Lives         map[string]int64 `json:"person_prefectures_by_address,omitempty"`
}

type impactFileLine struct {
	Type       string       `json:"type"` // "file"
	Target     string       `json:"target"`
	Path       string       `json:"path"`
	Size       int64        `json:"size"`
	ModTime    time.Time    `json:"mtime"`
	Kind       string       `json:"kind"`
	Reason     string       `json:"reason,omitempty"`
	Protection string       `json:"protection"`
	Guessable  bool         `json:"guessable,omitempty"`
	Partial    bool         `json:"partial,omitempty"`
	Gone       bool         `json:"gone,omitempty"`
	Records    int64        `json:"records"`
	Classes    scan.Classes `json:"classes"`
	Review     int64        `json:"review"` // records of middling confidence
	Persons    int64        `json:"persons"`
	Department string       `json:"department,omitempty"`
	Readers    string       `json:"readers"`
	Since      *time.Time   `json:"since,omitempty"`
	Until      *time.Time   `json:"until,omitempty"`
	Line       string       `json:"line,omitempty"`
	How        string       `json:"how,omitempty"`
	Fold       bool         `json:"fold,omitempty"`
	Several    bool         `json:"several,omitempty"`
	File       int64        `json:"file"`     // the state's number
	Versions   []int64      `json:"versions"` // its numbers of what the file held then, if anything
}

func impactJSONL(to io.Writer, i *Impact) error {
	out := bufio.NewWriter(to)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	head := impactLine{
		Type: "impact", Kagiban: i.Version, Made: i.Made.UTC(), From: momentOf(i.From), To: momentOf(i.To), Drill: i.Drill, Lines: i.Lines,
		All: sumLine(i.All), Review: sumLine(i.Review), Protections: sumLines(i.Protections), Departments: sumLines(i.Departments), Readers: sumLines(i.Readers),
		Kinds: map[string]int64{}, Partial: i.Partial,
	}
	for _, k := range i.Kinds {
		head.Kinds[k.Code] = k.Files
	}
	if err := enc.Encode(head); err != nil {
		return err
	}
	for n := range i.Files {
		f := &i.Files[n]
		readers := f.Readers
		if readers == "" {
			readers = audienceUnknown
		}
		line := impactFileLine{
			Type: "file", Target: MaskName(f.Entry.Target), Path: MaskName(f.Entry.Path), Size: f.Entry.Size, ModTime: f.Entry.ModTime.UTC(),
			Kind: f.Kind, Reason: f.Reason, Protection: f.Protection, Guessable: f.Guessable, Partial: f.Partial, Gone: f.Gone,
			Records: f.Records.Records, Classes: f.Records.Classes, Review: f.Review, Persons: f.Persons.High, Department: f.Department,
			Readers: readers, Since: momentOf(f.Since), Until: momentOf(f.Until), Line: MaskName(f.Line), How: f.How, Fold: f.Fold, Several: f.Several, File: f.ID, Versions: f.Versions,
		}
		if line.Versions == nil {
			line.Versions = []int64{}
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	for _, line := range i.Unmatched {
		if err := enc.Encode(map[string]string{"type": "unmatched", "line": MaskName(line)}); err != nil {
			return err
		}
	}
	return out.Flush()
}

// momentOf is a time in UTC, nil for none.
func momentOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func sumLine(s ImpactSum) impactSumLine {
	return impactSumLine{s.Code, s.Name, s.Files, s.Records, s.Persons, s.RecordClasses, s.PersonClasses, s.RecordPlaces, s.PersonPlaces, s.PersonLives}
}

func sumLines(sums []ImpactSum) []impactSumLine {
	list := []impactSumLine{}
	for _, s := range sums {
		list = append(list, sumLine(s))
	}
	return list
}
