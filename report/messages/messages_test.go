package messages

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEntries(t *testing.T) {
	got, err := Entries("# a comment\n\nmsgid \"one\"\nmsgstr \"一\"\n\nmsgid \"\"\n\"two\\n\"\n\"three \\\"3\\\"\"\nmsgstr \"\"\n\"二\\n\"\n\"三\"\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{{"one", "一", 3}, {"two\nthree \"3\"", "二\n三", 6}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range []string{"\"nowhere\"\n", "msgid one\n", "msgid \"one\nmsgstr \"二\"\n", "msgctxt \"x\"\n", "msgstr \"一\"\n", "msgid \"a\"\nmsgstr `b`\n"} {
		if got, err := Entries(bad); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}

// Each language has its reports; Japanese has the sentences of the program, which are
// English themselves; any other language is English.
func TestLanguages(t *testing.T) {
	for _, lang := range Languages() {
		if len(Reports(lang)) < 500 {
			t.Errorf("%s has %d messages of reports", lang, len(Reports(lang)))
		}
	}
	if n := len(Program("ja")); n < 700 || len(Sources("ja")) < 3 {
		t.Errorf("%d sentences in %v", n, Sources("ja"))
	}
	if Program("en") != nil || Program("fr") != nil {
		t.Error("sentences in English or in a language that is not there")
	}
	if diff := cmp.Diff(Reports("en"), Reports("fr")); diff != "" {
		t.Error("English does not stand in for a language that is not there")
	}
}
