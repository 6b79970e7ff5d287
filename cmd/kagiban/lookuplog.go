package main

import (
	"bufio"
	"encoding/json"
	"os"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/incident"
	"github.com/spf13/viper"
)

// openLookupLog opens the log beside the state: the state itself may be written to
// by a scan.
func openLookupLog(v *viper.Viper) (*lookupLog, error) {
	path := v.GetString("log")
	if path == "" {
		state, err := statePath(v)
		if err != nil {
			return nil, err
		}
		if path, err = besideState(state, ".lookups.jsonl"); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, usage("log of questions: %w; name another with --log", err)
	}
	return &lookupLog{file: f}, nil
}

// Close closes the log.
func (l *lookupLog) Close() error { return l.file.Close() }

type lookupEntry struct {
	At     time.Time        `json:"at"`
	Who    string           `json:"who"`
	How    string           `json:"how"` // prompt, list, serve
	Scope  string           `json:"scope,omitempty"`
	Asked  int64            `json:"asked"`
	Result map[string]int64 `json:"result"`
}

func (l *lookupLog) one(how, who, scope string, r reply) error {
	return l.write(lookupEntry{How: how, Who: who, Scope: scope, Asked: 1, Result: map[string]int64{r.Result: 1}})
}

func (l *lookupLog) list(who, scope string, results map[string]int64) error {
	e := lookupEntry{How: "list", Who: who, Scope: scope, Result: results}
	for _, n := range results {
		e.Asked += n
	}
	return l.write(e)
}

func (l *lookupLog) write(e lookupEntry) error {
	e.At = time.Now().UTC()
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err = l.file.Write(append(text, '\n'))
	return err
}

// readScope reads the files of an incident from the jsonl of kagiban impact.
func readScope(path string) (*incident.Scope, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, usage("--scope: %w; look at its name", err)
	}
	defer f.Close()
	s := &incident.Scope{}
	in := bufio.NewScanner(f)
	in.Buffer(nil, 16<<20)
	begun := false
	for n := 1; in.Scan(); n++ {
		var line struct{ Type string }
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			return nil, usage("--scope %s: line %d is none of kagiban impact --format jsonl; name the kagiban-impact.jsonl of the incident", path, n)
		}
		switch {
		case line.Type == "impact" && n == 1:
			begun = true
		case !begun:
			return nil, usage("--scope %s is no jsonl of kagiban impact; name the kagiban-impact.jsonl of the incident", path)
		case line.Type == "file":
			var line struct {
				Target, Path, Kind, Reason string
				Partial                    bool
				Versions                   []int64
				File                       int64
			}
			if err := json.Unmarshal(in.Bytes(), &line); err != nil {
				return nil, usage("--scope %s: line %d is none of kagiban impact --format jsonl; name the kagiban-impact.jsonl of the incident", path, n)
			}
			s.Files = append(s.Files, line.File)
			s.Add(scan.Entry{Target: line.Target, Path: line.Path}, incident.Kind(line.Kind), line.Partial, line.Reason, line.Versions)
		case line.Type == "unmatched":
			s.Missing++
		}
	}
	if err := in.Err(); err != nil || !begun {
		return nil, usage("--scope %s is no jsonl of kagiban impact; name the kagiban-impact.jsonl of the incident", path)
	}
	s.Close()
	return s, nil
}
