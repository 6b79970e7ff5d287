package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
	"github.com/xuri/excelize/v2"
)

// A story is a share that is scanned night after night.
type story struct {
	*testing.T
	dir, share, state, key string
	nights                 int
}

// tell makes a story for each kind of state.
func tell(t *testing.T, about func(t *testing.T, s *story)) {
	t.Run("file", func(t *testing.T) { about(t, newStory(t)) })
	t.Run("database", func(t *testing.T) {
		url := database(t)
		t.Setenv("XDG_STATE_HOME", t.TempDir())
		s := newStory(t)
		s.state = url
		about(t, s)
	})
}

func newStory(t *testing.T) *story {
	dir := t.TempDir()
	return &story{T: t, dir: dir, share: filepath.Join(dir, "share"), state: filepath.Join(dir, "state.db"), key: filepath.Join(dir, "hash.key")}
}

// list writes a file with records of invented people.
func (s *story) list(path string, records int) {
	s.Helper()
	var b strings.Builder
	b.WriteString("基礎年金番号,氏名,生年月日\n")
	for i := range records {
		fmt.Fprintf(&b, "%04d-%06d,年金 花子%d,1950-01-%02d\n", 3101+i, 204815+37*i, i, i+1)
	}
	s.write(path, []byte(b.String()))
}

func (s *story) write(path string, data []byte) {
	s.Helper()
	path = filepath.Join(s.share, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		s.Fatal(err)
	}
}

func (s *story) run(want int, args ...string) string {
	s.Helper()
	var out, errOut bytes.Buffer
	if code := run(args, nil, &out, &errOut); code != want {
		s.Fatalf("kagiban %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), code, want, out.String(), errOut.String())
	}
	return out.String() + errOut.String()
}

// night scans and returns the workbook of that night.
func (s *story) night(exit int, more ...string) string {
	s.Helper()
	s.nights++
	out := filepath.Join(s.dir, fmt.Sprint("night", s.nights))
	s.run(exit, append([]string{"scan", s.share, "--state", s.state, "--key-file", s.key, "--out", out, "--lang", "ja", "--format", "xlsx,jsonl,csv,html"}, more...)...)
	return filepath.Join(out, "latest", "kagiban-report.xlsx")
}

// findings are how all findings stand.
func (s *story) findings() map[string]string {
	s.Helper()
	db, err := state.Open(s.Context(), s.state)
	if err != nil {
		s.Fatal(err)
	}
	defer db.Close()
	all := map[string]string{}
	for r, err := range db.Results(s.Context(), scan.Noted) {
		if err != nil {
			s.Fatal(err)
		}
		if f := r.Finding; f != nil {
			all[r.Entry.Path] = strings.TrimSpace(fmt.Sprint(f.Number, " ", f.Stage, " ", f.How))
		}
	}
	return all
}

func (s *story) want(step string, want map[string]string) {
	s.Helper()
	if diff := cmp.Diff(want, s.findings()); diff != "" {
		s.Errorf("%s (-want +got):\n%s", step, diff)
	}
}

// cells reads a column of a sheet by the number of the finding.
func (s *story) cells(book, sheet, heading string) map[string]string {
	s.Helper()
	f, err := excelize.OpenFile(book)
	if err != nil {
		s.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(sheet)
	if err != nil {
		s.Fatal(err)
	}
	at := slices.Index(rows[0], heading)
	all := map[string]string{}
	for _, row := range rows[1:] {
		if at < len(row) {
			all[row[0]] = row[at]
		}
	}
	return all
}

// fill writes into a cell of a workbook.
func (s *story) fill(book, sheet, heading, number, text string) {
	s.Helper()
	f, err := excelize.OpenFile(book)
	if err != nil {
		s.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(sheet)
	if err != nil {
		s.Fatal(err)
	}
	for i, row := range rows {
		if row[0] == number {
			name, _ := excelize.CoordinatesToCellName(slices.Index(rows[0], heading)+1, i+1)
			if err := f.SetCellStr(sheet, name, text); err != nil {
				s.Fatal(err)
			}
		}
	}
	if err := f.Save(); err != nil {
		s.Fatal(err)
	}
}

// TestStory follows findings through nine scans: what is put right, how, what
// comes back, and what no accident may close.
func TestStory(t *testing.T) { tell(t, nineScans) }

func nineScans(t *testing.T, s *story) {
	dir := s.dir
	protected, err := os.ReadFile("../../testdata/formats/ooxml-encrypted/password-agile.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	s.list("総務部/a.csv", 12)
	s.list("総務部/b.csv", 13)
	s.list("総務部/c.csv", 14)
	s.list("総務部/d.csv", 15)
	s.write("総務部/メモ.txt", []byte("会議は三階"))
	first := s.night(exitFound)
	s.want("first night", map[string]string{"総務部/a.csv": "1 new", "総務部/b.csv": "2 new", "総務部/c.csv": "3 new", "総務部/d.csv": "4 new"})

	s.write("総務部/a.csv", protected)
	if err := os.Remove(filepath.Join(s.share, "総務部", "b.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(s.share, "人事部"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(s.share, "総務部", "c.csv"), filepath.Join(s.share, "人事部", "名簿.csv")); err != nil {
		t.Fatal(err)
	}
	// Meanwhile somebody works on the first night's report.
	s.fill(first, "違反一覧", "是正担当", "K00003", "佐藤")
	s.fill(first, "違反一覧", "是正状況", "K00003", "完了申告")
	out := s.run(exitDone, "import", first, "--state", s.state, "--by", "監査 一郎")
	if !strings.Contains(out, "2 entries taken over") {
		t.Errorf("import: %s", out)
	}
	if out := s.run(exitDone, "import", first, "--state", s.state); !strings.Contains(out, "imported before") {
		t.Errorf("import again: %s", out)
	}
	second := s.night(exitFound)
	after := map[string]string{"総務部/a.csv": "1 closed password", "総務部/b.csv": "2 closed deleted", "人事部/名簿.csv": "3 open", "総務部/d.csv": "4 open"}
	s.want("put right", after)
	if got := s.cells(second, "違反一覧", "是正担当")["K00003"]; got != "佐藤" {
		t.Errorf("the name that was filled in came back as %q", got)
	}
	if got := s.cells(second, "是正済・再発", "是正の確認"); got["K00001"] != "パスワード設定を確認" || got["K00002"] != "削除（又は検査対象外への移動）を確認" {
		t.Errorf("put right: %v", got)
	}

	s.run(exitDone, "exception", "add", "人事部/**", "--reason", "移行", "--decision", "2026-114", "--approver", "鈴木", "--expires", time.Now().AddDate(0, 1, 0).Format("2006-01-02"), "--state", s.state)
	third := s.night(exitFound)
	after["人事部/名簿.csv"] = "3 closed exception"
	s.want("an exception", after)
	if got := s.cells(third, "違反一覧", "件数"); len(got) != 1 || got["K00004"] != "15" {
		t.Errorf("violations beside the exception: %v", got)
	}

	s.run(exitDone, "exception", "remove", "1", "--reason", "移行が済んだ", "--state", s.state)
	s.list("総務部/b.csv", 13)
	s.night(exitFound)
	after["人事部/名簿.csv"], after["総務部/b.csv"] = "3 recurred", "2 recurred returned"
	after["総務部/b.csv"] = "2 recurred"
	s.want("recurred", after)

	// The share is offline; then an empty folder stands in its place.
	away := s.share + ".away"
	if err := os.Rename(s.share, away); err != nil {
		t.Fatal(err)
	}
	s.run(exitFatal, "scan", s.share, "--state", s.state, "--key-file", s.key, "--out", filepath.Join(dir, "offline"))
	s.want("offline", after)
	if err := os.Mkdir(s.share, 0o700); err != nil {
		t.Fatal(err)
	}
	empty := s.night(exitIncomplete)
	s.want("mount point empty", after)
	page, err := os.ReadFile(filepath.Join(filepath.Dir(empty), "kagiban-report.html"))
	if err != nil || !strings.Contains(string(page), "大半（又はすべて）が見つからなかった") {
		t.Errorf("the report has no banner: %v", err)
	}

	if err := os.Remove(s.share); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(away, s.share); err != nil {
		t.Fatal(err)
	}
	last := s.night(exitFound)
	s.want("back again", after)
	if got := s.cells(last, "違反一覧", "段階"); got["K00002"] != "再発" || got["K00003"] != "再発" || got["K00004"] != "継続" {
		t.Errorf("stages: %v", got)
	}

	// Nobody's word closes a finding: what was claimed is still a violation. What
	// is gone for good is confirmed.
	if err := os.RemoveAll(filepath.Join(s.share, "総務部")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(s.share, "人事部")); err != nil {
		t.Fatal(err)
	}
	s.night(exitIncomplete)
	s.want("all deleted", after)
	s.night(exitDone, "--accept-missing")
	s.want("confirmed", map[string]string{"総務部/a.csv": "1 closed password", "総務部/b.csv": "2 closed deleted", "人事部/名簿.csv": "3 closed deleted", "総務部/d.csv": "4 closed deleted"})
}

// A person's decision takes a file off what is to be done, until its content changes.
func TestDecision(t *testing.T) { tell(t, decided) }

func decided(_ *testing.T, s *story) {
	s.list("a.csv", 12)
	review := []string{"--min-records", "100", "--fail-on", "review"}
	book := s.night(exitFound, review...)
	s.fill(book, "要確認", "判断", "K00001", "非該当")
	s.fill(book, "要確認", "判断の理由", "K00001", "研修用の見本")
	s.run(exitDone, "import", book, "--state", s.state, "--by", "監査 一郎")
	book = s.night(exitDone, review...)
	if got := s.cells(book, "要確認", "判断者・判断日")["K00001"]; !strings.HasPrefix(got, "監査 一郎 ") {
		s.Errorf("decided by %q", got)
	}
	s.list("a.csv", 13)
	book = s.night(exitFound, review...)
	if got := s.cells(book, "要確認", "判断者・判断日")["K00001"]; got != "内容が変わったため再判断" {
		s.Errorf("after a change: %q", got)
	}
	if got := s.cells(book, "要確認", "判断")["K00001"]; got != "" {
		s.Errorf("the old decision %q is still in its column", got)
	}
}

// A report of nothing makes nothing.
func TestReportOfNothing(t *testing.T) {
	s := newStory(t)
	dir := s.dir
	for _, args := range [][]string{{"report"}, {"import", "x.xlsx"}, {"state", "check"}} {
		s.run(exitUsage, append(args, "--state", s.state)...)
	}
	s.list("a.csv", 12)
	s.night(exitFound)
	s.run(exitUsage, "report", "--state", s.state, "--out", filepath.Join(dir, "none"), filepath.Join(dir, "other"))
	s.run(exitUsage, "report", "--state", s.state, "--out", filepath.Join(dir, "none"), "--diff", "99")
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if e.Name() == "none" {
			t.Error("a report that failed has made a folder")
		}
	}
	before, err := os.ReadDir(filepath.Join(dir, "night1"))
	if err != nil {
		t.Fatal(err)
	}
	s.run(exitDone, "report", "--state", s.state, "--out", filepath.Join(dir, "night1"), "--format", "csv")
	after, err := os.ReadDir(filepath.Join(dir, "night1"))
	if err != nil || len(after) != len(before)+1 {
		t.Errorf("a second report of the day has not its own folder: %v, %v", after, err)
	}
}
