// Package storekit is the acceptance kit of stores, one part for each of the
// small interfaces of package scan: another database is written against it.
package storekit

import (
	"context"
	"hash/crc32"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Database is an open store by its parts.
type Database struct {
	scan.Lease
	scan.ResultReader
	scan.PersonCounter
	scan.PersonIndex
	scan.HistoryReader
	scan.ExceptionLedger
	scan.FindingLedger
	scan.TallyBook
	scan.RemarkBook
}

// An Opener opens the database of a name, which is empty when it is opened for
// the first time in a test. The database is closed with the test.
type Opener func(t *testing.T, name string) Database

// Run checks all parts.
func Run(t *testing.T, open Opener) {
	for _, part := range []struct {
		name string
		test func(*testing.T, Opener)
	}{
		{"known", knownFiles},
		{"gone", goneAfterCompleteWalk},
		{"directories", directoriesAreMarked},
		{"at once", askedAndSavedAtOnce},
		{"completion", completion},
		{"marks", marksOutliveFailure},
		{"results", resultsComeBack},
		{"found", foundAreAPart},
		{"versions", versions},
		{"access", keptFileTakesNewAccess},
		{"targets", targets},
		{"distinct", distinctOverFiles},
		{"index", personIndex},
		{"history", history},
		{"history of a moved file", historyOfMoved},
		{"sightings", sightings},
		{"findings", findingsKeepTheirNumber},
		{"tallies", talliesStay},
		{"remarks", remarks},
		{"loss", lossIsDoubted},
		{"place", anotherPlaceIsDoubted},
		{"lease", oneRunAtATime},
		{"exceptions", exceptions},
		{"bookmarks", walkOverSeveralRuns},
		{"moved", movedFile},
		{"renamed", renamedFileKeepsItsHistory},
		{"links", hardLinksStay},
		{"unlisted", unlistedFolderKeepsItsFiles},
		{"names", namesComeBack},
		{"long names", longNames},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, open) })
	}
}

// begin starts a run that keeps bookmarks.
func begin(t *testing.T, db Database) interface {
	scan.Run
	scan.Bookmarker
} {
	t.Helper()
	run, err := db.Begin(t.Context(), scan.Start{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	marking, ok := run.(interface {
		scan.Run
		scan.Bookmarker
	})
	if !ok {
		t.Fatalf("%T keeps no bookmarks", run)
	}
	return marking
}

// night is a whole run over target t.
func night(t *testing.T, db Database, complete bool, batch ...scan.Outcome) {
	t.Helper()
	run := begin(t, db)
	for _, err := range []error{run.Save(t.Context(), batch, nil), run.Finish(t.Context(), "t", complete), run.End(context.WithoutCancel(t.Context()))} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func list(t *testing.T, db Database, which scan.Which, targets ...string) []*scan.Result {
	t.Helper()
	var all []*scan.Result
	for r, err := range db.Results(t.Context(), which, targets...) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// paths joins the paths of results.
func paths(t *testing.T, db Database, which scan.Which) string {
	t.Helper()
	all := ""
	for _, r := range list(t, db, which) {
		all += r.Entry.Path + " "
	}
	return all
}

// Found makes a result with persons in target t.
func Found(path string, at time.Time, high, middle []uint64) *scan.Result {
	p := scan.NewPersons()
	for _, h := range high {
		_ = p.Add(scan.Person{Hash: h, Grade: scan.ConfidenceHigh, Class: scan.ClassThree, Place: 41}) // in memory it cannot fail
	}
	for _, h := range middle {
		_ = p.Add(scan.Person{Hash: h, Grade: scan.ConfidenceMedium})
	}
	d, _ := p.Distinct()
	return &scan.Result{
		Entry:    scan.Entry{Target: "t", Path: path, Size: 1, ModTime: at, Owner: `D\u`, ID: 1<<63 | uint64(crc32.ChecksumIEEE([]byte(path)))},
		Revision: "r", Scanned: at, Hashes: p, Distinct: d, Members: 3, Omitted: 1, Bytes: 9,
		Access: &scan.Access{Owner: `D\u`, Grants: []scan.Grant{{SID: "S-1-1-0", Name: "Everyone", Read: true}}},
		Items: []scan.Item{{
			Format: "zip", Size: 1, Protection: scan.Protection{Verdict: scan.VerdictPartial, Scheme: "aes-256", Strength: scan.StrengthStrong, Notes: []scan.Note{scan.NoteNamesVisible}},
			Problems: []scan.Problem{{Kind: scan.KindMalformed, Detail: "x"}},
		}, {
			Inner: []string{"中.csv"}, Format: "text",
			Findings: scan.Findings{High: scan.Counts{Records: 2, Places: map[string]int64{"13": 2}}, Hits: []scan.Hit{{Masked: "1234-****90", Why: []string{"header"}}}},
		}},
	}
}

// Clean makes the result of a file without findings in target t.
func Clean(path string, at time.Time) *scan.Result {
	return &scan.Result{
		Entry:    scan.Entry{Target: "t", Path: path, Size: 7, ModTime: at, ChangeTime: at},
		Revision: "r", Scanned: at, Bytes: 7,
		Items: []scan.Item{{Format: "text", Size: 7, Protection: scan.Protection{Verdict: scan.VerdictNone}}},
	}
}
