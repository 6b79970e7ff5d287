package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A namedShare is a share whose files are called by numbers, and its twin, in which
// letters stand for them.
type namedShare struct {
	dir    string
	number func(i int) string
}

func shareNamed(t *testing.T, number func(int) string) namedShare {
	t.Helper()
	s := namedShare{filepath.Join(t.TempDir(), number(0)), number}
	for i := 1; i <= 8; i++ {
		folder := filepath.Join("課"+fmt.Sprint(i%2), number(10+i))
		put(t, s.dir, filepath.Join(folder, number(20+i)+".csv"), fmt.Sprintf("基礎年金番号,氏名\n3101-2048%02d,佐藤一郎\n3101-3048%02d,鈴木花子\n", i, i))
		put(t, s.dir, filepath.Join(folder, "議事 "+number(30+i)+".txt"), fmt.Sprintf("第%d回の議事\n", i))
	}
	put(t, s.dir, "broken "+number(40)+".xlsx", "PK\x03\x04")
	return s
}

// nights are what is done to a share over several scans: what was said of the files in
// each report, and how many were read.
func (s namedShare) nights(t *testing.T, state, key string) string {
	t.Helper()
	var told strings.Builder
	scan := func(more ...string) {
		t.Helper()
		args := append([]string{"scan", s.dir, "--state", state, "--key-file", key, "--format", "jsonl", "--out", "-", "--progress", "none", "--lang", "en"}, more...)
		code, out, said := command("", args...)
		fmt.Fprintln(&told, code, out, said)
	}
	scan()
	scan() // unchanged
	if err := os.Rename(filepath.Join(s.dir, "課1", s.number(11)), filepath.Join(s.dir, "課0", s.number(50))); err != nil {
		t.Fatal(err)
	}
	scan() // a folder was moved
	if err := os.Remove(filepath.Join(s.dir, "課0", s.number(12), s.number(22)+".csv")); err != nil {
		t.Fatal(err)
	}
	put(t, s.dir, filepath.Join("課0", s.number(14), "議事 "+s.number(34)+".txt"), "基礎年金番号,氏名\n3101-204877,高橋次郎\n")
	scan()
	leak := filepath.Join(t.TempDir(), "leak.txt")
	lines := filepath.Join(s.dir, "課0", s.number(50), s.number(21)) + ".csv\n" + filepath.Join(s.dir, "課0", s.number(14), "議事 "+s.number(34)+".txt") + "\n"
	if err := os.WriteFile(leak, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, said := command("", "impact", "--paths", leak, "--state", state, "--key-file", key, "--format", "jsonl", "--out", "-")
	fmt.Fprintln(&told, code, out, said)
	code, out, said = command("", "report", "--state", state, "--key-file", key, "--format", "jsonl", "--out", "-")
	fmt.Fprintln(&told, code, out, said)
	return told.String()
}

// TestNumbersInNamesAtRest scans a share whose names hold numbers over several nights
// into a file and into a database. What is told of it is what is told of a share with
// other names, and no number stands in a file of the state, a backup, an export or a dump.
func TestNumbersInNamesAtRest(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	number := func(i int) string { return fmt.Sprintf("3412-5678%02d", i) }
	masked := regexp.MustCompile(`\*{4}-\*{4}(\d\d)`)
	common := func(text string) string {
		var lines []string
		for line := range strings.Lines(times.ReplaceAllString(masked.ReplaceAllString(text, "name-$1"), "T")) {
			var told struct {
				Type, Target, Path, Status, Line, How string
				Records, Persons                      int64
				Finding                               struct{ Stage, How string }
			}
			if strings.HasPrefix(line, "{") {
				if err := json.Unmarshal([]byte(line), &told); err != nil {
					t.Fatalf("%s: %v", line, err)
				}
				told.Target, told.Line = filepath.Base(told.Target), filepath.Base(told.Line)
				line = fmt.Sprintf("%+v", told)
			} else if at := strings.Index(line, "files"); at < 0 {
				continue
			}
			lines = append(lines, line)
		}
		return strings.Join(sortedLines(lines), "\n")
	}
	twin := shareNamed(t, func(i int) string { return fmt.Sprintf("name-%02d", i) })
	want := common(twin.nights(t, filepath.Join(t.TempDir(), "state.db"), filepath.Join(t.TempDir(), "hash.key")))
	dir, keys := t.TempDir(), t.TempDir()
	for _, state := range []string{filepath.Join(dir, "state.db"), database(t)} {
		key := filepath.Join(keys, fmt.Sprint(len(state)))
		if diff := cmp.Diff(want, common(shareNamed(t, number).nights(t, state, key))); diff != "" {
			t.Errorf("%s (-names without numbers +with):\n%.6000s", state, diff)
		}
		if code, out, said := command("", "state", "export", "--state", state); code != exitDone || strings.Count(out, "****-****") < 16 || strings.Contains(out, "3412-5678") {
			t.Errorf("export %d: %s%s", code, out, said)
		}
		if !strings.HasPrefix(state, "postgres") {
			if code, _, said := command("", "state", "backup", filepath.Join(dir, "copy.db"), "--state", state, "--key-file", key); code != exitDone {
				t.Errorf("backup %d: %s", code, said)
			}
			continue
		}
		dump, err := exec.Command("pg_dump", state).CombinedOutput()
		if err != nil || !bytes.Contains(dump, []byte("COPY public.directory")) {
			t.Fatalf("%v: %.300s", err, dump)
		}
		if err := os.WriteFile(filepath.Join(dir, "dump.sql"), dump, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) < 4 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if at := bytes.Index(text, []byte("3412-5678")); at >= 0 {
			t.Errorf("%s holds a number: %q", e.Name(), text[max(0, at-60):min(len(text), at+60)])
		}
	}
}

func sortedLines(lines []string) []string {
	slices.Sort(lines)
	return lines
}
