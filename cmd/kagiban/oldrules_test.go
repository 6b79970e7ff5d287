package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestOldRulesAreSaid: after the rules have changed, a scan that comes to nothing in
// its time says how much was judged by those of before.
func TestOldRulesAreSaid(t *testing.T) {
	dir, in := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"meibo.csv": "基礎年金番号,氏名\n4120-381746,年金太郎\n3201-554210,国民花子\n", "memo.txt": "memo\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	scan := func(more ...string) string {
		stdout, stderr, _ := program(t, in, append([]string{"scan", dir, "--format", "console", "--out", "-", "--lang", "en"}, more...)...)
		return stdout + stderr
	}
	if text := scan(); strings.Contains(text, "earlier rules") {
		t.Errorf("after the first scan:\n%s", text)
	}
	config := filepath.Join(in, "kagiban.yaml")
	if err := os.WriteFile(config, []byte("detection:\n  headings: [年金コード]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	away := time.Now().Add(2 * time.Hour)
	window := away.Format("15:04") + "-" + away.Add(time.Hour).Format("15:04")
	if text := scan("--config", config, "--window", window); !strings.Contains(text, "1 of them are violations") || !strings.Contains(text, "earlier rules") {
		t.Errorf("outside of the window, with other rules:\n%s", text)
	}
	if text := scan("--config", config); strings.Contains(text, "earlier rules") {
		t.Errorf("when all was read again:\n%s", text)
	}
}
