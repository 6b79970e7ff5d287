package format_test

import (
	"os"
	"path/filepath"
	"slices"
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
