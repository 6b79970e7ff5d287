package isolate_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/isolate"
	"github.com/kagiban/kagiban/scan/scantest"
)

// examinerVariable makes the test binary a process of a quarantine.
const examinerVariable = "KAGIBAN_TEST_EXAMINER"

// lineDetector takes each line for the number of a person.
type lineDetector struct{}

func (lineDetector) Revision() string { return "lines" }
func (lineDetector) Begin(s scan.Subject) scan.Examination {
	return &lineExamination{persons: s.Persons}
}

type lineExamination struct {
	persons *scan.Persons
	records int64
}

func (x *lineExamination) Row(r scan.Row) error {
	x.records++
	sum := fnv.New64a()
	_, _ = sum.Write(r.Cells[0].Text)
	return x.persons.Add(scan.Person{Hash: sum.Sum64(), Grade: scan.ConfidenceHigh, Class: scan.Class(sum.Sum64() % 4), Place: uint8(sum.Sum64() % 83), Address: sum.Sum64()%2 == 1})
}

func (x *lineExamination) Close() (scan.Findings, error) {
	return scan.Findings{High: scan.Counts{Records: x.records}}, nil
}

// examinerConfig knows files of lines, files that name one beside them whose
// lines they are, and files that take their process down.
func examinerConfig(setup []byte) (engine.Config, error) {
	if string(setup) != "setup" {
		return engine.Config{}, errors.New("no setup")
	}
	open := func(_ context.Context, f *scan.File) (scan.Document, error) {
		return doc{func(out scan.Sink) error {
			word, name, _ := strings.Cut(strings.TrimSpace(string(f.Head[:min(len(f.Head), 100)])), " ")
			switch word {
			case "die":
				for all := [][]byte{}; ; all = append(all, make([]byte, 64<<20)) {
					runtime.KeepAlive(all)
				}
			case "beside":
				r, err := f.Sibling(name)
				if err != nil {
					return err
				}
				return lines(r, out)
			}
			return lines(f.Reader(), out)
		}}, nil
	}
	return engine.Config{
		Formats:  []scan.Format{{Name: "lines", Version: 1, Match: func(*scan.File) bool { return true }, Open: open}},
		Detector: lineDetector{}, Limits: scan.DefaultLimits(), TempDir: os.TempDir(),
	}, nil
}

func examineHere(ctx context.Context, setup []byte, src scan.Source, e scan.Entry) (*scan.Result, error) {
	cfg, err := examinerConfig(setup)
	if err != nil {
		return nil, err
	}
	return engine.Examine(ctx, cfg, src, e), nil
}

func lines(r io.Reader, out scan.Sink) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		if err := say(out, line); err != nil {
			return err
		}
	}
	return nil
}

// refusing is a source that has one file which it does not open.
type refusing struct{ scan.Source }

func (s refusing) Open(ctx context.Context, e scan.Entry) (scan.Blob, error) {
	if e.Path == "denied" {
		return nil, fmt.Errorf("open: %w", fs.ErrPermission)
	}
	return s.Source.Open(ctx, e)
}

// A file in quarantine has the result that it has here, and one that takes its
// process down takes nothing else.
func TestQuarantine(t *testing.T) {
	var many strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&many, "%d\n", i%70_000)
	}
	src := refusing{&scantest.MemorySource{Files: map[string][]byte{
		"plain": []byte("a\nb\na\n"), "many": []byte(many.String()), "one": []byte("beside plain"), "none": []byte("beside nothing"), "denied": nil, "die": []byte("die"),
	}}}
	q := isolate.NewQuarantine(func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = []string{examinerVariable + "=1"}
		return cmd
	}, []byte("setup"))
	t.Cleanup(func() { _ = q.Close() })
	cfg, err := examinerConfig([]byte("setup"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"plain", "many", "one", "none", "denied"} {
		e := scan.Entry{Target: "t", Path: path, Size: 10, ModTime: time.Unix(1e9, 0).UTC()}
		want := engine.Examine(t.Context(), cfg, src, e)
		persons := scan.NewPersons()
		got, err := q.Examine(t.Context(), src, e, persons)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		wantHashes, gotHashes := hashes(t, want.Hashes), hashes(t, persons)
		if !slices.Equal(wantHashes, gotHashes) || (path == "many") != (len(gotHashes) == 70_000) {
			t.Errorf("%s: %d persons, want %d", path, len(gotHashes), len(wantHashes))
		}
		want.Hashes, want.Scanned = nil, got.Scanned
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-here +in quarantine):\n%s", path, diff)
		}
	}
	if runtime.GOOS != "linux" {
		return // only there memory is bounded
	}
	if _, err := q.Examine(t.Context(), src, scan.Entry{Target: "t", Path: "die", Size: 3}, scan.NewPersons()); !errors.Is(err, scan.ErrCrashed) {
		t.Errorf("a process that takes all memory: %v", err)
	}
}

func hashes(t *testing.T, p *scan.Persons) []scan.Person {
	t.Helper()
	var list []scan.Person
	for person, err := range p.All() {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, person)
	}
	return list
}
