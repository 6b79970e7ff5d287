package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/report/messages"
	"github.com/spf13/cobra"
)

// speaking runs commands in one language, in a folder of their own.
type speaking struct {
	dir, lang string
	said      strings.Builder
}

// run runs a command and takes down what it says.
func (s *speaking) run(args ...string) {
	var out, errOut bytes.Buffer
	code := run(append([]string{"--lang", s.lang}, args...), strings.NewReader(""), &out, &errOut)
	fmt.Fprintf(&s.said, "$ kagiban %s\n%s%s[%d]\n\n", strings.Join(args, " "), out.String(), errOut.String(), code)
}

// changing is what differs from run to run.
var changing = regexp.MustCompile(`\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?( \d\d:\d\d)?|\b[0-9a-f]{16}\b|\(\d+ ?(m|分|h|s|秒)[^)]*(ago|前)[^)]*\)|[0-9.]+ [KM]iB|\(go1[^)]*\)|kagiban devel\S*|(schema|スキーマ) \d+|\.kagiban-\S+`)

func (s *speaking) text() string {
	text := strings.NewReplacer(s.dir, "DIR", report.MaskName(s.dir), "DIR").Replace(s.said.String())
	return changing.ReplaceAllString(text, "…")
}

// wrongInputs are what people write wrong, and what the machine refuses.
func wrongInputs() []string {
	return []string{
		"scan", "scan nowhere", "scan smb://user:secret@server/share", "scan ftp://server/x", "scan smb://server:99999/share", "scan smb:///x",
		"scan smb://u@127.0.0.1:1/share --password-file password --stall 100ms", "scan share --password-file nowhere smb://u@127.0.0.1:1/x",
		"scan share --colour", "scan share --max-sise 3", "scan share --workers many", "scan share --stall 5", "scan share --full=perhaps", "scan --out", "scan --=3",
		"walk", "scn", "state nonsense", "state check surplus", "explain", "explain a b", "help nonsense",
		"scan share --format pdf", "scan share --max-size lots", "scan share --since yesterday", "scan share --include [a", "scan share --fail-on maybe",
		"scan share --progress maybe", "scan share --log-format xml", "scan share --out -", "scan share --auth magic", "scan share --window 25:00-26:00",
		"scan share --window 22:00-22:00", "scan share --max-busy 200", "scan share --max-files -1", "scan share --workers -1", "scan share --max-missing 120",
		"scan share --state notdb", "scan share --state file/state.db", "scan share --out file", "scan share --key-file badkey", "scan share --key-file openkey",
		"scan share --config gone.yaml", "scan share --config key.yaml", "scan share --config syntax.yaml", "scan share --config password.yaml", "scan --config target.yaml",
		"scan share --config detection.yaml", "scan share --config detector.yaml",
		"scan share --departments gone.csv", "scan share --departments column.csv", "scan share --departments days.csv", "scan share --departments empty.csv",
		"scan share --departments pattern.csv", "scan share --departments unnamed.csv", "scan share --declared column.csv",
		"scan share --due-days soon", "scan share --split person", "scan share --report-password-file short", "scan share --report-password-file openkey",
		"scan share --try-passwords gone", "scan share --try-passwords empty.csv", "scan --targets-file empty.csv", "scan --targets-file gone",
		"scan share --restricted-to Everyone", "scan share --accept-restricted --restricted-to 人事", "scan share --accept-restricted --restricted-to Everyone",
		"scan share --distributed", "scan share --state postgres://u:p@127.0.0.1:1/x", "scan share --state postgres://u@127.0.0.1:1/x --state-patience 0s",
		"scan share --state postgres://u@127.0.0.1:1/x --state-patience -3s", "scan share --state postgres://u@db.example.jp/x?sslmode=disable",
		"report", "status", "state check", "import book.xlsx", "impact --prefix x", "lookup", "state copy gone.db other.db",
		"exception add x", "exception add [ --reason r --approver a --expires 2100-01-01", "exception add x --reason r --approver a --expires soon",
		"exception add x --reason r --approver a --expires 2001-01-01", "exception add x --reason r --approver a --expires 2100-01-01", "exception remove x", "exception remove 9",
		"exception remove 9 --reason r", "lookup 4120-123456", "lookup --serve 127.0.0.1:1 -", "recipients", "recipients --scope x", "recipients --scope x --shares --with-names",
		"impact --format pdf", "keyring set //fs01/share", "keyring delete", "notify", "notify --smtp mail", "notify --smtp mail:25 --from me", "notify --smtp mail:25 --from a@b.jp --to me",
		"schedule print", "schedule print at", "schedule print cron --at noon", `schedule print cron --user a"b`, "worker", "worker --listen", "pause", "pause x", "status --runs",
		"status --runs --format pdf", "status --max-age old", "status --format pdf", "check", "check nowhere", "shares", "shares share", "shares smb://u@127.0.0.1:1 --password-file password",
	}
}

// rightInputs are the commands as they are used, after one another.
func rightInputs() []string {
	return []string{
		"scan share --format csv --out out --progress none", "report gone --format console --out -", "report --diff 99", "report --diff never", "report --diff 1999-01-01",
		"state check", "state backup copy.db", "state backup copy.db", "status", "status --max-age 0s", "status gone", "scan emptied --format csv --out out", "EMPTY", "scan emptied --format csv --out out",
		"exception add list.csv --reason 移行 --approver 部長 --by 担当", "exception add list.csv --reason 移行 --approver 部長 --by 担当 --expires TOMORROW",
		"exception add none.csv --reason 移行 --approver 部長 --by 担当 --expires TOMORROW", "exception list", "exception remove 1 --reason 完了 --by 担当", "exception list",
		"explain share", "explain share/none", "explain share/list.csv", "import gone.xlsx", "import file", "impact --prefix nowhere", "impact", "impact --paths empty.csv", "impact --paths lines.txt",
		"impact --since 2026-05-08 --until 2026-05-01", "impact --since soon", "lookup", "lookup --serve 127.0.0.1:1", "lookup --serve 127.0.0.1:1 --token-file short",
		"lookup --serve 0.0.0.0:1 --token-file token", "lookup --scope file -", "recipients --scope file --shares", "check share", "shares share",
		"notify --smtp mail.example.jp:587 --from a@example.jp --dry-run", "notify --webhook http://127.0.0.1:1/ --retries 0", "notify --webhook http://example.jp/",
		"state copy DIR/state.db copied.db", "state copy DIR/state.db copied.db", "state compact", "scan share --state damaged.db --out out", "state check --state damaged.db",
		"schedule", "keyring", "help",
	}
}

// prepareInputs makes what the commands are given.
func prepareInputs(t *testing.T, dir string) {
	t.Helper()
	t.Chdir(dir)
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG", "KAGIBAN_PASSWORD", "XDG_STATE_HOME", "XDG_CONFIG_HOME"} {
		t.Setenv(name, "")
	}
	t.Setenv("HOME", dir)
	for name, text := range map[string]string{
		"share/memo.txt": "memo", "emptied/memo.txt": "memo", "share/list.csv": "基礎年金番号,氏名\n3112-345678,夏目そら\n3112-345679,冬木あお\n", "file": "a file", "notdb": strings.Repeat("no database ", 100),
		"badkey": "zz", "openkey": "zz", "password": "of-no-worth\n", "short": "short\n", "token": "0123456789abcdef\n",
		"key.yaml": "maxsize: 3\n", "syntax.yaml": "a: [\n", "password.yaml": "password: x\n", "target.yaml": "targets:\n  - {label: x}\n", "detection.yaml": "detection:\n  patern: x\n",
		"detector.yaml": "detection:\n  detectors:\n    - {name: x, pattern: '[', headings: [a], match: [b], no-match: [c]}\n",
		"column.csv":    "folder,name\na,b\n", "days.csv": "pattern,department,contact,site,days\n**,総務課,,,soon\n", "empty.csv": "", "pattern.csv": "pattern,department\n[,総務課\n",
		"unnamed.csv": "pattern,department\n**,\n", "lines.txt": "a\tbig\t2026-01-01\n",
	} {
		put(t, dir, name, text)
	}
	for name, mode := range map[string]os.FileMode{"badkey": 0o600, "openkey": 0o644, "password": 0o600, "short": 0o600, "token": 0o600} {
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhatIsSaid compares what commands say in both languages with golden files, and
// looks for English in what is said in Japanese.
func TestWhatIsSaid(t *testing.T) {
	for _, lang := range messages.Languages() {
		t.Run(lang, func(t *testing.T) {
			dir := t.TempDir()
			prepareInputs(t, dir)
			s := &speaking{dir: dir, lang: lang}
			for _, line := range wrongInputs() {
				s.run(strings.Fields(line)...)
			}
			for _, line := range rightInputs() {
				line = strings.NewReplacer("TOMORROW", tomorrow(), "DIR", filepath.Join(dir, ".local/state/kagiban")).Replace(line)
				if line == "EMPTY" {
					if err := os.Remove(filepath.Join(dir, "emptied", "memo.txt")); err != nil {
						t.Fatal(err)
					}
					continue
				}
				if strings.Contains(line, "damaged.db") {
					damageCopy(t, dir)
				}
				s.run(strings.Fields(line)...)
			}
			got := s.text()
			if lang == "ja" {
				noEnglish(t, got)
			}
			golden := filepath.Join(goldenDir, "said."+lang+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("what is said differs from %s (-golden +now); go test ./cmd/kagiban -run WhatIsSaid -update:\n%s", golden, diff)
			}
		})
	}
}

// TestHelpIsJapanese looks for English in the help of each command.
func TestHelpIsJapanese(t *testing.T) {
	dir := t.TempDir()
	prepareInputs(t, dir)
	var all func(cmd *cobra.Command, path []string)
	all = func(cmd *cobra.Command, path []string) {
		s := &speaking{dir: dir, lang: "ja"}
		s.run(append(path, "--help")...)
		noEnglish(t, s.text())
		for _, c := range cmd.Commands() {
			if !c.Hidden {
				all(c, append(path[:len(path):len(path)], c.Name()))
			}
		}
	}
	all(newRoot(), nil)
}

// noEnglish reports English in a text: three words in a row that are no command, no
// example and no name.
func noEnglish(t *testing.T, text string) {
	t.Helper()
	english := regexp.MustCompile(`[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}`)
	command := regexp.MustCompile(`kagiban( [a-z]+)+|openssl rand -hex|CREATE DATABASE.*template0`)
	foreign := regexp.MustCompile(`（(file is not a database|database disk image is malformed|While parsing config|decoding failed|error parsing regexp)[^）]*）`)
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "$ ") || strings.HasPrefix(line, "  kagiban ") || strings.HasPrefix(line, "  KAGIBAN") {
			continue
		}
		if is := english.FindString(command.ReplaceAllString(foreign.ReplaceAllString(line, ""), "")); is != "" {
			t.Errorf("%q is English in: %s", is, line)
		}
	}
}

func isJapanese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) })
}

// changingNumbers are times.
var changingNumbers = regexp.MustCompile(`\d{10,}|"Scanned":"[^"]*"`)

// goldenDir is where the golden files lie, whatever the working folder is.
var goldenDir = func() string { dir, _ := filepath.Abs("testdata/words"); return dir }()

func tomorrow() string { return time.Now().AddDate(0, 0, 1).Format(time.DateOnly) }

// damageCopy makes a state whose pages were written over.
func damageCopy(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "copy.db"))
	if err != nil {
		t.Fatal(err)
	}
	for i := len(text) / 4; i < len(text)/2; i++ {
		text[i] = 0xA5
	}
	put(t, dir, "damaged.db", string(text))
}
