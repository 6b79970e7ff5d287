package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var workPackages = flag.String("work-packages", "", "further packages whose statements count as work, such as bytes,strings,slices,golang.org/x/text/...: what they do is one statement else, the call; the first build takes minutes")

// workFactor is how much more work twice the input may be.
const workFactor = 2.6

// A workCase is files that cost the more to scan the larger n is, which is at
// least 8: the factor of linear work is (2n-1)/(n-1).
type workCase struct {
	name   string
	n      int
	file   func(n int) (name string, content []byte)
	config string // kagiban.yaml, if it needs one
}

// TestWorkIsLinear scans files of each kind, small and twice as large, and
// counts the statements that the program executes: no time is measured. What
// the program does in any case, and what a case has in a file of any size, is
// seen in the file for 1 and taken off. What then costs four times as much is
// quadratic. On failure the blocks of the source are named that grew most.
func TestWorkIsLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program instrumented and scans with it")
	}
	p := instrumented(t, t.TempDir())
	for _, c := range slices.Concat(detectionWork(), formatWork(), structuredWork()) {
		t.Run(c.name, func(t *testing.T) {
			fixed := p.work(t, c, 1)
			once, twice := p.work(t, c, c.n), p.work(t, c, 2*c.n)
			first, second := sum(once)-sum(fixed), sum(twice)-sum(fixed)
			factor := float64(second) / float64(max(first, 1))
			t.Logf("%d and %d statements, %.2f times", first, second, factor)
			if first < 10_000 {
				t.Error("too little work to tell")
			}
			if factor > workFactor {
				t.Errorf("twice the input is %.2f times the work; grown most:\n%s", factor, grownMost(once, twice, 5))
			}
		})
	}
}

// An instrumentedProgram counts what it executes.
type instrumentedProgram struct{ dir, path string }

// instrumented builds the program in a folder.
func instrumented(t testing.TB, dir string) instrumentedProgram {
	path := filepath.Join(dir, "kagiban")
	packages := "github.com/kagiban/kagiban/..."
	if *workPackages != "" {
		packages += "," + *workPackages
	}
	build := exec.Command("go", "build", "-cover", "-covermode=count", "-coverpkg="+packages, "-o", path, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", build, err, out)
	}
	return instrumentedProgram{dir, path}
}

// A block is a part of the source in which all statements are executed equally
// often: "file:line.column,line.column".
type block string

// work scans a folder with the file of size n and returns the statements
// executed in each block.
func (p instrumentedProgram) work(t *testing.T, c workCase, n int) map[block]int64 {
	t.Helper()
	name, content := c.file(n)
	out, code, work := p.scan(t, name, content, c.config)
	if code != exitDone && code != exitFound {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	readWhole(t, out)
	return work
}

// scan scans a folder with one file and returns what is reported, the exit code
// and the statements executed in each block.
func (p instrumentedProgram) scan(t testing.TB, name string, content []byte, config string) (jsonl []byte, code int, work map[block]int64) {
	t.Helper()
	home, err := os.MkdirTemp(p.dir, "work")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(home)
	share, counters, settings := filepath.Join(home, "share"), filepath.Join(home, "counters"), filepath.Join(home, "kagiban.yaml")
	err = errors.Join(os.Mkdir(share, 0o700), os.Mkdir(counters, 0o700),
		os.WriteFile(filepath.Join(share, name), content, 0o600), os.WriteFile(settings, []byte(config), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	scan := exec.Command(p.path, "scan", share, "--config", settings, "--state", filepath.Join(home, "s.db"), "--format", "jsonl", "--out", "-", "--progress", "none")
	scan.Env = []string{"GOCOVERDIR=" + counters, "HOME=" + home, "XDG_STATE_HOME=" + home, "XDG_CONFIG_HOME=" + home, "LocalAppData=" + home, "AppData=" + home, "SystemRoot=" + os.Getenv("SystemRoot")}
	var stderr bytes.Buffer
	scan.Stderr = &stderr
	out, err := scan.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v\n%s%s", err, stderr.Bytes(), out)
	}
	text := filepath.Join(home, "counters.txt")
	if out, err := exec.Command("go", "tool", "covdata", "textfmt", "-i="+counters, "-o="+text).CombinedOutput(); err != nil {
		t.Fatalf("covdata: %v\n%s%s", err, out, stderr.Bytes())
	}
	return out, scan.ProcessState.ExitCode(), readCounters(t, text)
}

// readWhole checks that the one file was read to its end: what is given up
// early tells nothing.
func readWhole(t *testing.T, jsonl []byte) {
	t.Helper()
	var r struct {
		Status   string
		Problems []json.RawMessage
	}
	if err := json.Unmarshal(jsonl, &r); err != nil || r.Status == "unchecked" || len(r.Problems) > 0 {
		t.Fatalf("the file was not read to its end: %v\n%s", err, jsonl)
	}
}

// readCounters reads lines such as "file:1.2,3.4 numberOfStatements count".
func readCounters(t testing.TB, path string) map[block]int64 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	work := map[block]int64{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 { // the first line is the mode
			continue
		}
		statements, err1 := strconv.ParseInt(fields[1], 10, 64)
		count, err2 := strconv.ParseInt(fields[2], 10, 64)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		work[block(fields[0])] += statements * count
	}
	if err := lines.Err(); err != nil || len(work) == 0 {
		t.Fatalf("no counters: %v", err)
	}
	return work
}

func sum(work map[block]int64) (n int64) {
	for _, w := range work {
		n += w
	}
	return n
}

// grownMost names the blocks whose work grew most beyond twice what it was.
func grownMost(once, twice map[block]int64, n int) string {
	var blocks []block
	for b := range twice {
		blocks = append(blocks, b)
	}
	beyond := func(b block) int64 { return twice[b] - 2*once[b] }
	slices.SortFunc(blocks, func(a, b block) int {
		return cmp.Or(cmp.Compare(beyond(b), beyond(a)), cmp.Compare(a, b))
	})
	var s strings.Builder
	for _, b := range blocks[:min(n, len(blocks))] {
		i := strings.LastIndexByte(string(b), ':')
		file, line := strings.TrimPrefix(string(b[:max(i, 0)]), "github.com/kagiban/kagiban/"), string(b[i+1:])
		line, _, _ = strings.Cut(line, ".")
		fmt.Fprintf(&s, "  %s:%s: %d statements, then %d (%.1f times)\n", file, line, once[b], twice[b], float64(twice[b])/float64(max(once[b], 1)))
	}
	return s.String()
}

// detectionWork is what detection once cost, or could cost, the square of.
func detectionWork() []workCase { return slices.Concat(tableWork(), cellWork()) }

// csvFile makes a file of rows, textFile one of lines, cellFile a table with a
// cell of n times s.
func csvFile(rows func(n int) string) func(int) (string, []byte) {
	return func(n int) (string, []byte) { return "a.csv", []byte(rows(n)) }
}

func textFile(lines func(n int) string) func(int) (string, []byte) {
	return func(n int) (string, []byte) { return "a.txt", []byte(lines(n)) }
}

func cellFile(s string) func(int) (string, []byte) {
	return csvFile(func(n int) string { return "区分,値,件名\nあ," + strings.Repeat(s, n) + ",い\n" })
}

// declared is the configuration that looks for numbers of another kind too.
const declared = "detection:\n  enable: [my-number]\n"

func tableWork() []workCase {
	return []workCase{
		{"label and numbers in one row", 2000, csvFile(func(n int) string { return "基礎年金番号" + each(n, ",%s") + "\n" }), ""},
		{"label and numbers in one row, xlsx", 2000, sheetFile(func(n int) string { return "基礎年金番号" + each(n, ",%s") }), ""},
		{"labels and numbers in one row", 1000, csvFile(func(n int) string { return each(n, "基礎年金番号,%s,") + "\n" }), ""},
		{"labels, numbers and persons in one row", 500, csvFile(func(n int) string {
			return each(n, "氏名,山田 太郎,住所,東京都港区芝1-2,基礎年金番号,%s,") + "\n"
		}), ""},
		{"numbers in texts in one row", 1000, csvFile(func(n int) string { return each(n, "番号は%sです,山田 太郎,") + "\n" }), ""},
		{"boxes", 300, csvFile(func(n int) string { return "基礎年金番号" + each(n, ",あ,4,1,0,0,%.0s1,2,3,4,5,6") + "\n" }), ""},
		{"headings in one row", 700, csvFile(func(n int) string { return each(n, "基礎年金番号%s,") + "\n" + each(n, "%s,") + "\n" }), ""},
		{"rows of headings", 300, csvFile(func(n int) string { return each(n, "基礎年金番号,氏名,%.0s生年月日\n,,\n") }), ""},
		{"rows of headings, one below the other", 90, csvFile(func(n int) string {
			return strings.Repeat(strings.Repeat("基礎年金番号,氏名,", 20)+"\n"+strings.Repeat("区分,番号,", 20)+"\n", n)
		}), ""},
		{"tables that begin anew", 300, csvFile(func(n int) string { return each(n, "基礎年金番号,氏名\n%s,山田 太郎\n") }), ""},
		{"headings below a wide row", 300, sheetFile(func(n int) string {
			return each(5000, "あ%.0s,") + strings.Repeat("\n\n年金手帳番号\n\n基礎年金番号", n)
		}), ""},
		{"a row of 5,000 columns, then tables", 300, sheetFile(func(n int) string {
			return each(5000, "あ%.0s,") + each(n, "\n\n基礎年金番号,氏名\n%s,山田 太郎")
		}), ""},
		{"alternating columns", 500, sheetFile(func(n int) string {
			return each(n, "%s\n"+strings.Repeat(",", 16000)+"あ\n")
		}), ""},
		{"rows of 16,000 columns", 8, sheetFile(func(n int) string {
			return strings.Repeat("基礎年金番号"+each(16000, ",%s")+"\n", n)
		}), ""},
		{"a form in lines", 500, csvFile(func(n int) string {
			return each(n, "氏名,山田 太郎\n生年月日,昭和30年1月2日\n基礎年金番号,%s\n")
		}), ""},
		{"a form in columns", 300, csvFile(func(n int) string {
			return "氏名" + strings.Repeat(",山田 太郎", n) + "\n基礎年金番号" + each(n, ",%s") + "\n"
		}), ""},
	}
}

func cellWork() []workCase {
	return []workCase{
		{"three lines of text", 1000, textFile(func(n int) string { return strings.Repeat("基礎年金番号"+each(n, " %s")+"\n", 3) }), ""},
		{"labels and numbers in text", 500, textFile(func(n int) string { return each(n, "基礎年金番号 %s 山田太郎様、") + "\n" }), ""},
		{"an address before numbers", 8000, csvFile(func(n int) string {
			return "東京都" + strings.Repeat("あいうえ", n) + ",値" + each(n, " %s") + "\n"
		}), ""},
		{"a letter", 500, textFile(func(n int) string { return each(n, "氏名：山田太郎\n基礎年金番号：%s\n") }), ""},
		{"a cell of digits", 20_000, cellFile("1"), ""},
		{"a cell of hyphens", 20_000, cellFile("-"), ""},
		{"a cell of spaces", 20_000, cellFile(" "), ""},
		{"a cell of digits and hyphens", 10_000, cellFile("4100-"), ""},
		{"a cell of digits and spaces", 10_000, cellFile("4100 "), ""},
		{"a cell of labels", 5000, cellFile("基礎年金番号"), ""},
		{"a cell of labels and digits", 2000, cellFile("年金 =4100000001,1234567890 "), ""},
		{"a cell of dates", 5000, cellFile("昭和30年1月2日 "), ""},
		{"a cell of names", 5000, cellFile("山田 太郎様"), ""},
		{"a cell of addresses", 5000, cellFile("東京都港区"), ""},
		{"names, addresses and dates", 500, csvFile(func(n int) string { return each(n, "山田 太郎,東京都港区芝1-2,昭和30年1月2日,%s\n") }), ""},
		{"a record of the pension service", 1000, textFile(func(n int) string { return "2200700," + each(n, "%s,") + "\n" }), ""},
		{"a shared text in a row", 60, sheetFile(func(n int) string {
			return strings.Repeat("基礎年金番号"+each(20*n, " %s")+",", n)
		}), ""},
		{"a shared text in rows", 200, sheetFile(func(n int) string {
			return strings.Repeat("基礎年金番号"+each(20*n, " %s")+"\n", n)
		}), ""},
		{"numbers of another kind in one row", 500, csvFile(func(n int) string { return strings.Repeat("個人番号,123456789018,", n) + "\n" }), declared},
		{"numbers of another kind in text", 2000, textFile(func(n int) string { return strings.Repeat("個人番号 123456789018 ", n) + "\n" }), declared},
	}
}

// each repeats a format with n numbers.
func each(n int, format string) string {
	var s strings.Builder
	for i := range n {
		fmt.Fprintf(&s, format, fmt.Sprintf("41%02d-%06d", i%90, i*7919%999983+1))
	}
	return s.String()
}

// sheetFile makes a workbook of lines with commas. Equal texts are shared, and
// a line that is empty is a row that is missing.
func sheetFile(lines func(n int) string) func(int) (string, []byte) {
	return func(n int) (string, []byte) {
		var sheet, strs strings.Builder
		shared := map[string]int{}
		for i, line := range strings.Split(lines(n), "\n") {
			if line == "" {
				continue
			}
			fmt.Fprintf(&sheet, `<row r="%d">`, i+1)
			for col, cell := range strings.Split(line, ",") {
				if cell == "" {
					continue
				}
				at, known := shared[cell]
				if !known {
					at = len(shared)
					shared[cell] = at
					fmt.Fprintf(&strs, "<si><t>%s</t></si>", cell)
				}
				fmt.Fprintf(&sheet, `<c r="%s%d" t="s"><v>%d</v></c>`, columnLetters(col), i+1, at)
			}
			sheet.WriteString("</row>")
		}
		return "a.xlsx", zipped(map[string]string{
			"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`,
			"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
			"xl/workbook.xml":     `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
				`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
			"xl/sharedStrings.xml":     `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + strs.String() + `</sst>`,
			"xl/worksheets/sheet1.xml": `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + sheet.String() + `</sheetData></worksheet>`,
		})
	}
}

func columnLetters(col int) (letters string) {
	for n := col + 1; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

// zipped packs parts, in the order of their names.
func zipped(parts map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	var names []string
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(parts[name]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
