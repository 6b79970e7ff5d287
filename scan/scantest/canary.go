package scantest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// canary is what is planted: a list in the open, with a number that stands in no
// fixture.
const (
	canaryNumber = "8642-975310"
	canaryList   = "\r\nname,number\r\nCanary," + canaryNumber + "\r\nSecond,8642-975311\r\nThird,8642-975312\r\n"
)

// Canary plants a short list into each unit of each fixture, into its gaps, before
// its start and behind its end. No planted copy may pass for read to its end without
// the list: it is found, or a problem says that something was not read. KAGIBAN_KIT=full
// plants into all units of all fixtures; otherwise a sample of each folder is taken.
func Canary(t *testing.T, list []scan.Format, dir string) {
	full := os.Getenv("KAGIBAN_KIT") == "full"
	planted, wrong := 0, 0
	units := map[string][2]int{}
	for _, format := range list {
		folder := filepath.Join(dir, format.Name)
		if _, err := os.Stat(folder); err != nil {
			continue // whether each format has a folder is another test's business
		}
		sample := 0
		for _, fx := range Fixtures(t, folder) {
			if fx.Skipped != "" || fx.ByName || len(fx.Beside) > 0 || len(fx.Problems) > 0 || fx.Verdict == "" {
				continue
			}
			if sample++; sample > 3 && !full {
				break
			}
			data, err := os.ReadFile(filepath.Join(folder, fx.Name))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range plantings(data) {
				if p.within && (outOfReach(fx) || format.Name == "self-extracting") {
					continue // what is encrypted is not looked at, nor what belongs to a program
				}
				if p.place == behind && fx.Endless || wideText(format.Name, data) {
					continue // nothing marks the end; a list in another encoding is none of that text
				}
				planted++
				n := units[format.Name]
				n[0]++
				if why := passed(t, list, fx.Name, p.data); why != "" {
					wrong++
					n[1]++
					t.Errorf("%s/%s, list %s: %s", format.Name, fx.Name, p.place, why)
				}
				units[format.Name] = n
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(units)) {
		t.Logf("%-16s %4d planted, %4d found or told, %d wrongly clean", name, units[name][0], units[name][0]-units[name][1], units[name][1])
	}
	t.Logf("%d lists planted, %d wrongly clean", planted, wrong)
	if planted < 50 {
		t.Errorf("only %d lists were planted", planted)
	}
}

// outOfReach reports whether a fixture is encrypted.
func outOfReach(fx Fixture) bool {
	return fx.Verdict == "password" || fx.Verdict == "other" || fx.Verdict == "partial"
}

const behind = "behind the end"

// wideText reports whether a fixture is text of two bytes a character.
func wideText(format string, data []byte) bool {
	return (format == "text" || format == "json") && bytes.IndexByte(data, 0) >= 0
}

// A planting is a copy of a fixture with a list in some place.
type planting struct {
	place  string
	data   []byte
	within bool // in the middle of what the file holds
}

// Planted returns copies of a file with a list in different places, as seeds.
func Planted(data []byte) (copies [][]byte) {
	for _, p := range plantings(data) {
		copies = append(copies, p.data)
	}
	return copies
}

func plantings(data []byte) []planting {
	list := []byte(canaryList)
	all := []planting{
		{place: behind, data: append(bytes.Clone(data), list...)},
		{place: "before the start", data: append(bytes.Clone(list), data...)},
	}
	all = append(all, overwritten(data)...)
	if r, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil && bytes.HasPrefix(data, []byte("PK")) {
		all = append(all, zipPlantings(r)...)
	}
	return all
}

// canaryRuns is over how many runs of zeros of a file a list is planted.
const canaryRuns = 40

// overwritten plants over padding: each of the first runs of zeros.
func overwritten(data []byte) []planting {
	var all []planting
	list := []byte(canaryList)
	zeros := make([]byte, len(list))
	n := 0
	for at := 0; at+len(list) <= len(data) && n < canaryRuns; {
		i := bytes.Index(data[at:], zeros)
		if i < 0 {
			break
		}
		planted := bytes.Clone(data)
		copy(planted[at+i:], list)
		all = append(all, planting{fmt.Sprintf("over zeros at %d of %d", at+i, len(data)), planted, true})
		at += i + len(list)
		n++
		for at < len(data) && data[at] == 0 {
			at++
		}
	}
	return all
}

// zipPlantings plants into the entries of a zip, beside them and into its comment.
func zipPlantings(r *zip.Reader) []planting {
	var all []planting
	all = append(all,
		planting{place: "in an entry of its own", data: rewritten(r, func(w *zip.Writer) { store(w, "custom/unknown.part", canaryList) }, nil)},
		planting{place: "in a medium", data: rewritten(r, func(w *zip.Writer) { store(w, "word/media/image99.png", canaryList) }, nil)},
		planting{place: "in an XML part that nobody knows", data: rewritten(r, func(w *zip.Writer) { store(w, "custom/unknown.xml", "<a><b>"+canaryList+"</b></a>") }, nil)},
		planting{place: "in the comment", data: rewritten(r, func(w *zip.Writer) { _ = w.SetComment(canaryList) }, nil)},
	)
	for _, e := range r.File {
		rc, err := e.Open()
		if strings.HasSuffix(e.Name, "/") || e.Flags&1 != 0 || err != nil { // of a method that is not known here
			continue
		}
		_ = rc.Close()
		all = append(all, planting{place: "in place of " + e.Name, data: rewritten(r, nil, func(have *zip.File, text []byte) []byte {
			if have == e {
				return []byte(canaryList)
			}
			return text
		})})
		if strings.HasSuffix(e.Name, ".xml") || strings.HasSuffix(e.Name, ".rels") {
			all = append(all, planting{place: "in a comment of " + e.Name, data: rewritten(r, nil, func(have *zip.File, text []byte) []byte {
				if have == e {
					return append(text, "<!--"+canaryList+"-->"...)
				}
				return text
			})})
		}
	}
	return all
}

func store(w *zip.Writer, name, text string) {
	f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err == nil {
		_, _ = f.Write([]byte(text)) // into memory
	}
}

// rewritten writes an archive again, with some entries changed and something more.
func rewritten(r *zip.Reader, more func(*zip.Writer), change func(*zip.File, []byte) []byte) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range r.File {
		rc, err := e.Open()
		if err != nil || change == nil {
			_ = w.Copy(e)
			continue
		}
		text, err := io.ReadAll(io.LimitReader(rc, 16<<20))
		_ = rc.Close()
		if err != nil {
			_ = w.Copy(e)
			continue
		}
		h := &zip.FileHeader{Name: e.Name, Method: e.Method}
		if e.Name != "mimetype" && e.Method != zip.Store {
			h.Method = zip.Deflate // the only other method that is written here
		}
		if f, err := w.CreateHeader(h); err == nil {
			_, _ = f.Write(change(e, text))
		}
	}
	if more != nil {
		more(w)
	}
	_ = w.Close()
	return b.Bytes()
}

// passed says how a copy passes for read although the list did not come out; "" if
// it does not.
func passed(t *testing.T, list []scan.Format, name string, data []byte) string {
	t.Helper()
	got := one(t, list, name, data)
	for _, row := range got.Rows {
		for _, c := range row.Cells {
			if strings.Contains(c.Text, canaryNumber) {
				return ""
			}
		}
	}
	for _, item := range got.Result.Items {
		if len(item.Problems) > 0 {
			return ""
		}
	}
	root := got.Result.Items[0]
	return fmt.Sprintf("format %s, verdict %s, %s and no problem", root.Format, root.Protection.Verdict, root.Skipped)
}
