package format_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/richardlehane/mscfb"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// fuzz runs the engine over what the fuzzer makes of the fixtures of a format.
// No file may make a parser fail or take long.
func fuzz(f *testing.F, folder string, seeds ...[]byte) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	for _, fx := range scantest.Fixtures(f, filepath.Join(fixtures, folder)) {
		data, err := os.ReadFile(filepath.Join(fixtures, folder, fx.Name))
		if err != nil {
			f.Fatal(err)
		}
		if len(data) >= 20_000 {
			continue
		}
		f.Add(data)
		for _, planted := range scantest.Planted(data)[:2] { // behind the end, before the start
			f.Add(planted)
		}
	}
	limits := scan.DefaultLimits()
	limits.Time, limits.Expanded, limits.Rows = 5*time.Second, 64<<20, 1_000_000
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := scantest.Run(t, t.Context(), format.List(), limits, &scantest.MemorySource{Files: map[string][]byte{"x": data}})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range got["x"].Result.Items {
			for _, p := range item.Problems {
				if p.Kind == scan.KindCrashed || p.Kind == scan.KindTimeout {
					t.Errorf("%s: %s", p.Kind, p.Detail)
				}
			}
		}
	})
}

// FuzzXls mutates bare record streams too, which reach the parser without a
// compound file around them.
func FuzzXls(f *testing.F) {
	var streams [][]byte
	for _, name := range []string{"libreoffice-hidden-sheet.xls", "default-password-rc4-40.xls", "biff5-book-stream.xls"} {
		file, err := os.Open(filepath.Join(fixtures, "xls", name))
		if err != nil {
			f.Fatal(err)
		}
		defer file.Close()
		r, err := mscfb.New(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, e := range r.File {
			if e.Name == "Workbook" || e.Name == "Book" {
				data := make([]byte, e.Size)
				if _, err := e.Read(data); err != nil {
					f.Fatal(err)
				}
				streams = append(streams, data)
			}
		}
	}
	fuzz(f, "xls", streams...)
}

func FuzzFods(f *testing.F) { fuzz(f, "fods") }

func FuzzDocx(f *testing.F) { fuzz(f, "docx") }

func FuzzXlsb(f *testing.F) { fuzz(f, "xlsb") }

func FuzzHTML(f *testing.F) { fuzz(f, "html") }

func FuzzSpreadsheetML(f *testing.F) { fuzz(f, "spreadsheetml") }

func FuzzRTF(f *testing.F) { fuzz(f, "rtf") }

func FuzzSYLK(f *testing.F) { fuzz(f, "sylk") }

func FuzzDIF(f *testing.F) { fuzz(f, "dif") }

func FuzzDBF(f *testing.F) { fuzz(f, "dbf") }

func FuzzDoc(f *testing.F) { fuzz(f, "doc") }

func FuzzPpt(f *testing.F) { fuzz(f, "ppt") }

func FuzzMdb(f *testing.F) { fuzz(f, "mdb") }
