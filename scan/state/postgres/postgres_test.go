package postgres

import (
	"math/rand/v2"
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"
)

// Each text comes back as it was, PostgreSQL takes what is between, and texts
// that it takes stay as they are.
func TestEscape(t *testing.T) {
	pieces := []string{"", "a", "名", "\x00", "\xff", "\xf4", "\xf4\x8f", "\xf4\x8f\xb8\x80", "\U0010FDFF", "\U0010FE00", "\U0010FEFF", "\U0010FF00", "\U0010FFFF", "\xed\xa0\x80", "🗂", "\uFFFD"}
	random := rand.New(rand.NewPCG(1, 2))
	check := func(s string) bool {
		e := escape(s)
		ordinary := utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r == 0 || escaped(r) })
		return unescape(e) == s && utf8.ValidString(e) && !strings.Contains(e, "\x00") && (!ordinary || e == s)
	}
	for range 20_000 {
		s := ""
		for range random.IntN(6) {
			s += pieces[random.IntN(len(pieces))]
		}
		if !check(s) {
			t.Fatalf("%q becomes %q, and that %q", s, escape(s), unescape(escape(s)))
		}
	}
	if err := quick.Check(func(b []byte) bool { return check(string(b)) }, nil); err != nil {
		t.Error(err)
	}
}

func TestPlaceholders(t *testing.T) {
	var p placeholders
	for query, want := range map[string]string{
		"SELECT 1":                               "SELECT 1",
		"a = ? AND b = ?":                        "a = $1 AND b = $2",
		"a = ?2 OR b = ?1 OR ?12":                "a = $2 OR b = $1 OR $12",
		`a = '?' AND "b?" = ? AND c = '' || ?`:   `a = '?' AND "b?" = $1 AND c = '' || $2`,
		"a = 'it''s ?' AND b = ?":                "a = 'it''s ?' AND b = $1",
		"it never ends '?":                       "it never ends '?",
		"CAST(?1 AS bigint), unnest(?::text[])?": "CAST($1 AS bigint), unnest($1::text[])$2",
	} {
		for range 2 {
			if got := p.of(query); got != want {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
		}
	}
	for i := range 3 * queriesKept {
		p.of("? " + strings.Repeat("x", i))
	}
	if len(p.known) > queriesKept {
		t.Errorf("%d queries are kept", len(p.known))
	}
}

// Addresses: what is refused, what is encrypted, and that no password is shown.
func TestAddress(t *testing.T) {
	t.Setenv("PGSSLMODE", "")
	t.Setenv("PGPASSWORD", "")
	for _, c := range []struct {
		where    string
		insecure bool
		wrong    string // "": it is right
		tls      bool   // always
	}{
		{"postgres://r@db.example.jp/k", false, "", true},
		{"postgres://r@db.example.jp/k?sslmode=verify-full", false, "", true},
		{"postgres://r@db.example.jp/k?sslmode=require", false, "", true},
		{"postgres://r@db.example.jp/k?sslmode=prefer", false, "--state-insecure", false},
		{"postgres://r@db.example.jp/k?sslmode=disable", false, "--state-insecure", false},
		{"postgres://r@127.0.0.1,192.0.2.7/k?sslmode=allow", false, "--state-insecure", false},
		{"postgres://r@192.0.2.7/k?sslmode=disable", true, "", false},
		{"postgres://r@192.0.2.7/k", true, "", true},
		{"postgres://r@localhost/k?sslmode=disable", false, "", false},
		{"postgres://r@127.0.0.1/k", false, "", false},
		{"postgres://r@[::1]/k", false, "", false},
		{"postgres:///k?host=/run/postgresql", false, "", false},
		{"postgres:///k?host=db.example.jp&sslmode=disable", false, "--state-insecure", false},
		{"postgresql://r:hunter2@localhost/k", false, "--state-password-file", false},
		{"postgres://r@localhost/k?password=hunter2", false, "--state-password-file", false},
		{"postgres://r:hunter2@local host:x/k", false, "no address", false},
		{"postgres://r@localhost/k?sslmode=hunter2", false, "sslmode", false},
	} {
		config, err := parse(c.where, Options{Insecure: c.insecure})
		switch {
		case c.wrong == "" && err != nil, c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%s: %v, want %q", c.where, err, c.wrong)
		case err != nil && strings.Contains(c.where, ":hunter2@") && strings.Contains(err.Error(), "hunter2"):
			t.Errorf("%s: the password is shown: %v", c.where, err)
		case err != nil:
		default:
			for _, f := range config.ConnConfig.Fallbacks {
				if c.tls && f.TLSConfig == nil {
					t.Errorf("%s falls back to clear text", c.where)
				}
			}
			if c.tls && config.ConnConfig.TLSConfig == nil {
				t.Errorf("%s goes in clear text", c.where)
			}
			if config.MaxConns < fewestConns || config.ConnConfig.ConnectTimeout == 0 {
				t.Errorf("%s: %d connections, timeout %v", c.where, config.MaxConns, config.ConnConfig.ConnectTimeout)
			}
		}
	}
	for where, want := range map[string]string{
		"postgres://r:hunter2@h/k":           "postgres://r:xxxxx@h/k",
		"postgres://r@h/k?password=hunter2":  "postgres://r@h/k?password=xxxxx",
		"postgres://r:hun ter@2@h:x/k?a=b":   "postgres://xxxxx@h:x/k",
		"postgres://r@h:5432/k?sslmode=none": "postgres://r@h:5432/k?sslmode=none",
	} {
		if got := Masked(where); got != want {
			t.Errorf("Masked(%s) = %s, want %s", where, got, want)
		}
	}
}
