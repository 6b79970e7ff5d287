package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"
)

// A counted is what a report says of one status.
type counted struct{ Files, Records int64 }

// truth counts the files of a book anew.
func truth(b *Book) map[scan.Status]counted {
	m := map[scan.Status]counted{}
	for _, s := range scan.Statuses() {
		m[s] = counted{}
	}
	for f := range b.Files() {
		c := m[f.Status]
		m[f.Status] = counted{c.Files + 1, c.Records + f.Counts.Records}
	}
	return m
}

// TestCountsAddUp reads the counts by status out of each format.
func TestCountsAddUp(t *testing.T) {
	readers := map[string]func(*testing.T, string, words) map[scan.Status]counted{
		"console": countConsole, "html": countHTML, "xlsx": countXLSX, "csv": countCSV, "jsonl": countJSONL,
	}
	for _, f := range fileFormats() {
		if readers[f.Name] == nil {
			t.Errorf("nobody counts the files in %s", f.Name)
			continue
		}
		for _, lang := range languages() {
			b := richBook(t, lang)
			want := truth(b)
			var sum int64
			for _, c := range want {
				sum += c.Files
			}
			if sum != b.Totals.Files {
				t.Fatalf("the book holds %d files and counts %d", sum, b.Totals.Files)
			}
			var out bytes.Buffer
			if err := Write(t.Context(), b, Output{f, &out}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, readers[f.Name](t, out.String(), wordsIn(lang))); diff != "" {
				t.Errorf("%s, %s: counts (-want +got):\n%s", f.Name, lang, diff)
			}
		}
	}
}

func TestPlacesAddUp(t *testing.T) {
	b := richBook(t, "ja")
	s := newSummary(b.Totals, wordsIn("ja"))
	if want := b.Totals.Statuses[scan.StatusViolation].Records; s.PlaceSum != want {
		t.Errorf("places come to %d records, violations to %d", s.PlaceSum, want)
	}
	if got := len(s.Places); got != 47+3 {
		t.Errorf("%d rows, want 47 prefectures and three more", got)
	}
	sums := map[string]int64{}
	for _, p := range byPlace(map[string]int64{"21": 1, "22": 2, "90": 4, "98": 8, "99": 16, "other": 32, "zz": 64, "62": 128}) {
		if p.N > 0 {
			sums[p.Code] = p.N
		}
	}
	if diff := cmp.Diff(map[string]int64{"21": 3, "mutual": 12, "99": 16, "other": 224}, sums); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// TestSumThatDiffers says that a sum which does not hold is not passed over.
func TestSumThatDiffers(t *testing.T) {
	b := richBook(t, "ja")
	b.Totals.Files++
	for _, f := range fileFormats() {
		if f.Name == "csv" || f.Name == "jsonl" { // they hold no totals
			continue
		}
		if text := render(t, f, b); !strings.Contains(text, "一致しない") {
			t.Errorf("%s does not say that the sum differs", f.Name)
		}
	}
}

func number(t *testing.T, text string) int64 {
	t.Helper()
	text = strings.ReplaceAll(strings.TrimSpace(text), ",", "")
	if slices.Contains([]string{"", "-", "－"}, text) {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Errorf("%q is no count", text)
	}
	return n
}

// statusRows takes rows of name, files, records.
func statusRows(t *testing.T, rows [][]string, w words) map[scan.Status]counted {
	t.Helper()
	m := map[scan.Status]counted{}
	for _, row := range rows {
		for _, s := range scan.Statuses() {
			if len(row) >= 2 && strings.TrimSpace(row[0]) == w.code("status", string(s)) {
				c := counted{Files: number(t, row[1])}
				if len(row) > 2 {
					c.Records = number(t, row[2])
				}
				if _, twice := m[s]; !twice { // later tables of the page may have rows of the same name
					m[s] = c
				}
			}
		}
	}
	return m
}

func countConsole(t *testing.T, text string, w words) map[scan.Status]counted {
	line := regexp.MustCompile(`(?m)^  (\S.*?) {2,}([0-9,]+) +([0-9,-]+) +[0-9,-]+$`)
	var rows [][]string
	for _, m := range line.FindAllStringSubmatch(text, -1) {
		rows = append(rows, m[1:])
	}
	return statusRows(t, rows, w)
}

func countHTML(t *testing.T, text string, w words) map[scan.Status]counted {
	var rows [][]string
	rows = append(rows, htmlRows(t, text)...)
	return statusRows(t, rows, w)
}

// htmlRows are the texts of the cells of all rows in a page.
func htmlRows(t *testing.T, page string) [][]string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for n := range doc.Descendants() {
		switch {
		case n.Type == html.ElementNode && n.Data == "tr":
			rows = append(rows, nil)
		case n.Type == html.ElementNode && (n.Data == "td" || n.Data == "th") && len(rows) > 0:
			var text strings.Builder
			for d := range n.Descendants() {
				if d.Type == html.TextNode {
					text.WriteString(d.Data)
				}
			}
			rows[len(rows)-1] = append(rows[len(rows)-1], text.String())
		}
	}
	return rows
}

func countXLSX(t *testing.T, text string, w words) map[scan.Status]counted {
	book, err := excelize.OpenReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(w.text("head.summary"))
	if err != nil {
		t.Fatal(err)
	}
	stated := statusRows(t, rows, w)
	listed := map[scan.Status]counted{}
	for _, s := range scan.Statuses() {
		listed[s] = counted{}
	}
	all, err := book.GetRows(w.text("head.all"))
	if err != nil {
		t.Fatal(err)
	}
	addRows(t, listed, all, w)
	if diff := cmp.Diff(stated, listed); diff != "" {
		t.Errorf("summary and list of all files (-summary +list):\n%s", diff)
	}
	return stated
}

// addRows counts a table of files below its headings.
func addRows(t *testing.T, m map[scan.Status]counted, rows [][]string, w words) {
	t.Helper()
	status, records := slices.Index(rows[0], w.text("col.status")), slices.Index(rows[0], w.text("col.records"))
	for _, row := range rows[1:] {
		for _, s := range scan.Statuses() {
			if row[status] == w.code("status", string(s)) {
				c := m[s]
				c.Files++
				if len(row) > records {
					c.Records += number(t, row[records])
				}
				m[s] = c
			}
		}
	}
}

func countCSV(t *testing.T, text string, w words) map[scan.Status]counted {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	m := map[scan.Status]counted{}
	for _, s := range scan.Statuses() {
		m[s] = counted{}
	}
	addRows(t, m, rows, w)
	return m
}

func countJSONL(t *testing.T, text string, _ words) map[scan.Status]counted {
	m := map[scan.Status]counted{}
	for _, s := range scan.Statuses() {
		m[s] = counted{}
	}
	dec := json.NewDecoder(strings.NewReader(text))
	for dec.More() {
		var l struct {
			Status  scan.Status
			Records int64
		}
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		c := m[l.Status]
		m[l.Status] = counted{c.Files + 1, c.Records + l.Records}
	}
	return m
}
