package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// The text of a mail counts once, in however many forms it stands, unless one of them
// names somebody whom no other does.
func TestFormsOfOneTextCountOnce(t *testing.T) {
	person := func(n int) (number, name string) {
		return fmt.Sprintf("41%02d-%06d", n, 345600+n), fmt.Sprintf("年金 %d子", n)
	}
	text := func(from, to int) string {
		s := "基礎年金番号,氏名\n"
		for n := from; n < to; n++ {
			number, name := person(n)
			s += number + "," + name + "\n"
		}
		return s
	}
	html := func(from, to int) string {
		s := "<table><tr><th>基礎年金番号<th>氏名"
		for n := from; n < to; n++ {
			number, name := person(n)
			s += "<tr><td>" + number + "<td>" + name
		}
		return s + "</table>"
	}
	part := func(kind, body string) string { return "Content-Type: " + kind + "; charset=utf-8\n\n" + body }
	multi := func(kind string, parts ...string) string {
		mark := fmt.Sprintf("mark%d", len(strings.Join(parts, "")))
		s := "Content-Type: multipart/" + kind + "; boundary=" + mark + "\n\n"
		for _, p := range parts {
			s += "--" + mark + "\n" + p + "\n"
		}
		return s + "--" + mark + "--\n"
	}
	for _, c := range []struct {
		name             string
		body             string
		records, persons int64
	}{
		{"plain and html", multi("alternative", part("text/plain", text(0, 20)), part("text/html", html(0, 20))), 20, 20},
		{"html with pictures", multi("alternative", part("text/plain", text(0, 20)), multi("related", part("text/html", html(0, 20)), part("image/gif", "GIF89a"))), 20, 20},
		{"three forms", multi("alternative", part("text/plain", text(0, 20)), part("text/html", html(0, 20)), part("text/x-watch-html", html(0, 20))), 20, 20},
		{"the list in one form only", multi("alternative", part("text/plain", "see the HTML"), part("text/html", html(0, 20))), 20, 20},
		{"another list in the html", multi("alternative", part("text/plain", text(0, 20)), part("text/html", html(20, 50))), 50, 50},
		{"somebody more in the html", multi("alternative", part("text/plain", text(0, 20)), part("text/html", html(0, 21))), 41, 21},
		{"two texts", multi("mixed", part("text/plain", text(0, 20)), part("text/html", html(0, 20))), 40, 20},
		{"attached too", multi("mixed", multi("alternative", part("text/plain", text(0, 20)), part("text/html", html(0, 20))), part("text/csv; name=list.csv", text(0, 20))), 40, 20},
	} {
		store := newShelf()
		cfg := config(&scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a.eml": []byte("From: a@example.jp\nTo: b@example.jp\nMIME-Version: 1.0\n" + c.body)}}}, store)
		cfg.Formats, cfg.Detector = format.List(), detectors.New([]byte("key"))
		if _, err := engine.Run(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		res := store.results["a.eml"]
		var records int64
		for _, item := range res.Items {
			records += item.Findings.High.Records
			for _, p := range item.Problems {
				t.Errorf("%s: %v", c.name, p)
			}
		}
		if records != c.records || res.Distinct.High != c.persons {
			t.Errorf("%s: %d records of %d persons, want %d of %d", c.name, records, res.Distinct.High, c.records, c.persons)
		}
	}
}
