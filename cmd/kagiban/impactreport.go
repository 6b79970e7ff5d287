package main

import (
	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan/incident"
)

// impactReport puts an impact into the form in which it is reported.
func impactReport(q *incident.Question, i *incident.Impact) *report.Impact {
	r := &report.Impact{
		From: q.From, To: q.To, Lines: int64(len(q.Lines)), Partial: i.Partial, Unmatched: i.Unmatched,
		All: impactSum("", "", i.All), Review: impactSum("", "", i.Review),
	}
	for _, p := range incident.Protections() {
		r.Protections = append(r.Protections, impactSum(string(p), "", *i.Protections[p]))
	}
	for _, g := range i.Departments {
		r.Departments = append(r.Departments, impactSum("", g.Name, g.Sum))
	}
	for _, g := range i.Readers {
		code := g.Name
		if code == "" {
			code = "unknown"
		}
		r.Readers = append(r.Readers, impactSum(code, "", g.Sum))
	}
	for _, k := range incident.Kinds() {
		r.Kinds = append(r.Kinds, report.ImpactSum{Code: string(k), Files: i.Kinds[k]})
	}
	for n := range i.Files {
		r.Files = append(r.Files, impactFile(&i.Files[n]))
	}
	return r
}

func impactSum(code, name string, s incident.Sum) report.ImpactSum {
	return report.ImpactSum{
		Code: code, Name: name, Files: s.Files, Records: s.Records.Records, Persons: s.Persons.N,
		RecordClasses: s.Records.Classes, PersonClasses: s.Persons.Classes,
		RecordPlaces: s.Records.Places, PersonPlaces: s.Persons.Places, PersonLives: s.Persons.Lives,
	}
}

func impactFile(f *incident.File) report.ImpactFile {
	r := report.ImpactFile{
		ID: f.File, Versions: f.Versions, Entry: f.Entry, Kind: string(f.Kind), Reason: f.Reason, Protection: string(f.Protection),
		Guessable: f.Guessable, Partial: f.Partial, Gone: f.Gone, Records: f.Records, Review: f.Review.Records, Persons: f.Persons,
		Department: f.Department, Readers: string(f.Readers), Since: f.Since, Until: f.Until, How: f.How.String(), Fold: f.Fold, Several: f.Several,
	}
	if f.Line != nil {
		r.Line = f.Line.Text
	}
	return r
}
