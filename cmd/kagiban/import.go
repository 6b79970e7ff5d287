package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/spf13/cobra"
)

func newImport() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import WORKBOOK...",
		Short: "Take over what people filled into a workbook",
		Long: `Import reads the columns that people fill in (measure, responsible, progress,
remarks, decisions) from a workbook that kagiban wrote, by the number of each
finding. Later reports show them. Nothing that somebody writes closes a finding:
only a scan does.

What was said later than the workbook was made is not replaced but listed, and so
are rows in which a computed cell was changed. The same file is taken in once.`,
		Example: `  kagiban import kagiban-report/2026-11-25/kagiban-report.xlsx --by '佐藤 (監査室)'`,
		Args:    arguments(1, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := settings(cmd)
			if err != nil {
				return err
			}
			if err := existing(v); err != nil {
				return err
			}
			db, err := openState(cmd.Context(), v)
			if err != nil {
				return err
			}
			defer db.Close()
			for _, path := range args {
				if err := importWorkbook(cmd, db, path, whoever(v)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	stateFlags(cmd.Flags())
	cmd.Flags().String("by", "", "whose entries these are (default: the user of this computer)")
	return cmd
}

func importWorkbook(cmd *cobra.Command, db *store, path, who string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return usage("workbook: %w; look at the spelling", err)
	}
	book, err := report.ReadFilled(bytes.NewReader(text))
	if err != nil {
		return usage("%s: %w; import takes the xlsx report", path, err)
	}
	known, err := findingsByNumber(cmd, db)
	if err != nil {
		return err
	}
	said, err := db.Remarks(cmd.Context())
	if err != nil {
		return fatal(err)
	}
	now := time.Now().UTC()
	t := taking{made: book.Made, now: now, who: who, known: known, said: map[int64]map[string]scan.Remark{}}
	for _, r := range said {
		if t.said[r.Finding] == nil {
			t.said[r.Finding] = map[string]scan.Remark{}
		}
		t.said[r.Finding][r.Field] = r
	}
	for _, row := range book.Rows {
		t.row(row)
	}
	sum := sha256.Sum256(text)
	err = db.AddRemarks(cmd.Context(), scan.Import{SHA256: hex.EncodeToString(sum[:]), Name: filepath.Base(path), Who: who, At: now}, t.remarks)
	if errors.Is(err, scan.ErrImported) {
		say(cmd, "%s was imported before; nothing is changed", oneLine(path))
		return nil
	}
	if err != nil {
		return fatal(err)
	}
	say(cmd, "%s: %d rows read, %d entries taken over", oneLine(path), len(book.Rows), len(t.remarks))
	for _, text := range t.notes {
		fmt.Fprintln(cmd.OutOrStdout(), "  "+oneLine(speech(cmd).Speak(text)))
	}
	return nil
}

func findingsByNumber(cmd *cobra.Command, db *store) (map[int64]scan.Basis, error) {
	known := map[int64]scan.Basis{}
	for r, err := range db.Results(cmd.Context(), scan.Noted) {
		if err != nil {
			return nil, fatal(err)
		}
		if r.Finding != nil {
			known[r.Finding.Number] = r.Finding.Basis
		}
	}
	return known, nil
}

// A taking compares a workbook with what is known.
type taking struct {
	made, now time.Time
	who       string
	known     map[int64]scan.Basis
	said      map[int64]map[string]scan.Remark
	remarks   []scan.Remark
	notes     []scan.Text // what was not taken over, and why
}

func (t *taking) row(row report.FilledRow) {
	number := report.FindingNumber(row.Number)
	where := scan.Say("%s row %d, %s", row.Sheet, row.Row, number)
	basis, ok := t.known[row.Number]
	if !ok {
		t.notes = append(t.notes, scan.Say("%v: the state knows no such finding; not taken over", where))
		return
	}
	if row.Edited {
		t.notes = append(t.notes, scan.Say("%v: a computed cell was changed; that has no effect, the entries of the row are taken over", where))
	}
	for _, field := range scan.Fields() {
		value, there := row.Fields[field]
		before := t.said[row.Number][field]
		switch {
		case !there || value == before.Value:
			continue
		case value == "" && (before.At.After(t.made) || field == scan.FieldDecision && !before.Holds(basis)):
			continue // it was empty when the workbook was made
		case before.At.After(t.made):
			t.notes = append(t.notes, scan.Say("%v: %s says %q, but %s wrote %q on %s, after the workbook was made; not taken over",
				where, field, value, before.Who, before.Value, before.At.Local().Format("2006-01-02 15:04")))
			continue
		}
		if field == scan.FieldDecision && value != "" && value != scan.DecisionApplies && value != scan.DecisionNot {
			t.notes = append(t.notes, scan.Say("%v: %q is no decision; not taken over", where, value))
			continue
		}
		t.remarks = append(t.remarks, scan.Remark{Finding: row.Number, Field: field, Value: value, Who: t.who, At: t.now, Basis: basis})
	}
}
