package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func TestClock(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	for _, c := range []struct{ at, day string }{
		{"2026-11-25T15:30:00Z", "令和8年11月26日"}, // the next day in Japan
		{"2019-05-01T00:00:00+09:00", "令和元年5月1日"},
		{"2019-04-30T23:59:59+09:00", "平成31年4月30日"},
		{"1989-01-08T00:00:00+09:00", "平成元年1月8日"},
		{"1989-01-07T23:59:59+09:00", "昭和64年1月7日"},
		{"1926-12-25T00:00:00+09:00", "昭和元年12月25日"},
		{"1926-12-24T00:00:00+09:00", "1926年12月24日"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := (clock{tokyo, CalendarJapanese}).day(at); got != c.day {
			t.Errorf("%s is %s, want %s", c.at, got, c.day)
		}
		if got, want := (clock{tokyo, CalendarJapanese}).minute(at), c.day+at.In(tokyo).Format(" 15:04"); got != want {
			t.Errorf("%s is %s, want %s", c.at, got, want)
		}
		if got, want := (clock{zone: tokyo}).minute(at), at.In(tokyo).Format("2006-01-02 15:04"); got != want {
			t.Errorf("%s is %s, want %s", c.at, got, want)
		}
	}
	if got := (clock{tokyo, CalendarJapanese}).minute(time.Time{}); got != "" {
		t.Errorf("no moment is %q", got)
	}
}

var (
	isoDay      = regexp.MustCompile(`\b20\d\d-\d\d-\d\d`)
	japaneseDay = regexp.MustCompile(`(令和|平成|昭和)(元|\d+)年\d+月\d+日`)
)

// With the Japanese calendar no day of a report for people is in another one, the
// cells of the workbook stay dates, and what is for programs does not change.
func TestJapaneseCalendar(t *testing.T) {
	render := func(name, calendar string) []byte {
		t.Helper()
		b := richBook(t, "ja")
		b.Calendar = calendar
		var out bytes.Buffer
		if err := Write(t.Context(), b, Output{format(t, name), &out}); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	for _, name := range []string{"html", "console"} {
		text := string(render(name, CalendarJapanese))
		if !strings.Contains(text, "令和8年") {
			t.Errorf("%s has no day of the reign", name)
		}
		if found := isoDay.FindString(strings.ReplaceAll(text, `datetime="`+made().UTC().Format(time.DateOnly), "")); found != "" {
			t.Errorf("%s has %q", name, found)
		}
	}
	day := func(text string) string { return japaneseDay.ReplaceAllString(text, "") }
	for _, name := range []string{"csv", "jsonl"} { // only sentences are for people
		with, without := string(render(name, CalendarJapanese)), string(render(name, ""))
		if !strings.Contains(with, ",2026-04-01") && !strings.Contains(with, `"2026-04-01T`) {
			t.Errorf("%s has no day as programs read it", name)
		}
		if isoDay.ReplaceAllString(without, "") != isoDay.ReplaceAllString(day(with), "") {
			t.Errorf("%s differs in more than days", name)
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(render("xlsx", CalendarJapanese)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet := wordsIn("ja").text("head.violations")
	rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	col := 0
	for i, h := range rows[0] {
		if h == wordsIn("ja").text("col.first-found") {
			col = i + 1
		}
	}
	cell, _ := excelize.CoordinatesToCellName(col, 2)
	raw, _ := book.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if kind, err := book.GetCellType(sheet, cell); err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString || !strings.HasPrefix(raw, "4") {
		t.Errorf("%s!%s is %q of type %v, %v; want a date", sheet, cell, raw, kind, err)
	}
	style, err := book.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := book.GetStyle(style); err != nil || s.CustomNumFmt == nil || !strings.Contains(*s.CustomNumFmt, "ggge") {
		t.Errorf("the style of %s is %+v, %v", cell, s, err)
	}
}
