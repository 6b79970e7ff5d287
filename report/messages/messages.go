// Package messages is the catalogue: all that kagiban says to people, in Japanese
// and English. Reports have a file for each language, by stable ids (ja.json,
// en.json). The program itself is written in English, and its sentences are their
// own keys (program.ja.po), so that code reads as what it says.
package messages

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

//go:embed ja.json en.json *.po
var files embed.FS

// Languages are those of the catalogue; English stands in for any other.
func Languages() []string { return []string{"ja", "en"} }

// Reports returns the messages of reports in a language, by id.
func Reports(lang string) map[string]string {
	data, err := files.ReadFile(lang + ".json")
	if err != nil {
		data, _ = files.ReadFile("en.json") // it is embedded
	}
	var list map[string]string
	_ = json.Unmarshal(data, &list) // a test reads both files
	return list
}

// Program returns the sentences of the program in a language, by the English one;
// nil for English.
func Program(lang string) map[string]string {
	list := map[string]string{}
	for _, name := range Sources(lang) {
		data, _ := files.ReadFile(name) // it is embedded
		entries, _ := Entries(string(data))
		for _, e := range entries {
			list[e.English] = e.Text
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

// Sources are the files with the sentences of the program in a language.
func Sources(lang string) (names []string) {
	all, _ := files.ReadDir(".") // it is embedded
	for _, f := range all {
		if strings.HasSuffix(f.Name(), "."+lang+".po") {
			names = append(names, f.Name())
		}
	}
	return names
}

// An Entry is one sentence and its translation.
type Entry struct {
	English, Text string
	Line          int // of its file
}

// Entries reads a catalogue in the form of GNU gettext (manual, "The Format of PO
// Files"): msgid and msgstr, each of one or more strings in quotes, and comments.
// Contexts, plurals and a header are not used and not known.
func Entries(text string) (list []Entry, err error) {
	var into *string
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		quoted := line
		switch {
		case line == "" || line[0] == '#':
			continue
		case strings.HasPrefix(line, "msgid "):
			list = append(list, Entry{Line: n})
			into, quoted = &list[len(list)-1].English, line[len("msgid "):]
		case strings.HasPrefix(line, "msgstr ") && len(list) > 0:
			into, quoted = &list[len(list)-1].Text, line[len("msgstr "):]
		}
		part, err := strconv.Unquote(strings.TrimSpace(quoted))
		if err != nil || into == nil || quoted[0] != '"' {
			return list, fmt.Errorf("line %d is no string in quotes: %s", n, line)
		}
		*into += part
	}
	return list, nil
}
