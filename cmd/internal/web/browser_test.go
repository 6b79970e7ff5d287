package web

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/kagiban/kagiban/scan/scantest/browser"
)

// TestPage asks in a real browser, in both languages.
func TestPage(t *testing.T) {
	p := browser.Open(t)
	l, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { _ = exampleServer().Serve(serving, l) }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	page := "http://127.0.0.1:" + port + "/"
	p.Do(chromedp.Navigate(page))
	p.Audit("html")
	ask := func(key, number string) string {
		t.Helper()
		return browser.Get[string](p, `(async () => {
			document.getElementById("token").value = "`+key+`";
			document.getElementById("number").value = "`+number+`";
			document.getElementById("answer").hidden = true;
			document.querySelector("button[type=submit]").click();
			for (let i = 0; i < 200 && document.getElementById("answer").hidden; i++) await new Promise((r) => setTimeout(r, 25));
			return document.documentElement.lang + " | " + document.title + " | " + document.getElementById("answer").innerText + " | left: " + document.getElementById("number").value + " | " + location.href;
		})()`)
	}
	for _, c := range []struct{ key, number, want string }{
		{token, "4123-567801", "ja found"}, {token, "4123-567801", "1,234 read, 5 not"}, {token, "4123-567803", "ja none"}, {"wrong", "4123-567801", "ja wrong key"}, {token, "4123-567802", "ja failed"},
	} {
		got := ask(c.key, c.number)
		if !strings.Contains(got, c.want) || !strings.Contains(got, "left:  | "+page) || strings.Contains(got, "56780") {
			t.Errorf("%s: %q, want %q", c.number, got, c.want)
		}
	}
	p.Audit("html") // with an answer
	browser.Get[any](p, `document.getElementById("lang").click()`)
	if got := ask(token, "4123-567801"); !strings.HasPrefix(got, "en | en title") || !strings.Contains(got, "en found") {
		t.Errorf("in English: %q", got)
	}
}
