package main

import (
	"os"
	"strings"
	"testing"
)

// The README links to each topic, each topic begins with a title, and none is
// so wide that it cannot be told what it is.
func TestReadmeLinksToTheTopics(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(readme), "\n"); n > 150 {
		t.Errorf("the README has %d lines, more than 150: what is for one task goes into a topic", n)
	}
	files, err := manual.ReadDir("help/en")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := manual.ReadFile("help/en/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "# ") {
			t.Errorf("%s has no title", f.Name())
		}
		if !strings.Contains(string(readme), "(cmd/kagiban/help/en/"+f.Name()+")") {
			t.Errorf("the README does not link to %s", f.Name())
		}
	}
	if n := strings.Count(string(readme), "(cmd/kagiban/help/en/"); n != len(files) {
		t.Errorf("the README links to %d topics, there are %d", n, len(files))
	}
}
