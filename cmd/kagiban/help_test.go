package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/report/messages"
)

// topic reads a topic of the manual and checks that it begins with a title.
func topic(t *testing.T, lang, name string) string {
	t.Helper()
	text, err := manual.ReadFile("help/" + lang + "/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), "# ") {
		t.Errorf("%s/%s has no title", lang, name)
	}
	return string(text)
}

// The README links to each topic and is not so long that nobody reads it.
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
		if !strings.Contains(string(readme), "(cmd/kagiban/help/en/"+f.Name()+")") {
			t.Errorf("the README does not link to %s", f.Name())
		}
	}
	if n := strings.Count(string(readme), "(cmd/kagiban/help/en/"); n != len(files) {
		t.Errorf("the README links to %d topics, there are %d", n, len(files))
	}
}

// The topics are the same in both languages: each is there, and names the same flags,
// keys, files and codes. Words of the program's own output differ as that does.
func TestTopicsAreTheSameInBothLanguages(t *testing.T) {
	fenced := regexp.MustCompile("(?s)```.*?```")
	code := regexp.MustCompile("`[^`\n]+`")
	flag := regexp.MustCompile(`--[a-z][a-z-]+`)
	said := messages.Program("ja")
	named := func(text string) []string {
		list := flag.FindAllString(text, -1)
		for _, c := range code.FindAllString(fenced.ReplaceAllString(text, ""), -1) {
			if said[strings.Trim(c, "`")] == "" {
				list = append(list, c)
			}
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
	names := map[string][]string{}
	for _, lang := range messages.Languages() {
		files, err := manual.ReadDir("help/" + lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			names[lang] = append(names[lang], f.Name())
		}
	}
	if !slices.Equal(names["ja"], names["en"]) {
		t.Fatalf("the topics are %v and %v", names["ja"], names["en"])
	}
	for _, name := range names["en"] {
		en, ja := named(topic(t, "en", name)), named(topic(t, "ja", name))
		for _, c := range en {
			if !slices.Contains(ja, c) {
				t.Errorf("ja/%s does not name %s", name, c)
			}
		}
		for _, c := range ja {
			if !slices.Contains(en, c) {
				t.Errorf("en/%s does not name %s", name, c)
			}
		}
	}
}
