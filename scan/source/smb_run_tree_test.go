package source_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// A tree of all that is odd about trees at once: links that the server resolves
// itself, in circles and not, 60 levels, names as long as they can be, and links
// to other servers. Each is told once, under its status or the rule that left
// it out. Bound: 30 s; without the rule for circles it would not end.
func TestSMBRunOddTree(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	s := serve(t, samba.Config{
		Lines:  []string{"host msdfs = yes"},
		Shares: []samba.Share{{Name: "data", Dir: dir, Lines: []string{"msdfs root = yes"}}},
	})
	files, err := sampleFiles()
	if err != nil {
		t.Fatal(err)
	}
	list, err := fs.ReadFile(files, busyFile)
	if err != nil {
		t.Fatal(err)
	}
	want := oddTree(t, dir, string(list))
	d := newDrill(t, s, options(t, s))
	sum := d.run(30 * time.Second)
	if err := sum.Targets[0].Err; err != nil {
		t.Errorf("the run is incomplete: %v", err)
	}
	got := d.lostNothing(sum, want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	rules, left := map[string]int{}, int64(0)
	for _, j := range got {
		if j.Status == scan.StatusSkipped {
			rules[j.Reason]++
			left++
		}
	}
	if diff := cmp.Diff(map[string]int{scan.RuleLoop: 6, scan.RuleDFSLink: 3}, rules); diff != "" {
		t.Errorf("left out by rule (-want +got):\n%s", diff)
	}
	again := d.run(30 * time.Second)
	d.isClean(again, want)
	if again.Kept != again.Files-left {
		t.Errorf("the second run kept %d files, want %d", again.Kept, again.Files-left)
	}
}

// oddTree makes the tree, with list as the content of what is to be found, and
// says what has to come of each path.
func oddTree(t *testing.T, dir, list string) map[string]judged {
	t.Helper()
	deep := strings.TrimSuffix(strings.Repeat("階層/", 60), "/")
	folder := strings.Repeat("長", 85)          // 255 bytes
	name := strings.Repeat("名", 83) + "01.csv" // 255 bytes
	found := judged{Status: scan.StatusViolation, Records: 39, Persons: 39}
	clean := judged{Status: scan.StatusClean}
	loop := judged{Status: scan.StatusSkipped, Reason: scan.RuleLoop}
	dfs := judged{Status: scan.StatusSkipped, Reason: scan.RuleDFSLink}
	want := map[string]judged{
		// the files themselves
		deep + "/底.csv": found, folder + "/" + name: found, "年金/名簿.csv": found, "年金/メモ.txt": clean, "甲/1.txt": clean, "乙/2.txt": clean,
		// links to a file and to a folder beside: other ways to the same, told as such
		"近道.csv": found, "総務/年金/名簿.csv": found, "総務/年金/メモ.txt": clean,
		// circles: to itself, to the parent, from the bottom to the top, and two folders with links to each other
		"ここ": loop, "年金/上": loop, deep + "/戻る": loop, "甲/乙/甲": loop, "甲/乙/2.txt": clean, "乙/甲/乙": loop, "乙/甲/1.txt": clean,
		// and the way over the folder beside comes upon its circle, too
		"総務/年金/上": loop,
		"営業":      dfs, "年金/本省": dfs, "総務/年金/本省": dfs,
	}
	for path, j := range want {
		if j == found && path != "近道.csv" {
			write(t, filepath.Join(dir, path), list, 0o644)
		}
	}
	write(t, filepath.Join(dir, "年金/メモ.txt"), "会議は三時から", 0o644)
	write(t, filepath.Join(dir, "甲/1.txt"), "一", 0o644)
	write(t, filepath.Join(dir, "乙/2.txt"), "二", 0o644)
	if err := os.RemoveAll(filepath.Join(dir, "総務/年金")); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{
		"近道.csv": "年金/名簿.csv", "総務/年金": "../年金", "ここ": ".", "年金/上": "..", deep + "/戻る": strings.Repeat("../", 60),
		"甲/乙": "../乙", "乙/甲": "../甲", "営業": `msdfs:fs02.example\data`, "年金/本省": `msdfs:fs03.example\年金,fs04.example\年金`,
		"自分": "自分", "切れた": "何も無い", // lead nowhere: the server does not list them
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	return want
}
