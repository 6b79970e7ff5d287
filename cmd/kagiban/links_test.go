package main

import (
	"os/exec"
	"strings"
	"testing"
)

// The scanner that people install holds nothing that is there for tests and
// demonstrations, nor the libraries that only tests use.
func TestNothingOfTheTestsIsLinked(t *testing.T) {
	deps := func(tags string) string {
		t.Helper()
		out, err := exec.Command("go", "list", "-deps", "-tags", tags, ".").Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	installed := deps("")
	for _, part := range []string{"kagiban/scan/scantest", "\ntesting\n", "hirochachacha/go-smb2", "toxiproxy", "chromedp"} {
		if strings.Contains(installed, part) {
			t.Errorf("%s is linked", strings.TrimSpace(part))
		}
	}
	if !strings.Contains(deps("demo"), "kagiban/scan/scantest/samba") {
		t.Error("the demonstration is not linked where it should be: this test looks for the wrong things")
	}
}
