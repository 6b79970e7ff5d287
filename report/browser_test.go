package report

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/kagiban/kagiban/scan"
)

// browser starts Chromium without a network. It skips where there is none,
// unless KAGIBAN_TEST_REQUIRE=1 says that there must be one.
func browser(t *testing.T) (context.Context, *witness) {
	t.Helper()
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
		t.Skip("no Chromium in PATH; the page is not looked at in a browser")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), chromedp.ProxyServer("127.0.0.1:9"),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	seen := &witness{}
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(seen.see))
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx, seen
}

// A witness writes down what a page asks for and what the browser says of it.
type witness struct {
	mu       sync.Mutex
	requests []string
	said     []string
}

func (w *witness) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		w.said = append(w.said, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		w.said = append(w.said, string(e.Type))
	case *log.EventEntryAdded:
		w.said = append(w.said, e.Entry.Text)
	}
}

// get evaluates an expression in the page.
func get[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func writePage(t *testing.T, b *Book) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(t.Context(), b, Output{format(t, "html"), &out}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return (&url.URL{Scheme: "file", Path: file}).String()
}

// TestPageInBrowser opens the page as its reader does: from a file, without a
// network.
func TestPageInBrowser(t *testing.T) {
	ctx, seen := browser(t)
	b := richBook(t, "ja")
	page := writePage(t, b)
	do(t, ctx, chromedp.Navigate(page))
	if got, want := get[string](t, ctx, `document.title`), wordsIn("ja").text("title"); got != want {
		t.Errorf("the title is %q, want %q: a name ran as a script", got, want)
	}
	const strange = `img, iframe, object, embed, link, form, base, script:not(body > script:last-child), h1 ~ h1, td h1, bdi *`
	if n := get[int](t, ctx, `document.querySelectorAll("`+strange+`").length`); n != 0 {
		t.Errorf("%d elements are not of the template", n)
	}
	if n := get[int](t, ctx, `document.querySelectorAll(".filter input").length`); n < 5 {
		t.Errorf("%d filters; the script did not run", n)
	}
	if n, want := get[int](t, ctx, `document.querySelectorAll("#violations tbody tr:has(+ .detail)").length`), int(b.Totals.Statuses[scan.StatusViolation].Files); n != want {
		t.Errorf("%d violations are shown, want %d", n, want)
	}
	if color := get[string](t, ctx, `getComputedStyle(document.querySelector(".sensitive")).fontWeight`); color != "600" {
		t.Errorf("the style is not applied: %q", color)
	}
	names := get[string](t, ctx, `[...document.querySelectorAll(".path, .problem")].map((e) => e.textContent).join("\n")`)
	for _, name := range []string{`"><img src=x onerror=alert(1)>.csv`, "[U+202E]", "&lt;b&gt;.csv", "detail <for> a"} {
		if !strings.Contains(names, name) {
			t.Errorf("nothing shows as %s", name)
		}
	}
	seen.mu.Lock()
	defer seen.mu.Unlock()
	for _, request := range seen.requests {
		if request != page {
			t.Errorf("the page asked for %s", request)
		}
	}
	if len(seen.requests) == 0 {
		t.Error("nobody watched the requests")
	}
	for _, text := range seen.said {
		t.Errorf("the browser says: %s", text)
	}
}

// TestWitness says that the test above would see what it looks for.
func TestWitness(t *testing.T) {
	ctx, seen := browser(t)
	b := richBook(t, "ja")
	page := writePage(t, b)
	do(t, ctx, chromedp.Navigate(page))
	get[bool](t, ctx, `(() => {
		const script = document.createElement("script");
		script.textContent = "document.title = 'hurt'";
		const image = document.createElement("img");
		image.src = "http://127.0.0.1:9/x.png";
		document.body.append(script, image);
		return true;
	})()`)
	if title := get[string](t, ctx, `document.title`); title == "hurt" {
		t.Error("the policy of the page let a strange script run")
	}
	seen.mu.Lock()
	defer seen.mu.Unlock()
	if len(seen.said) == 0 {
		t.Error("the browser's complaints were not seen")
	}
}

// TestPageFiltersAndSorts uses the tools of the page.
func TestPageFiltersAndSorts(t *testing.T) {
	ctx, _ := browser(t)
	const (
		rows   = `[...document.querySelectorAll("#violations tbody tr:has(+ .detail):not([hidden])")]`
		input  = chromedp.CSS("#violations .filter input")
		button = `document.querySelector("#violations thead th:nth-child(4) button")`
	)
	do(t, ctx, chromedp.Navigate(writePage(t, richBook(t, "ja"))))
	all := get[int](t, ctx, rows+`.length`)
	do(t, ctx, chromedp.SendKeys(input, "受給者名簿"))
	some, details := get[int](t, ctx, rows+`.length`), get[int](t, ctx, `document.querySelectorAll("#violations tbody tr.detail:not([hidden])").length`)
	if some != 1 || details != 1 || all < 2 {
		t.Errorf("of %d rows the filter leaves %d with %d details, want 1", all, some, details)
	}
	if note := get[string](t, ctx, `document.querySelector("#violations .filter output").value`); !strings.HasPrefix(note, "1 / ") {
		t.Errorf("the filter says %q", note)
	}
	get[bool](t, ctx, `(() => {
		const input = document.querySelector("#violations .filter input");
		input.value = "";
		return input.dispatchEvent(new Event("input", { bubbles: true }));
	})()`)
	for _, want := range []string{"1,200", "1"} {
		get[string](t, ctx, button+`.click() ?? ""`)
		if first := get[string](t, ctx, rows+`[0].cells[3].textContent`); first != want {
			t.Errorf("sorted by records the first row has %s, want %s", first, want)
		}
	}
	if n := get[int](t, ctx, rows+`.length`); n != all {
		t.Errorf("%d of %d rows are back", n, all)
	}
}

// TestPageChoosesReaders picks by who can read a file, and sorts by it.
func TestPageChoosesReaders(t *testing.T) {
	ctx, _ := browser(t)
	b := richBook(t, "ja")
	do(t, ctx, chromedp.Navigate(writePage(t, b)))
	const rows = `[...document.querySelectorAll("#violations tbody tr:has(+ .detail):not([hidden])")]`
	choose := func(value string) int {
		return get[int](t, ctx, `(() => {
			const select = document.querySelector("#violations .filter select");
			select.value = "`+value+`";
			select.dispatchEvent(new Event("input", { bubbles: true }));
			return `+rows+`.length;
		})()`)
	}
	options := get[string](t, ctx, `[...document.querySelectorAll("#violations .filter option")].map((o) => o.textContent).join("/")`)
	if want := "すべて/広く閲覧できるもの/全員(Everyone)/ログオンした全員(Authenticated Users)/ドメインの全ユーザー(Domain Users)/不明/特定の利用者・グループ/許可された人なし"; options != want {
		t.Errorf("choices %s, want %s", options, want)
	}
	want := newSummary(b.Totals, wordsIn("ja"))
	for value, files := range map[string]int64{"wide": want.wide().Files, "0": want.Readers[0].Violation.Files, "": want.ReaderSum.Violation.Files} {
		if got := choose(value); int64(got) != files || files == 0 {
			t.Errorf("choice %q shows %d rows, want %d", value, got, files)
		}
	}
	choose("")
	for _, first := range []string{"全員(Everyone)", "許可された人なし"} {
		get[string](t, ctx, `document.querySelector("#violations thead th.choice button").click() ?? ""`)
		if got := get[string](t, ctx, rows+`[0].cells[6].textContent`); got != first {
			t.Errorf("sorted by readers the first row has %q, want %q", got, first)
		}
	}
}
