package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// The language is that of the flag, the variable, the configuration or the locale, in
// this order, wherever the flag stands; what is not known is refused in the language
// of the locale.
func TestLanguageIsChosen(t *testing.T) {
	dir := t.TempDir()
	prepareInputs(t, dir)
	japanese := put(t, dir, "ja.yaml", "lang: ja\n")
	french := put(t, dir, "fr.yaml", "lang: fr\n")
	for _, tt := range []struct {
		locale, variable, args, want string
		code                         int
	}{
		{"C", "", "walk", "unknown command", exitUsage},
		{"ja_JP.UTF-8", "", "walk", "コマンド", exitUsage},
		{"ja_JP.UTF-8", "en", "walk", "unknown command", exitUsage},
		{"C", "ja", "walk", "コマンド", exitUsage},
		{"C", "ja", "walk --lang en", "unknown command", exitUsage},
		{"C", "", "--lang ja walk", "コマンド", exitUsage},
		{"C", "", "walk --lang=ja", "コマンド", exitUsage},
		{"C", "", "--lang en walk --lang ja", "コマンド", exitUsage},
		{"C", "", "scan --nonsense 3 --lang ja", "オプション --nonsense", exitUsage},
		{"C", "", "scan --=3 --lang ja", "オプションの書き方", exitUsage},
		{"C", "", "status --config " + japanese, "まだ何も検査していません", exitIncomplete},
		{"C", "", "status --lang en --config=" + japanese, "nothing was ever scanned", exitIncomplete},
		{"C", "", "state check --lang fr", `--lang "fr" is not known; use ja or en`, exitUsage},
		{"ja_JP.UTF-8", "", "state check --lang fr", `--lang "fr" は使えません`, exitUsage},
		{"C", "fr", "state check", `--lang "fr" is not known`, exitUsage},
		{"C", "", "status --config " + french, `--lang "fr" is not known`, exitUsage},
		{"C", "", "version -- --lang ja", "takes flags only", exitUsage},
	} {
		t.Setenv("LC_ALL", tt.locale)
		t.Setenv("KAGIBAN_LANG", tt.variable)
		var out, errOut bytes.Buffer
		code := run(strings.Fields(tt.args), strings.NewReader(""), &out, &errOut)
		if code != tt.code || !strings.Contains(errOut.String(), tt.want) || strings.Count(errOut.String(), "\n") != 1 {
			t.Errorf("%+v: %d, %s", tt, code, errOut.String())
		}
	}
}

// As text the log speaks the language of whoever reads it; as JSON it is for programs
// and English, one object a line.
func TestLogAsTextAndAsJSON(t *testing.T) {
	dir := t.TempDir()
	prepareInputs(t, dir)
	for format, want := range map[string]string{"text": "対象の検査が終わっていません", "json": "target is incomplete"} {
		var out, errOut bytes.Buffer
		run([]string{"scan", "share", "nowhere", "--lang", "ja", "--log-format", format, "--format", "console", "--out", "-"}, strings.NewReader(""), &out, &errOut)
		if !strings.Contains(errOut.String(), want) || !strings.Contains(out.String(), "検査報告書") {
			t.Errorf("%s: %s", format, errOut.String())
		}
		if format != "json" {
			continue
		}
		for line := range strings.Lines(errOut.String()) {
			var object map[string]any
			if err := json.Unmarshal([]byte(line), &object); err != nil || isJapanese(line) {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
}

// What is kept of a scan is the same in both languages.
func TestStateKnowsNoLanguage(t *testing.T) {
	dir := t.TempDir()
	prepareInputs(t, dir)
	put(t, dir, "share/broken.zip", "PK\x03\x04 and no more")
	export := func(lang string) string {
		var out, errOut bytes.Buffer
		run([]string{"scan", "share", "--lang", lang, "--state", lang + ".db", "--format", "csv", "--out", "out-" + lang}, strings.NewReader(""), &out, &errOut)
		out.Reset()
		if code := run([]string{"state", "export", "--lang", lang, "--state", lang + ".db"}, strings.NewReader(""), &out, &errOut); code != exitDone {
			t.Fatalf("%d: %s", code, errOut.String())
		}
		return changingNumbers.ReplaceAllString(out.String(), "0")
	}
	if ja, en := export("ja"), export("en"); ja != en || !strings.Contains(ja, "list.csv") || !strings.Contains(ja, "Problems\":[") {
		t.Errorf("the states differ:\n%s\n%s", ja, en)
	}
}
