package sqltext

import (
	"bytes"
	"regexp"
)

// evidence is a statement that only SQL has.
var evidence = regexp.MustCompile(`(?i)\b(insert\s+(ignore\s+|or\s+\w+\s+|all\s+)?into\s+[^\s(,]+\s*[(\s]|insert\s+\[|replace\s+into\s|create\s+(\w+\s+){0,2}table\s+(if\s+not\s+exists\s+)?[^\s(]+\s*\(|copy\s+\S+\s*\([^)]*\)\s*from\s+stdin|copy\s+\S+\s+from\s+stdin|merge\s+(into\s+)?[^\s(]+\s+(as\s+)?(\S+\s+)?using\b|values\s*[(]\s*(N?'|\d)|(call|perform|select)\s+[^\s(,]+\s*[(]\s*(N?'|[@\w]+\s*(=>|:=))|exec(ute)?\s+[\w.\[\]"]+\s+(N?'[^']*'\s*,|@\w+\s*=)|select\s+(N?'[^']*'|\d+)\s+(as\s+)?\S+\s*,|update\s+\S+\s+set\s+\S+\s*=|drop\s+table\s|set\s+identity_insert)`)

// dump is the first line of what programs write.
var dump = regexp.MustCompile(`(?i)^(MySQL|MariaDB|PostgreSQL|phpMyAdmin|SQLite|Adminer|HeidiSQL|Navicat)\b.*\b(dump|export|database|version|sql)`)

// Is reports whether a text begins as a script of SQL does: a statement comes first,
// after remarks. The sample is UTF-8 and may be cut.
func Is(sample []byte) bool {
	rest := bytes.TrimLeft(sample, "\ufeff \t\r\n")
	for {
		switch {
		case bytes.HasPrefix(rest, []byte("--")), bytes.HasPrefix(rest, []byte("#")):
			line, after, _ := bytes.Cut(rest, []byte("\n"))
			if dump.Match(bytes.TrimLeft(line, "-# \t")) {
				return true
			}
			rest = bytes.TrimLeft(after, " \t\r\n")
			continue
		case bytes.HasPrefix(rest, []byte("/*")):
			_, after, ok := bytes.Cut(rest, []byte("*/"))
			if !ok {
				return false
			}
			rest = bytes.TrimLeft(after, " \t\r\n;")
			continue
		}
		break
	}
	first := rest
	if i := bytes.IndexFunc(rest, func(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' || r == ';' || r == '(' }); i >= 0 {
		first = rest[:i]
	}
	switch string(bytes.ToLower(first)) {
	case "insert", "replace", "update", "copy", "create", "drop", "set", "use", "begin", "start", "delete", "alter", "lock", "truncate", "pragma", "go", "commit", "grant", `\connect`, `\c`, "prompt", "rem", "exec", "execute", "call", "perform", "select", "merge", "if", "declare", "with":
		return evidence.Match(rest)
	}
	return logged(sample)
}

// into is what the lines of a log have whose program writes its statements there.
var into = regexp.MustCompile(`(?i)\b(insert|replace)\s+into\s+[^\s(,]+\s*\([^)]*\)\s*values\s*\(`)

// logged reports whether most lines of a sample hold a statement that writes a row.
func logged(sample []byte) bool {
	lines, with := 0, 0
	for line := range bytes.Lines(sample) {
		if len(bytes.TrimSpace(line)) > 0 {
			lines++
			if into.Match(line) {
				with++
			}
		}
	}
	return with > 0 && with*2 >= lines
}
