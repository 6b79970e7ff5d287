package report

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/xuri/excelize/v2"
)

// TestJSONLSchema validates each line against the schema beside the writer.
func TestJSONLSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	schema, err := compiler.Compile("jsonl.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Write(t.Context(), richBook(t, "ja"), Output{format(t, "jsonl"), &out}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	for _, l := range lines {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(l))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s\n%v", l, err)
		}
	}
	open := lines[slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, `"readers":"everyone"`) })]
	for _, wrong := range []string{
		strings.Replace(lines[0], `"status":"violation"`, `"status":"fine"`, 1),
		strings.Replace(lines[0], `****-****07`, `2101-000007`, 1),
		strings.Replace(lines[0], `"reason":"",`, ``, 1),
		strings.Replace(open, `"readers":"everyone"`, `"readers":"unknown"`, 1),
		strings.Replace(open, `"sid":"S-1-1-0"`, `"sid":"Everyone"`, 1),
		strings.Replace(lines[0], `"access":null,`, ``, 1),
		strings.Replace(lines[0], `"notes":[`, `"note":[`, 1),
	} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(wrong))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(value) == nil {
			t.Errorf("the schema takes %s", wrong)
		}
	}
}

// TestJSONLNames says that programs get names back as they were.
func TestJSONLNames(t *testing.T) {
	var out bytes.Buffer
	b := richBook(t, "ja")
	if err := Write(t.Context(), b, Output{format(t, "jsonl"), &out}); err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for f := range b.Files() {
		want = append(want, strings.ToValidUTF8(f.Entry.Path, "\uFFFD"))
	}
	for l := range strings.Lines(out.String()) {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(l))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, value.(map[string]any)["path"].(string))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

// TestCSVForSpreadsheets checks what Excel needs and what it must not meet.
func TestCSVForSpreadsheets(t *testing.T) {
	var out bytes.Buffer
	if err := Write(t.Context(), richBook(t, "ja"), Output{format(t, "csv"), &out}); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(out.String(), "\uFEFF")
	if !marked {
		t.Error("no byte order mark")
	}
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Error("a line does not end in CR LF")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
				t.Errorf("%q would be a formula", cell)
			}
		}
	}
	name := slices.Index(rows[0], "ファイル名")
	for _, want := range []string{`'=cmd|'\C calc'!A0.csv`, "'＝１＋１.csv", "[U+001B][31m赤[U+001B][2J.csv", "' =SUM(A1).csv"} {
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[name] == want }) {
			t.Errorf("no file is called %q", want)
		}
	}
}

// TestWorkbookHasNoFormulas looks into the parts of the archive.
func TestWorkbookHasNoFormulas(t *testing.T) {
	for name, part := range workbookParts(t, richBook(t, "ja"), excelize.TotalRows) {
		if strings.HasPrefix(name, "xl/charts/") {
			continue // refers to cells of the book by what looks like a formula
		}
		for _, mark := range []string{"<f>", "<f ", "<hyperlink", "externalLink", "ddeLink", "vbaProject"} {
			if strings.Contains(part, mark) {
				t.Errorf("%s holds %s", name, mark)
			}
		}
	}
}

// workbookOf is the format of workbooks whose sheets have so many rows at most.
func workbookOf(maxRows int) Format {
	return Format{begin: func(w io.Writer, b *Book) (writer, error) { return newWorkbook(w, b, maxRows) }}
}

func workbookParts(t *testing.T, b *Book, maxRows int) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(t.Context(), b, Output{workbookOf(maxRows), &out}); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(data)
	}
	return parts
}

// TestWorkbookGoesOn makes sheets small, so that lists need several.
func TestWorkbookGoesOn(t *testing.T) {
	b := richBook(t, "ja")
	var out bytes.Buffer
	if err := Write(t.Context(), b, Output{workbookOf(20), &out}); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var files int64
	for _, name := range book.GetSheetList() {
		if !strings.HasPrefix(name, "全ファイル") {
			continue
		}
		rows, err := book.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) > 20 || rows[0][0] != "管理番号" {
			t.Errorf("%s has %d rows and begins with %q", name, len(rows), rows[0][0])
		}
		files += int64(len(rows) - 1)
	}
	if files != b.Totals.Files {
		t.Errorf("the sheets list %d files of %d", files, b.Totals.Files)
	}
}

// TestWorkbookValues reads numbers and days back as numbers and days.
func TestWorkbookValues(t *testing.T) {
	var out bytes.Buffer
	if err := Write(t.Context(), richBook(t, "ja"), Output{format(t, "xlsx"), &out}); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("違反一覧", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for i, heading := range rows[0] {
		if i < len(rows[1]) {
			got[heading] = rows[1][i]
		}
	}
	want := map[string]string{"件数": "1200", "人数": "1100", "四情報": "100", "うち仮番号": "100", "管理番号": "K00001", "判定": "違反"}
	for heading, text := range want {
		if got[heading] != text {
			t.Errorf("%s is %q, want %q", heading, got[heading], text)
		}
	}
	// 2025-12-03 04:05:06 UTC is 13:05:06 in Japan; 45994 is 2025-12-03.
	if !strings.HasPrefix(got["更新日時"], "45994.545") {
		t.Errorf("更新日時 is %q, want 45994.545…", got["更新日時"])
	}
	for heading, text := range map[string]string{"是正区分": "パスワード設定", "是正担当": "=担当", "是正状況": "対応中", "備考": "", "期限の状況": "期限超過（25日）", "是正期限": "46089"} {
		if got[heading] != text || !slices.Contains(rows[0], heading) {
			t.Errorf("%s is %q, want %q", heading, got[heading], text)
		}
	}
	panes, err := book.GetPanes("違反一覧")
	if err != nil || !panes.Freeze || panes.YSplit != 1 || panes.XSplit != 2 {
		t.Errorf("panes %+v, %v", panes, err)
	}
}

func TestCutCell(t *testing.T) {
	for _, text := range []string{strings.Repeat("a", 40000), strings.Repeat("漢", 40000), strings.Repeat("𠮷", 40000), strings.Repeat("漢", excelize.TotalCellChars)} {
		got := cutCell(text)
		n := len(utf16.Encode([]rune(got)))
		if n > excelize.TotalCellChars || n < excelize.TotalCellChars-2 {
			t.Errorf("%d units are left of %.3s…", n, text)
		}
		if got != text && !strings.HasSuffix(got, "…") {
			t.Errorf("%.3s… was cut without a sign", text)
		}
	}
}

// TestConsoleFits measures the lines on a terminal of 80 columns.
func TestConsoleFits(t *testing.T) {
	for _, lang := range languages() {
		b := richBook(t, lang)
		b.Targets = append(b.Targets, Target{Name: "smb://" + strings.Repeat("長いサーバー名.", 20) + "/共有"})
		var out bytes.Buffer
		if err := Write(t.Context(), b, Output{format(t, "console"), &out}); err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(out.String()) {
			if n := cellWidth(strings.TrimSuffix(l, "\n")); n > consoleWidth {
				t.Errorf("%s: %d columns: %s", lang, n, l)
			}
		}
	}
}

// TestHTMLIsBounded says how many files a page leaves out.
func TestHTMLIsBounded(t *testing.T) {
	var r *htmlReport
	bounded := Format{begin: func(w io.Writer, b *Book) (_ writer, err error) {
		r, err = newHTMLReport(w, b, 5)
		return r, err
	}}
	if err := Write(t.Context(), richBook(t, "ja"), Output{bounded, io.Discard}); err != nil {
		t.Fatal(err)
	}
	p := r.page
	for _, l := range p.Lists {
		if int64(len(l.Rows))+l.Rest != l.Total || len(l.Rows) > 5 {
			t.Errorf("%s: %d rows and %d more of %d", l.ID, len(l.Rows), l.Rest, l.Total)
		}
	}
	if l := p.Lists[0]; l.Total != p.Violation.Files || l.Rest == 0 || l.Rows[0].Counts.Records != 1200 {
		t.Errorf("violations: %d of %d, the first with %d records", l.Total, p.Violation.Files, l.Rows[0].Counts.Records)
	}
}

// TestTotalsByReason says that reasons add up to their statuses.
func TestTotalsByReason(t *testing.T) {
	totals := richBook(t, "ja").Totals
	for name, got := range map[scan.Status]map[string]int64{scan.StatusUnchecked: totals.Unchecked, scan.StatusSkipped: totals.Skipped, scan.StatusProtected: totals.Protection} {
		var n int64
		for _, k := range got {
			n += k
		}
		if n != totals.Statuses[name].Files {
			t.Errorf("%s: reasons come to %d of %d files", name, n, totals.Statuses[name].Files)
		}
	}
}
