package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/xuri/excelize/v2"
)

func impactExample(lang string) *Impact {
	at := time.Date(2026, 5, 20, 9, 0, 0, 0, time.UTC)
	sum := ImpactSum{Files: 2, Records: 1250, Persons: 1014, RecordClasses: scan.Classes{Two: 31, Three: 1167, Four: 52}, PersonClasses: scan.Classes{Two: 20, Three: 980, Four: 14},
		RecordPlaces: map[string]int64{"21": 1000, "22": 200, "82": 49, "99": 1}, PersonPlaces: map[string]int64{"21": 900, "22": 100, "82": 13, "other": 1}, PersonLives: map[string]int64{"82": 13}}
	open, strong := sum, ImpactSum{Code: "strong"}
	open.Code = "open"
	return &Impact{
		Lang: lang, Version: "test", Made: at, Zone: time.UTC, From: at, To: at.AddDate(0, 0, 1), Lines: 4,
		All: sum, Protections: []ImpactSum{open, {Code: "weak"}, {Code: "password"}, strong}, Departments: []ImpactSum{{Name: "=総務課", Files: 2, Records: 1250, Persons: 1014}},
		Readers: []ImpactSum{{Code: "everyone", Files: 2, Records: 1250, Persons: 1014}}, Kinds: []ImpactSum{{Code: "found", Files: 2}, {Code: "protected", Files: 1}},
		Files: []ImpactFile{
			{ID: 1, Versions: []int64{7, 8}, Entry: scan.Entry{Target: "smb://fs01/share", Path: "総務/<b>4123567801\u202e.xlsx"}, Kind: "found", Protection: "open", Gone: true, Partial: true,
				Records: scan.Counts{Records: 1250, Classes: sum.RecordClasses}, Persons: scan.Distinct{High: 1014}, Readers: "everyone", Since: at, Line: `\\fs01\share\x`, How: "exact", Fold: true, Several: true},
			{ID: 2, Entry: scan.Entry{Target: "smb://fs01/share", Path: "sealed.zip"}, Kind: "protected", Protection: "strong"},
			{ID: 3, Entry: scan.Entry{Target: "smb://fs01/share", Path: "broken.xlsx"}, Kind: "unchecked", Reason: "malformed", Protection: "open"},
			{ID: 4, Entry: scan.Entry{Target: "smb://fs01/share", Path: "clean.xlsx"}, Kind: "nothing", Protection: "open"},
		},
		Unmatched: []string{`\\fs01\share\4123-567802.xlsx`},
	}
}

// TestImpactFormats renders an impact in each format and language: the figures
// are there, names are harmless and masked, and every code has its word.
func TestImpactFormats(t *testing.T) {
	for _, lang := range languages() {
		for _, f := range ImpactFormats() {
			var out bytes.Buffer
			if err := f.Write(&out, impactExample(lang)); err != nil {
				t.Fatalf("%s %s: %v", f.Name, lang, err)
			}
			text := out.String()
			if f.Name == "xlsx" {
				text = sheetsText(t, out.Bytes())
			}
			for _, bad := range []string{"4123567801", "567802.xlsx\t", "4123-567802", "\u202e", "<b>", "impact.", "impact-"} {
				if strings.Contains(text, bad) && !(f.Name == "jsonl" && bad == "\u202e") && !(f.Name != "html" && bad == "<b>") && !(f.Name == "html" && strings.Contains(bad, "impact")) {
					t.Errorf("%s %s holds %q", f.Name, lang, bad)
				}
			}
			for _, want := range []string{"1250", "1014"} {
				if f.Name != "jsonl" && f.Name != "xlsx" {
					want = want[:1] + "," + want[1:]
				}
				if !strings.Contains(text, want) {
					t.Errorf("%s %s lacks %s", f.Name, lang, want)
				}
			}
			if f.Name != "jsonl" && (!strings.Contains(text, "sealed.zip") || !strings.Contains(text, "broken.xlsx") || !strings.Contains(text, wordsIn(lang).text("impact-kind.protected"))) {
				t.Errorf("%s %s does not list what is unknown:\n%s", f.Name, lang, text)
			}
		}
	}
}

// sheetsText is all text of a workbook, which the library can read again.
func sheetsText(t *testing.T, data []byte) string {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var all strings.Builder
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			all.WriteString(strings.Join(row, "\t") + "\n")
		}
	}
	return all.String()
}

// TestImpactPlaces has all 47 prefectures in the order of the pension service,
// with both codes of Tokyo in one row.
func TestImpactPlaces(t *testing.T) {
	i := impactExample("ja")
	table := i.placeTable(wordsIn("ja"))
	if len(table.Rows) != 50 || table.Rows[12][0] != "東京" || table.Rows[12][1] != int64(1200) || table.Rows[12][2] != int64(1000) || table.Rows[46][0] != "沖縄" || table.Rows[46][3] != int64(13) {
		t.Errorf("%d rows; %v, %v", len(table.Rows), table.Rows[12], table.Rows[46])
	}
	records, persons := int64(0), int64(0)
	for _, row := range table.Rows {
		records += row[1].(int64)
		persons += row[2].(int64)
	}
	if records != i.All.Records || persons != i.All.Persons {
		t.Errorf("the rows come to %d records and %d persons", records, persons)
	}
}

// TestImpactLines reads the jsonl again.
func TestImpactLines(t *testing.T) {
	var out bytes.Buffer
	if err := impactJSONL(&out, impactExample("en")); err != nil {
		t.Fatal(err)
	}
	types := map[string]int{}
	for line := range bytes.Lines(out.Bytes()) {
		var one struct {
			Type     string
			Versions []int64
			Kinds    map[string]int64
		}
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		if types[one.Type]++; one.Type == "file" && one.Versions == nil {
			t.Errorf("%s", line)
		}
	}
	if types["impact"] != 1 || types["file"] != 4 || types["unmatched"] != 1 {
		t.Errorf("%v", types)
	}
}
