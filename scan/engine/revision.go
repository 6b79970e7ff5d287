package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// A revision is the list of all that a result depends on, one token each: the
// formats that were met with their versions, the rules of detection if rows
// were seen, the limits if one was reached. A stored result is current if each
// of its tokens still is. So a change re-reads just what it must: a new
// version of one format those files, new rules what had rows, a new format
// what was unsupported.
type revision struct {
	current map[string]bool
	rules   string // token of the detector
	limits  string
	table   string // token of the whole format table
	secrets string // token of the declared passwords
}

func newRevision(cfg *Config) *revision {
	var names []string
	r := &revision{current: map[string]bool{}}
	for _, f := range cfg.Formats {
		names = append(names, formatToken(f))
		r.current[formatToken(f)] = true
	}
	limits := cfg.Limits
	limits.Time, limits.Hits = 0, 0 // they change no verdict and no count
	r.rules = "rules:" + cfg.Detector.Revision()
	r.table = "table:" + digest(strings.Join(names, " "))
	r.limits = "limits:" + digest(fmt.Sprintf("%+v", limits))
	r.secrets = secretsToken + cfg.PasswordsID
	if cfg.Nearby != nil {
		r.secrets += "+nearby:" + digest(fmt.Sprint(cfg.Nearby.Words, cfg.Nearby.Files("x")))
	}
	for _, token := range []string{r.rules, r.table, r.limits, r.secrets} {
		r.current[token] = true
	}
	return r
}

func formatToken(f scan.Format) string { return fmt.Sprintf("%s.%d", f.Name, f.Version) }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

// holds reports whether a stored revision is current.
func (r *revision) holds(stored string) bool {
	if stored == "" {
		return false
	}
	for token := range strings.FieldsSeq(stored) {
		if !r.current[token] {
			return false
		}
	}
	return true
}

// Current returns what reports whether a stored revision is that of the rules of a
// configuration. Which passwords were tried is no rule, and does not count.
func Current(cfg Config) func(revision string) bool {
	r := newRevision(&cfg)
	return func(stored string) bool {
		for token := range strings.FieldsSeq(stored) {
			if !r.current[token] && !strings.HasPrefix(token, secretsToken) {
				return false
			}
		}
		return stored != ""
	}
}

const secretsToken = "secrets:"

// of returns the revision of a finished result.
func (r *revision) of(res *scan.Result, met map[string]bool, rows bool) string {
	if res.Skipped != "" {
		return scan.RevisionAgain // rules are looked at before the state is
	}
	tokens := map[string]bool{}
	for token := range met {
		tokens[token] = true
	}
	if rows {
		tokens[r.rules] = true
	}
	for _, item := range res.Items {
		if item.Protection.Verdict.Closed() {
			tokens[r.secrets] = true
		}
		for _, p := range item.Problems {
			switch {
			case p.Passing():
				tokens[scan.RevisionAgain] = true
			case p.Kind == scan.KindLimit:
				tokens[r.limits] = true
			case p.Kind == scan.KindUnsupported:
				tokens[r.table] = true
			}
		}
	}
	if len(tokens) == 0 {
		tokens[r.table] = true
	}
	list := make([]string, 0, len(tokens))
	for token := range tokens {
		list = append(list, token)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}
