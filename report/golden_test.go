package report

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/xuri/excelize/v2"
)

var update = flag.Bool("update", false, "write the golden files anew")

func languages() []string { return []string{"ja", "en"} }

// render writes a report and gives it as text: a workbook cell by cell.
func render(t *testing.T, f Format, b *Book) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(t.Context(), b, Output{f, &out}); err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	if f.Extension == ".xlsx" {
		return cells(t, out.Bytes())
	}
	return out.String()
}

// format returns a format by its name.
func format(t *testing.T, name string) Format {
	t.Helper()
	i := slices.IndexFunc(List(), func(f Format) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("there is no format %s", name)
	}
	return List()[i]
}

// cells reads a workbook back.
func cells(t *testing.T, data []byte) string {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var out strings.Builder
	for _, name := range book.GetSheetList() {
		fmt.Fprintf(&out, "== %s\n", name)
		rows, err := book.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, text := range row {
				if text != "" {
					at, _ := excelize.CoordinatesToCellName(j+1, i+1)
					fmt.Fprintf(&out, "%s\t%q\n", at, text)
				}
			}
		}
		checks, err := book.GetDataValidations(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, dv := range checks {
			fmt.Fprintf(&out, "choice %s %s %s\n", dv.Sqref, dv.Type, dv.Formula1)
		}
	}
	return out.String()
}

// TestGolden compares each format of the table, in each language, with what
// people have looked at. A format without golden files fails.
func TestGolden(t *testing.T) {
	for _, f := range List() {
		for _, lang := range languages() {
			t.Run(f.Name+"/"+lang, func(t *testing.T) {
				got := render(t, f, richBook(t, lang))
				path := filepath.Join("testdata", "golden", f.Name+"."+lang+".txt")
				if *update {
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatalf("every format in List has golden files; run go test -update and look at them: %v", err)
				}
				if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
					t.Errorf("%s differs (-want +got):\n%s", path, diff)
				}
			})
		}
	}
}

// TestEmpty renders a share without files.
func TestEmpty(t *testing.T) {
	for _, f := range List() {
		for _, lang := range languages() {
			if got := render(t, f, emptyBook(lang)); strings.Contains(got, "NaN") || strings.Contains(got, "%!") {
				t.Errorf("%s, %s: %s", f.Name, lang, got)
			}
		}
	}
}

// TestNoNumber looks for anything that is as long as a pension number. The
// book holds file numbers and revisions of that length, and masked evidence.
// Parts of a SID may be as long; the server made them.
func TestNoNumber(t *testing.T) {
	number := regexp.MustCompile(`(^|[^0-9])([0-9]{10}|[0-9]{4}[-‐‑–—−ー ][0-9]{6})([^0-9]|$)`)
	sid := regexp.MustCompile(`S-1(-[0-9]+){2,}`)
	if !number.MatchString("a 2101-000007 b") || !number.MatchString("2101000007") {
		t.Fatal("the expression finds nothing")
	}
	for _, f := range List() {
		for _, lang := range languages() {
			text := sid.ReplaceAllString(render(t, f, richBook(t, lang)), "SID")
			if found := number.FindString(text); found != "" {
				t.Errorf("%s, %s: %q looks like a number", f.Name, lang, found)
			}
		}
	}
}

// TestNothingObeyed says that no format hands on what a terminal, browser or
// spreadsheet program would obey.
func TestNothingObeyed(t *testing.T) {
	for _, f := range List() {
		for _, lang := range languages() {
			text := strings.TrimPrefix(render(t, f, richBook(t, lang)), "\uFEFF") // csv begins with the mark
			for _, r := range text {
				if obeyed(r) && r != '\n' && r != '\r' && r != '\t' {
					t.Errorf("%s, %s: holds U+%04X", f.Name, lang, r)
				}
			}
		}
	}
}

// TestFailingFiles says that no format hides an error of the state.
func TestFailingFiles(t *testing.T) {
	broken := errors.New("state is broken")
	for _, f := range List() {
		b := richBook(t, "en")
		files := slices.Collect(func(yield func(File) bool) {
			for f := range b.Files() {
				yield(f)
			}
		})
		b.Files = func() iter.Seq2[File, error] {
			return func(yield func(File, error) bool) {
				for _, f := range files[:3] {
					if !yield(f, nil) {
						return
					}
				}
				yield(File{}, broken)
			}
		}
		if err := Write(t.Context(), b, Output{f, io.Discard}); !errors.Is(err, broken) {
			t.Errorf("%s: error %v, want %v", f.Name, err, broken)
		}
	}
}

// TestFullDisk says that no format hides that its output could not be written.
func TestFullDisk(t *testing.T) {
	for _, f := range List() {
		if err := Write(t.Context(), richBook(t, "ja"), Output{f, full{}}); !errors.Is(err, errFull) {
			t.Errorf("%s: error %v, want %v", f.Name, err, errFull)
		}
	}
}

var errFull = errors.New("disk is full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"名簿.xlsx":            "名簿.xlsx",
		"a\x1b[31mb":         "a[U+001B][31mb",
		"a\u202eb":           "a[U+202E]b",
		"a\r\nb":             "a[U+000D][U+000A]b",
		"\xff":               "\uFFFD",
		"葛\U000e0100":        "葛\U000e0100",
		"外字\ue000":           "外字\ue000",
		"\u2028\u200b\u009b": "[U+2028][U+200B][U+009B]",
	} {
		if got := visible(in); got != want {
			t.Errorf("visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWorstFirst(t *testing.T) {
	list := shortlist{most: 3}
	for i := range 100 {
		status := scan.StatusReview
		if i%10 == 0 {
			status = scan.StatusViolation
		}
		list.offer(File{Result: &scan.Result{}, Judgement: scan.Judgement{Status: status, Counts: scan.Counts{Records: int64(i)}}})
	}
	var got []int64
	for _, f := range list.Files() {
		got = append(got, f.Counts.Records)
	}
	if diff := cmp.Diff([]int64{90, 80, 70}, got); diff != "" || list.Rest() != 97 {
		t.Errorf("rest %d, files (-want +got):\n%s", list.Rest(), diff)
	}
}

// TestOnePass says that all formats together go over the files once.
func TestOnePass(t *testing.T) {
	b := richBook(t, "ja")
	passes := 0
	files := b.Files
	b.Files = func() iter.Seq2[File, error] { passes++; return files() }
	var outputs []Output
	for _, f := range List() {
		outputs = append(outputs, Output{f, io.Discard})
	}
	if err := Write(t.Context(), b, outputs...); err != nil || passes != 1 {
		t.Errorf("%d passes, %v; want one", passes, err)
	}
}
