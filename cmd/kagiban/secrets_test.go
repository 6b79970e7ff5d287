package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPasswordFile(t *testing.T) {
	for content, want := range map[string]string{
		"himitsu\n": "himitsu", "himitsu": "himitsu", "himitsu\r\nof the scan\r\n": "himitsu", " 秘 密 \n": " 秘 密 ",
		"": "", "\nhimitsu\n": "", "\r\n": "",
	} {
		file := filepath.Join(t.TempDir(), "password")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := passwordIn(file); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", content, got, err, want)
		}
	}
	if _, err := passwordIn(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there gives a password")
	}
}
