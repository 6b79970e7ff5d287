package web

import (
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestPage asks in a real browser, in both languages. It skips where there is
// none, unless KAGIBAN_TEST_REQUIRE=1 says that there must be one.
func TestPage(t *testing.T) {
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("KAGIBAN_TEST_REQUIRE") == "1" {
			t.Fatal("KAGIBAN_TEST_REQUIRE=1 and no Chromium in PATH")
		}
		t.Skip("no Chromium in PATH")
	}
	l, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { _ = exampleServer().Serve(serving, l) }()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	page := "http://127.0.0.1:" + port + "/"
	if _, err := chromedp.Run(ctx, chromedp.Navigate(page)); err != nil {
		t.Fatal(err)
	}
	ask := func(key, number string) string {
		t.Helper()
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => {
			document.getElementById("token").value = "`+key+`";
			document.getElementById("number").value = "`+number+`";
			document.getElementById("answer").hidden = true;
			document.querySelector("button[type=submit]").click();
			for (let i = 0; i < 200 && document.getElementById("answer").hidden; i++) await new Promise((r) => setTimeout(r, 25));
			return document.documentElement.lang + " | " + document.title + " | " + document.getElementById("answer").innerText + " | left: " + document.getElementById("number").value + " | " + location.href;
		})()`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, c := range []struct{ key, number, want string }{
		{token, "4123-567801", "ja found"}, {token, "4123-567801", "1,234 read, 5 not"}, {token, "4123-567803", "ja none"}, {"wrong", "4123-567801", "ja wrong key"}, {token, "4123-567802", "ja failed"},
	} {
		got := ask(c.key, c.number)
		if !strings.Contains(got, c.want) || !strings.Contains(got, "left:  | "+page) || strings.Contains(got, "56780") {
			t.Errorf("%s: %q, want %q", c.number, got, c.want)
		}
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](`document.getElementById("lang").click()`)); err != nil {
		t.Fatal(err)
	}
	if got := ask(token, "4123-567801"); !strings.HasPrefix(got, "en | en title") || !strings.Contains(got, "en found") {
		t.Errorf("in English: %q", got)
	}
}
