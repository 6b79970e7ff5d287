package report

import (
	"strconv"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A column is one column of a list of files, as csv and xlsx have them. Value
// returns a string that is safe to show, several of them, an int64, a time, or
// nil for an empty cell.
type column struct {
	id     string // "col." + id is its heading
	width  float64
	value  func(v view) any
	field  string   // what people write into it is this field of a remark; "": nothing
	choose []string // codes of the family id that they choose from; nil: free text
	exact  bool     // its cells come back from any program as they were: texts and counts
}

// fieldColumn is a column that people fill in; what they wrote last is in it.
func fieldColumn(field string, width float64, choose ...string) column {
	return column{id: field, width: width, value: func(v view) any { return v.Remark(field) }, field: field, choose: choose}
}

// A day is a time of which only the day is shown.
type day struct{ time.Time }

// An alarm is a text that has to catch the eye.
type alarm string

// textColumn and those below make columns by the kind of their values.
func textColumn(id string, width float64, value func(view) string) column {
	return column{id: id, width: width, exact: true, value: func(v view) any { return value(v) }}
}

func linesColumn(id string, width float64, value func(view) []string) column {
	return column{id: id, width: width, value: func(v view) any { return value(v) }}
}

func countColumn(id string, value func(view) int64) column {
	return column{id: id, width: 11, exact: true, value: func(v view) any { return value(v) }}
}

// foundColumn is a count that only files with records have.
func foundColumn(id string, value func(view) int64) column {
	return column{id: id, width: 11, exact: true, value: func(v view) any {
		if !v.Found() {
			return nil
		}
		return value(v)
	}}
}

func timeColumn(id string, value func(view) time.Time) column {
	return column{id: id, width: 17, value: func(v view) any { return value(v) }}
}

func dayColumn(id string, value func(view) time.Time) column {
	return column{id: id, width: 12, value: func(v view) any { return day{value(v)} }}
}

// columns are all that is known of a file. A list takes those that it needs.
func columns() []column { return append(scanColumns(), lifeColumns()...) }

// scanColumns are what scans have learnt.
func scanColumns() []column {
	return []column{
		textColumn("number", 9, view.Number),
		textColumn("status", 12, view.StatusWord),
		textColumn("reason", 24, view.ReasonWord),
		dayColumn("first-found", func(v view) time.Time { return v.History.FirstFound }),
		dayColumn("last-found", func(v view) time.Time { return v.History.LastFound }),
		textColumn("target", 24, view.Target),
		textColumn("department", 18, view.Department),
		textColumn("folder", 36, view.Folder),
		textColumn("name", 32, view.Name),
		linesColumn("inner", 30, view.Inner),
		textColumn("format", 9, view.Format),
		countColumn("size", func(v view) int64 { return v.Entry.Size }),
		timeColumn("mtime", func(v view) time.Time { return v.Entry.ModTime }),
		textColumn("owner", 18, view.Owner),
		textColumn("group", 18, view.Group),
		{id: "readers", width: 30, value: func(v view) any {
			if v.Wide() {
				return alarm(v.Readers())
			}
			return v.Readers()
		}},
		linesColumn("reader-names", 30, view.ReaderNames),
		textColumn("writers", 20, view.Writers),
		linesColumn("writer-names", 30, view.WriterNames),
		textColumn("class", 10, view.Class),
		foundColumn("records", func(v view) int64 { return v.Counts.Records }),
		foundColumn("persons", func(v view) int64 { return v.Persons }),
		foundColumn("class.number", func(v view) int64 { return v.Counts.Classes.Number }),
		foundColumn("class.two", func(v view) int64 { return v.Counts.Classes.Two }),
		foundColumn("class.three", func(v view) int64 { return v.Counts.Classes.Three }),
		foundColumn("class.four", func(v view) int64 { return v.Counts.Classes.Four }),
		foundColumn("interim", func(v view) int64 { return v.Counts.Interim }),
		textColumn("places", 56, view.Places),
		textColumn("verdict", 11, view.Verdict),
		textColumn("scheme", 18, view.Scheme),
		textColumn("strength", 8, view.StrengthWord),
		textColumn("notes", 36, view.Notes),
		textColumn("partial", 10, view.PartialWord),
		linesColumn("evidence", 84, view.EvidenceLines),
		linesColumn("problems", 48, view.Problems),
		textColumn("remedy", 44, view.Remedy),
		textColumn("advice", 44, view.Advice),
		textColumn("exception", 10, view.ExceptionNumber),
		textColumn("right", 22, view.Right),
		dayColumn("right-day", view.RightDay),
		timeColumn("scanned", func(v view) time.Time { return v.Scanned }),
	}
}

// lifeColumns are what became of a finding, and what people say of it.
func lifeColumns() []column {
	return []column{
		textColumn("stage", 12, view.StageWord),
		textColumn("site", 12, view.Site),
		textColumn("contact", 18, view.Contact),
		dayColumn("due", func(v view) time.Time { return v.Due }),
		{id: "due-state", width: 12, value: func(v view) any {
			if v.Overdue() > 0 {
				return alarm(v.DueState())
			}
			return v.DueState()
		}},
		textColumn("act", 60, view.Act),
		textColumn("decided", 22, view.DecidedBy),
		textColumn("exception-decision", 14, view.ExceptionDecision),
		dayColumn("exception-expires", view.ExceptionExpires),
		fieldColumn(scan.FieldKind, 15, "password", "move", "delete", "restrict", "except"),
		fieldColumn(scan.FieldPerson, 15),
		fieldColumn(scan.FieldState, 12, "open", "doing", "claimed"),
		fieldColumn(scan.FieldNote, 28),
		fieldColumn(scan.FieldDecision, 12, scan.DecisionApplies, scan.DecisionNot),
		fieldColumn(scan.FieldGround, 28),
		{id: "check", width: 4, value: func(view) any { return "" }}, // filled in by the sheet
	}
}

// only picks columns by name, in the order of the names.
func only(ids ...string) []column {
	all := columns()
	list := make([]column, len(ids))
	for i, id := range ids {
		list[i].id = id // a test finds those that no column has
		for _, c := range all {
			if c.id == id {
				list[i] = c
			}
		}
	}
	return list
}

// heading is the word above a column.
func (w words) heading(c column) string {
	if w.has("col", c.id) {
		return w.code("col", c.id)
	}
	return w.text(c.id) // the classes have words of their own
}

// plain writes a value as text for programs and people alike.
func plain(value any, zone *time.Location) string {
	switch v := value.(type) {
	case string:
		return v
	case alarm:
		return string(v)
	case []string:
		return strings.Join(v, " | ")
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		return clock{zone: zone}.minute(v)
	case day:
		return clock{zone: zone}.day(v.Time)
	}
	return ""
}
