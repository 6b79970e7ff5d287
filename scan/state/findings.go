package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

var (
	_ scan.FindingLedger = (*DB)(nil)
	_ scan.Settler       = (*Run)(nil)
)

// Settle implements scan.Settler.
func (r *Run) Settle(ctx context.Context, moves []scan.Move) error {
	return r.inSession(ctx, func(s *session) error {
		if settle := s.dialect.settle; settle != nil {
			return settle(s, r.id, moves)
		}
		for _, m := range moves {
			if err := s.settle(r.id, m); err != nil {
				return fmt.Errorf("finding %d: %w", m.Finding.Number, err)
			}
		}
		return nil
	})
}

func (s *session) settle(run int64, m scan.Move) error {
	f := m.Finding
	basis, err := json.Marshal(storedBasis(f.Basis))
	if err != nil {
		return err
	}
	if f.Number == 0 {
		f.Number, err = s.insert("INSERT INTO finding (file, stage, how, since, first, last, basis) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number",
			f.File, f.Stage, f.How, micros(f.Since), micros(f.First), micros(f.Last), seal.JSON(basis))
	} else {
		err = s.do("UPDATE finding SET file = ?, stage = ?, how = ?, since = ?, first = ?, last = ?, basis = ? WHERE number = ?",
			f.File, f.Stage, f.How, micros(f.Since), micros(f.First), micros(f.Last), seal.JSON(basis), f.Number)
	}
	if err != nil {
		return err
	}
	for _, e := range m.Events {
		if err := s.event(f.Number, run, e); err != nil {
			return err
		}
	}
	return nil
}

// event adds what happened to a finding.
func (s *session) event(finding, run int64, e scan.Event) error {
	return s.do("INSERT INTO event (finding, run, at, kind, stage, status, why, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		finding, run, micros(e.At), e.Kind, e.Stage, e.Status, e.Why, e.Detail)
}

// moveFindings has findings follow their files to another path, and says so.
// Table moved names them. Where the file has a finding of its own by now, that
// one goes on and the former one ends.
func (s ending) moveFindings(run, now int64) error {
	return s.steps(
		step{`
INSERT INTO event (finding, run, at, kind, stage, status, why, detail)
SELECT finding.number, CAST(?1 AS BIGINT), CAST(?2 AS BIGINT), 'moved', stage, coalesce(` + s.dialect.status + `, ''), '',
	target.name || '/' || ` + pathOf + `
FROM moved JOIN finding ON finding.file = moved.former JOIN file ON file.id = moved.former
	JOIN directory ON directory.id = file.directory JOIN target ON target.id = directory.target`, []any{run, now}},
		step{`
UPDATE finding SET stage = 'closed', how = 'moved', since = ?1, file = NULL FROM moved
WHERE finding.file = moved.former AND EXISTS (SELECT 1 FROM finding AS other WHERE other.file = moved.present)`, []any{now}},
		step{`
UPDATE finding SET file = moved.present FROM moved
WHERE finding.file = moved.former AND finding.number IN ( -- one of several that came together
	SELECT min(other.number) FROM moved AS all_moved JOIN finding AS other ON other.file = all_moved.former GROUP BY all_moved.present)`, nil})
}

// A storedBasis is scan.Basis as it is stored.
type storedBasis struct {
	Status    scan.Status `json:"status"`
	Reason    string      `json:"reason,omitempty"`
	Size      int64       `json:"size"`
	ModTime   time.Time   `json:"mtime"`
	Revision  string      `json:"revision"`
	Access    string      `json:"access,omitempty"`
	Records   int64       `json:"records"`
	Persons   int64       `json:"persons"`
	Exception int64       `json:"exception,omitempty"`
}

// A findingRow reads the columns of a finding, which may all be null.
type findingRow struct {
	number, file, since, first, last sql.NullInt64
	stage, how, basis                sql.NullString
}

const findingColumns = "finding.number, finding.file, finding.since, finding.first, finding.last, finding.stage, finding.how, finding.basis"

func (f *findingRow) into() []any {
	return []any{&f.number, &f.file, &f.since, &f.first, &f.last, &f.stage, &f.how, &f.basis}
}

func (f *findingRow) finding() (*scan.Finding, error) {
	if !f.number.Valid {
		return nil, nil
	}
	out := &scan.Finding{
		Number: f.number.Int64, File: f.file.Int64, Stage: scan.Stage(f.stage.String), How: f.how.String,
		Since: moment(f.since), First: moment(f.first), Last: moment(f.last),
	}
	var basis storedBasis
	if err := json.Unmarshal([]byte(f.basis.String), &basis); err != nil {
		return nil, fmt.Errorf("finding %d: %w", out.Number, err)
	}
	out.Basis = scan.Basis(basis)
	return out, nil
}

// Events implements scan.FindingLedger.
func (k *records) Events(ctx context.Context, since time.Time) ([]scan.Event, error) {
	rows, err := k.db.read.QueryContext(ctx, "SELECT finding, run, at, kind, stage, status, why, detail FROM event WHERE at >= ? ORDER BY id", micros(since))
	if err != nil {
		return nil, k.db.wrap(err)
	}
	defer rows.Close()
	var list []scan.Event
	for rows.Next() {
		var e scan.Event
		var at sql.NullInt64
		if err := rows.Scan(&e.Finding, &e.Run, &at, &e.Kind, &e.Stage, &e.Status, &e.Why, &e.Detail); err != nil {
			return nil, k.db.wrap(err)
		}
		e.At = moment(at)
		list = append(list, e)
	}
	return list, rows.Err()
}
