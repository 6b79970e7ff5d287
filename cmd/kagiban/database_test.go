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

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan/scantest/pgserver"
	"github.com/kagiban/kagiban/scan/scantest/sample"
)

// cluster is the PostgreSQL of these tests.
var cluster pgserver.Lazy

// withCluster stops it after them.
type withCluster struct{ *testing.M }

func (w withCluster) Run() int {
	code := w.M.Run()
	if err := cluster.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// database makes one and returns its address.
func database(t *testing.T) string {
	t.Helper()
	name := cluster.Database(t)
	return cluster.Server(t).URL(pgserver.Owner, name)
}

// command runs kagiban and returns its exit code and what it wrote.
func command(input string, args ...string) (code int, stdout, stderr string) {
	var out, errOut bytes.Buffer
	code = run(args, strings.NewReader(input), &out, &errOut)
	return code, out.String(), errOut.String()
}

// times are what differs between two scans of the same files.
var times = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)`)

// The sample share is scanned into a file and into a database: reports, impact and
// answers about numbers are the same, also of the copy of the one in the other.
func TestBothStates(t *testing.T) {
	scanned, copied := database(t), database(t)
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := t.TempDir()
	share, file, back, key := filepath.Join(dir, "share"), filepath.Join(dir, "state.db"), filepath.Join(dir, "back.db"), filepath.Join(dir, "hash.key")
	if _, err := sample.Write(share, 1); err != nil {
		t.Fatal(err)
	}
	do := func(want int, args ...string) string {
		t.Helper()
		code, out, said := command("", args...)
		if code != want {
			t.Fatalf("kagiban %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), code, want, out[:min(len(out), 300)], said)
		}
		return out
	}
	for _, place := range []string{file, scanned} {
		do(exitFound, "scan", share, "--state", place, "--key-file", key, "--format", "jsonl", "--out", "-", "--progress", "none")
	}
	do(exitDone, "state", "copy", file, copied, "--key-file", key)
	do(exitDone, "state", "copy", copied, back, "--key-file", key)
	do(exitUsage, "state", "copy", file, copied, "--key-file", key)
	leak := filepath.Join(dir, "leak.txt")
	if err := os.WriteFile(leak, []byte(share+"/**\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	asked := func(place string) string {
		t.Helper()
		do(exitDone, "state", "check", "--state", place)
		all := do(exitDone, "state", "export", "--state", place) + do(exitDone, "report", "--state", place, "--key-file", key, "--format", "jsonl", "--out", "-")
		_, impact, said := command("", "impact", leak, "--state", place, "--key-file", key, "--format", "json", "--out", "-")
		_, numbers, _ := command("3101-204815\n9999-999999\n", "lookup", "-", "--state", place, "--key-file", key)
		if impact+said == "" || numbers == "" {
			t.Errorf("%s: impact and lookup say nothing", place)
		}
		return all + impact + said + numbers
	}
	want := asked(file)
	for _, place := range []string{copied, back} {
		if diff := cmp.Diff(times.ReplaceAllString(strings.ReplaceAll(want, file, "PLACE"), "T"), times.ReplaceAllString(strings.ReplaceAll(asked(place), place, "PLACE"), "T")); diff != "" {
			t.Errorf("%s (-file +it):\n%.3000s", place, diff)
		}
	}
	number := regexp.MustCompile(`"(id|number|finding)":"?K?\d+"?`) // given in the order in which files were finished
	report := func(place string) []string {
		text := times.ReplaceAllString(do(exitDone, "report", "--state", place, "--key-file", key, "--format", "jsonl", "--out", "-"), "T")
		return strings.Split(number.ReplaceAllString(text, ""), "\n")
	}
	if diff := cmp.Diff(report(file), report(scanned)); diff != "" {
		t.Errorf("report of the scan into the database (-file +it):\n%.3000s", diff)
	}
	if code, _, said := command("", "scan", share, "--state", scanned, "--key-file", filepath.Join(dir, "other.key"), "--new-key=false"); code != exitUsage || !strings.Contains(said, "--key-file") {
		t.Errorf("another key: exit code %d, %s", code, said)
	}
	if code, _, said := command("", "state", "backup", filepath.Join(dir, "copy"), "--state", scanned); code != exitUsage || !strings.Contains(said, "pg_dump") {
		t.Errorf("backup: exit code %d, %s", code, said)
	}
	for _, args := range [][]string{{"state", "check"}, {"state", "compact"}, {"state", "migrate"}, {"status"}, {"exception", "list"}} {
		do(exitDone, append(args, "--state", scanned)...)
	}
}

// What is wrong with a database is said in one line that names it and what to do,
// and never a password.
func TestDatabaseBadInput(t *testing.T) {
	url := database(t)
	server := cluster.Server(t)
	name := url[strings.LastIndexByte(url, '/')+1:]
	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", dir)
	t.Setenv("HOME", dir)
	t.Setenv("PGPASSWORD", "")
	put := func(file, text string) string {
		t.Helper()
		path := filepath.Join(dir, file)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sql := func(statements string) {
		t.Helper()
		if _, err := server.SQL(t.Context(), name, statements); err != nil {
			t.Fatal(err)
		}
	}
	wrong, right := put("wrong", "hunter2hunter2\n"), put("right", pgserver.Password+"\n")
	strict := server.URL(pgserver.Strict, name) + "?sslmode=verify-full&sslrootcert=" + server.Certificate()
	check := func(what string, want int, words string, args ...string) {
		t.Helper()
		code, out, said := command("", append([]string{"state", "check"}, args...)...)
		line := strings.TrimSpace(said)
		if code != want || !strings.Contains(line+out, words) || strings.Contains(line, "hunter2") || want != exitDone && strings.Count(line, "\n") > 0 {
			t.Errorf("%s: exit code %d, want %d and %q:\n%s%s", what, code, want, words, out, said)
		}
	}
	empty := server.URL(pgserver.Worker, name)
	check("no right to make tables", exitFatal, "state migrate", "--state", empty)
	check("as the owner", exitDone, "ok", "--state", url)
	check("no right to read", exitFatal, "lacks a right", "--state", empty)
	check("wrong password", exitFatal, "does not accept the password", "--state", strict, "--state-password-file", wrong)
	check("no password", exitFatal, "password", "--state", strict)
	check("password in the address", exitUsage, "--state-password-file", "--state", "postgres://r:hunter2@127.0.0.1/k")
	check("clear text", exitFatal, "--state-insecure", "--state", "postgres://r@192.0.2.1/k?sslmode=disable")
	check("unknown authority", exitFatal, "sslrootcert", "--state", server.URL(pgserver.Strict, name)+"?sslmode=verify-full", "--state-password-file", right)
	check("unknown database", exitFatal, "no such database", "--state", server.URL(pgserver.Owner, "nowhere"))
	check("no server", exitFatal, "cannot be reached", "--state", "postgres://r@127.0.0.1:1/k")
	sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + pgserver.Strict)
	check("a role that reads", exitDone, "ok", "--state", strict, "--state-password-file", right)
	t.Setenv("KAGIBAN_STATE_PASSWORD", pgserver.Password)
	check("password from the environment", exitDone, "ok", "--state", strict)
	share := filepath.Join(dir, "share")
	if err := os.Mkdir(share, 0o700); err != nil {
		t.Fatal(err)
	}
	if code, _, said := command("", "scan", share, "--state", strict, "--key-file", filepath.Join(dir, "k"), "--progress", "none"); code != exitFatal || !strings.Contains(said, "lacks a right") {
		t.Errorf("a role that reads scans: exit code %d, %s", code, said)
	}
	sql("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + pgserver.Worker + "; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO " + pgserver.Worker)
	list := "基礎年金番号,氏名,生年月日\n"
	for i := range 12 {
		list += fmt.Sprintf("%04d-%06d,年金 花子%d,1950-01-%02d\n", 3101+i, 204815+37*i, i, i+1)
	}
	put("share/a.csv", list)
	for range 2 { // the second finds all unchanged
		if code, out, said := command("", "scan", share, "--state", empty, "--key-file", filepath.Join(dir, "k"), "--progress", "none", "--out", filepath.Join(dir, "out")); code != exitFound {
			t.Errorf("a role that may write and no more scans: exit code %d, %s%s", code, out, said)
		}
	}
	if code, _, said := command("", "report", "--state", strict, "--out", filepath.Join(dir, "out")); code != exitDone {
		t.Errorf("a role that reads reports: exit code %d, %s", code, said)
	}
	sql("ALTER DATABASE " + name + " SET default_transaction_read_only = on")
	if code, _, said := command("", "exception", "add", "a/**", "--reason", "x", "--approver", "y", "--expires", time.Now().AddDate(0, 1, 0).Format("2006-01-02"), "--state", url); code != exitFatal || !strings.Contains(said, "standby") {
		t.Errorf("read only: exit code %d, %s", code, said)
	}
	sql("SET default_transaction_read_only = off; ALTER DATABASE " + name + " RESET default_transaction_read_only")
	sql("UPDATE schema_version SET version = 999")
	check("schema too new", exitFatal, "newer kagiban", "--state", url)
}
