package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	yekazip "github.com/yeka/zip"
)

// inNames are numbers that stand in names of files, folders and members of one
// status each; spelled as people write them.
func inNames() map[string]string {
	return map[string]string{
		"found": "2345-678901", "clean": "3456-789012", "protected": "4567890123", "skipped": "5678-901234", "unchecked": "６７８９－０１２３４５",
		"folder": "7890-123456", "member": "8901-234567", "damaged": "9012-345678", "bin": "1023-456789", "excluded": "1134-567890", "target": "1245-678901",
		"sheet": "1356-789012",
	}
}

// numberedShare is a folder whose names hold numbers, whatever the files hold.
func numberedShare(t *testing.T) string {
	t.Helper()
	n := inNames()
	dir := filepath.Join(t.TempDir(), n["target"])
	put(t, dir, n["found"]+".csv", "基礎年金番号,氏名\n1467-890123,佐藤一郎\n1578-901234,鈴木花子\n")
	put(t, dir, n["folder"]+"/"+n["clean"]+".txt", "本日の議事\n")
	put(t, dir, n["skipped"]+".mp3", "ID3\x03\x00\x00\x00\x00\x00\x00"+strings.Repeat("\x00", 100))
	put(t, dir, n["unchecked"]+".bin", strings.Repeat("\x01\x02\xfe", 100))
	put(t, dir, n["damaged"]+".xlsx", "PK\x03\x04")
	put(t, dir, "#recycle/"+n["bin"]+".csv", "a,b\n")
	put(t, dir, n["excluded"]+".tmp", "x")
	var sealed, open bytes.Buffer
	z := yekazip.NewWriter(&sealed)
	w, err := z.Encrypt(n["member"]+".csv", "secret-of-no-worth", yekazip.AES256Encryption)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(w, "a,b")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, dir, n["protected"]+".zip", sealed.String())
	plain := zip.NewWriter(&open)
	for _, name := range []string{n["member"] + "/" + n["found"] + ".csv", n["member"] + ".xlsx"} {
		w, err := plain.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, "PK\x03\x04")
	}
	if err := plain.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, dir, n["folder"]+"/members.zip", open.String())
	return dir
}

// TestNumbersInNamesAreMasked looks for numbers that stand in names in all that
// comes out: also where nothing was found in the file, or it was not read at all.
func TestNumbersInNamesAreMasked(t *testing.T) {
	dir, state, out := numberedShare(t), t.TempDir(), t.TempDir()
	check := func(what string, text []byte) {
		t.Helper()
		for where, number := range inNames() {
			if i := bytes.Index(text, []byte(number)); i >= 0 {
				t.Errorf("%s holds the number of %s: …%s", what, where, text[max(0, i-60):min(len(text), i+40)])
			}
		}
	}
	rules := []string{"--exclude", "*.tmp", "--lang", "en", "--progress", "plain", "--progress-file", filepath.Join(out, "progress.json")}
	for _, format := range []string{"text", "json"} {
		stdout, stderr, _ := program(t, state, append([]string{"scan", dir, "--out", out, "--format", "html,xlsx,csv,jsonl,sarif,metrics", "--log-format", format}, rules...)...)
		check("standard output", []byte(stdout))
		check("standard error", []byte(stderr))
	}
	for _, format := range []string{"console", "jsonl"} {
		stdout, stderr, _ := program(t, state, "report", "--format", format, "--out", "-")
		check(format, []byte(stdout))
		check("standard error", []byte(stderr))
		if format == "jsonl" && strings.Count(stdout, "\n") < 9 {
			t.Errorf("only %d files are told:\n%s", strings.Count(stdout, "\n"), stdout)
		}
	}
	if _, stderr, code := program(t, state, "exception", "add", inNames()["folder"]+"/**", "--approver", "係長", "--reason", "依頼 "+inNames()["found"], "--expires", time.Now().AddDate(0, 1, 0).Format(time.DateOnly), "--longest", "40000"); code != exitDone {
		t.Fatalf("exception: %d %s", code, stderr)
	}
	stdout, stderr, _ := program(t, state, "exception", "list")
	check("exceptions", []byte(stdout+stderr))
	_, _, _ = program(t, state, "report", "--out", out, "--format", "html,xlsx,csv,jsonl,sarif,metrics", "--lang", "ja")
	checkFolder(t, out, check)
	stdout, stderr, _ = program(t, state, "scan", filepath.Join(dir, "none"), "--progress", "none")
	check("a target that is not there", []byte(stdout+stderr))
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			stdout, stderr, _ := program(t, t.TempDir(), "explain", path, "--key-file", filepath.Join(state, "hash.key"))
			check("explain", []byte(stdout+stderr))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkFolder checks all files below a folder, workbooks unpacked.
func checkFolder(t *testing.T, dir string, check func(string, []byte)) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Type()&fs.ModeSymlink != 0 { // "latest" leads to what is seen anyway
			return err
		}
		text, err := os.ReadFile(path)
		if strings.HasSuffix(path, ".xlsx") {
			text = unzipped(t, path)
		}
		files++
		check(filepath.Base(path), text)
		return err
	})
	if err != nil || files < 5 {
		t.Errorf("%d files, %v", files, err)
	}
}
