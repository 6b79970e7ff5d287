package format_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// sets returns the files of testdata/formats/volumes, set by set.
func sets(t *testing.T) map[string]map[string][]byte {
	t.Helper()
	out := map[string]map[string][]byte{}
	for _, fx := range scantest.Fixtures(t, filepath.Join(fixtures, "volumes")) {
		out[fx.Name] = map[string][]byte{}
		for _, name := range append([]string{fx.Name}, fx.Beside...) {
			data, err := os.ReadFile(filepath.Join(fixtures, "volumes", name))
			if err != nil {
				t.Fatal(err)
			}
			out[fx.Name][name] = data
		}
	}
	return out
}

func examine(t *testing.T, files map[string][]byte) map[string]scantest.Examined {
	t.Helper()
	got, err := scantest.Run(t, t.Context(), format.List(), scan.DefaultLimits(), &scantest.MemorySource{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A volume without its siblings never passes for one that opens.
func TestVolumeAloneIsUnknown(t *testing.T) {
	for _, set := range sets(t) {
		for name, data := range set {
			item := examine(t, map[string][]byte{name: data})[name].Result.Items[0]
			p := item.Protection
			if p.Verdict != scan.VerdictUnknown || !slices.Contains(p.Notes, scan.NoteMissingVolume) ||
				len(item.Problems) != 1 || item.Problems[0].Kind != scan.KindIncomplete {
				t.Errorf("%s alone: %s, %+v, problems %v", name, item.Format, p, item.Problems)
			}
		}
	}
}

// A set that lacks any one of its volumes is not read to the end, and says so.
func TestSetThatLacksOne(t *testing.T) {
	for main, set := range sets(t) {
		for lacking := range set {
			rest := map[string][]byte{}
			for name, data := range set {
				if name != lacking {
					rest[name] = data
				}
			}
			for name, e := range examine(t, rest) {
				problems := 0
				for _, item := range e.Result.Items {
					problems += len(item.Problems)
				}
				if root := e.Result.Items[0]; root.Skipped != "volume" && (root.Protection.Verdict == scan.VerdictNone || problems == 0) {
					t.Errorf("set %s without %s: %s is %v with %d problems", main, lacking, name, root.Protection.Verdict, problems)
				} else if root.Skipped == "volume" && lacking == main {
					t.Errorf("set %s without %s: %s is left out", main, lacking, name)
				}
			}
		}
	}
}

// A volume that the source does not hand out is a failure of the source, not
// of the archive, and what was read is counted.
func TestVolumeThatCannotBeRead(t *testing.T) {
	for main, set := range sets(t) {
		if len(set) < 3 {
			continue
		}
		src := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: set}}
		run := func() map[string]*scan.Result {
			var k scantest.MemoryStore
			_, err := engine.Run(t.Context(), engine.Config{
				Targets: []engine.Target{src.Target("memory")}, Formats: format.List(), Detector: idle{}, Store: &k,
				Limits: scan.DefaultLimits(), Workers: 1,
			})
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]*scan.Result{}
			for _, r := range k.Kept {
				out[r.Entry.Path] = r
			}
			return out
		}
		total := 0
		for _, data := range set {
			total += len(data)
		}
		if r := run()[main]; r.Items[0].Protection.Verdict == scan.VerdictNone && r.Items[0].Format == "zip" && r.Bytes < int64(total) {
			t.Errorf("%s: %d bytes read of %d", main, r.Bytes, total)
		}
		for name := range set {
			if name != main {
				src.Fail = map[string]error{name: scan.ErrLocked}
			}
		}
		r := run()[main]
		if kinds := kindsOf(r); !slices.Contains(kinds, scan.KindLocked) || r.Items[0].Protection.Verdict == scan.VerdictNone {
			t.Errorf("%s with a locked volume: %v, %v", main, r.Items[0].Protection.Verdict, kinds)
		}
	}
}

func kindsOf(r *scan.Result) []scan.Kind {
	var kinds []scan.Kind
	for _, item := range r.Items {
		for _, p := range item.Problems {
			kinds = append(kinds, p.Kind)
		}
	}
	return kinds
}

// A list under the name of a volume is none, whatever lies beside it: the set
// does not hold it.
func TestListsAreNoVolumes(t *testing.T) {
	list := []byte("氏名,基礎年金番号,生年月日\r\n" + strings.Repeat("例題 一,4120-381746,1968-01-02\r\n例題 二,4121-440012,1970-05-06\r\n", 15))
	all := sets(t)
	beside := func(main string, change func(map[string][]byte)) map[string][]byte {
		set := maps.Clone(all[main])
		if len(set) == 0 {
			t.Fatalf("there is no set %s", main)
		}
		change(set)
		return set
	}
	for name, tt := range map[string]struct {
		files map[string][]byte
		list  string
	}{
		"behind the last": {beside("lzma2.7z.001", func(s map[string][]byte) { s["lzma2.7z.004"] = list }), "lzma2.7z.004"},
		"behind a gap":    {beside("lzma2.7z.001", func(s map[string][]byte) { s["lzma2.7z.777"] = list }), "lzma2.7z.777"},
		"in place of one": {beside("lzma2.7z.001", func(s map[string][]byte) { s["lzma2.7z.002"] = list }), "lzma2.7z.002"},
		"of zip":          {beside("numbered.zip.001", func(s map[string][]byte) { s["numbered.zip.004"] = list }), "numbered.zip.004"},
		"of a split zip":  {beside("split.zip", func(s map[string][]byte) { s["split.z01"] = list }), "split.z01"},
		"of rar": {beside("rar4.part1.rar", func(s map[string][]byte) {
			s["rar4.part2.rar"] = append(bytes.Clone(s["rar4.part2.rar"][:20]), list...)
		}), "rar4.part2.rar"},
		"beside an archive": {map[string][]byte{"a.001": []byte("7z\xBC\xAF\x27\x1C\x00\x04 and no more of it"), "a.002": list}, "a.002"},
	} {
		e := examine(t, tt.files)[tt.list]
		root := e.Result.Items[0]
		read := e.Result.Items[0].Findings.Confidence() != "" || root.Format == "text"
		if problems := len(root.Problems); root.Skipped != "" || !read && problems == 0 {
			t.Errorf("%s: %s is %q, left out by %q, with %d problems", name, tt.list, root.Format, root.Skipped, problems)
		}
	}
}
