package report

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/browser"
)

func writePage(t *testing.T, b *Book) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(t.Context(), b, Output{format(t, "html"), &out}); err != nil {
		t.Fatal(err)
	}
	return pageOf(t, out.Bytes())
}

// pageOf returns the address of a page.
func pageOf(t *testing.T, page []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		t.Fatal(err)
	}
	return (&url.URL{Scheme: "file", Path: file}).String()
}

// TestPageInBrowser opens the page as its reader does: from a file, without a
// network.
func TestPageInBrowser(t *testing.T) {
	p := browser.Open(t)
	b := richBook(t, "ja")
	page := writePage(t, b)
	p.Do(chromedp.Navigate(page))
	if got, want := browser.Get[string](p, `document.title`), wordsIn("ja").text("title"); got != want {
		t.Errorf("the title is %q, want %q: a name ran as a script", got, want)
	}
	const strange = `img, iframe, object, embed, link, form, base, script:not(body > script:last-child), h1 ~ h1, td h1, bdi *`
	if n := browser.Get[int](p, `document.querySelectorAll("`+strange+`").length`); n != 0 {
		t.Errorf("%d elements are not of the template", n)
	}
	if n := browser.Get[int](p, `document.querySelectorAll(".filter input").length`); n < 5 {
		t.Errorf("%d filters; the script did not run", n)
	}
	if n, want := browser.Get[int](p, `document.querySelectorAll("#violations tbody tr:has(+ .detail)").length`), int(b.Totals.Statuses[scan.StatusViolation].Files); n != want {
		t.Errorf("%d violations are shown, want %d", n, want)
	}
	if color := browser.Get[string](p, `getComputedStyle(document.querySelector(".sensitive")).fontWeight`); color != "600" {
		t.Errorf("the style is not applied: %q", color)
	}
	names := browser.Get[string](p, `[...document.querySelectorAll(".path, .problem")].map((e) => e.textContent).join("\n")`)
	for _, name := range []string{`"><img src=x onerror=alert(1)>.csv`, "[U+202E]", "&lt;b&gt;.csv", "detail <for> a"} {
		if !strings.Contains(names, name) {
			t.Errorf("nothing shows as %s", name)
		}
	}
	for _, request := range p.Requests() {
		if request != page {
			t.Errorf("the page asked for %s", request)
		}
	}
	if len(p.Requests()) == 0 {
		t.Error("nobody watched the requests")
	}
	for _, text := range p.Said() {
		t.Errorf("the browser says: %s", text)
	}
}

// TestWitness says that the test above would see what it looks for.
func TestWitness(t *testing.T) {
	p := browser.Open(t)
	b := richBook(t, "ja")
	page := writePage(t, b)
	p.Do(chromedp.Navigate(page))
	browser.Get[bool](p, `(() => {
		const script = document.createElement("script");
		script.textContent = "document.title = 'hurt'";
		const image = document.createElement("img");
		image.src = "http://127.0.0.1:9/x.png";
		document.body.append(script, image);
		return true;
	})()`)
	if title := browser.Get[string](p, `document.title`); title == "hurt" {
		t.Error("the policy of the page let a strange script run")
	}
	if len(p.Said()) == 0 {
		t.Error("the browser's complaints were not seen")
	}
}

// TestPageFiltersAndSorts uses the tools of the page.
func TestPageFiltersAndSorts(t *testing.T) {
	p := browser.Open(t)
	const (
		rows   = `[...document.querySelectorAll("#violations tbody tr:has(+ .detail):not([hidden])")]`
		input  = chromedp.CSS("#violations .filter input")
		button = `document.querySelector("#violations thead th:nth-child(4) button")`
	)
	p.Do(chromedp.Navigate(writePage(t, richBook(t, "ja"))))
	all := browser.Get[int](p, rows+`.length`)
	p.Do(chromedp.SendKeys(input, "受給者名簿"))
	some, details := browser.Get[int](p, rows+`.length`), browser.Get[int](p, `document.querySelectorAll("#violations tbody tr.detail:not([hidden])").length`)
	if some != 1 || details != 1 || all < 2 {
		t.Errorf("of %d rows the filter leaves %d with %d details, want 1", all, some, details)
	}
	if note := browser.Get[string](p, `document.querySelector("#violations .filter output").value`); !strings.HasPrefix(note, "1 / ") {
		t.Errorf("the filter says %q", note)
	}
	browser.Get[bool](p, `(() => {
		const input = document.querySelector("#violations .filter input");
		input.value = "";
		return input.dispatchEvent(new Event("input", { bubbles: true }));
	})()`)
	for _, want := range []string{"1,200", "1"} {
		browser.Get[string](p, button+`.click() ?? ""`)
		if first := browser.Get[string](p, rows+`[0].cells[3].textContent`); first != want {
			t.Errorf("sorted by records the first row has %s, want %s", first, want)
		}
	}
	if n := browser.Get[int](p, rows+`.length`); n != all {
		t.Errorf("%d of %d rows are back", n, all)
	}
}

// TestPageChoosesReaders picks by who can read a file, and sorts by it.
func TestPageChoosesReaders(t *testing.T) {
	p := browser.Open(t)
	b := richBook(t, "ja")
	p.Do(chromedp.Navigate(writePage(t, b)))
	const rows = `[...document.querySelectorAll("#violations tbody tr:has(+ .detail):not([hidden])")]`
	choose := func(value string) int {
		return browser.Get[int](p, `(() => {
			const select = document.querySelector("#violations .filter select");
			select.value = "`+value+`";
			select.dispatchEvent(new Event("input", { bubbles: true }));
			return `+rows+`.length;
		})()`)
	}
	options := browser.Get[string](p, `[...document.querySelectorAll("#violations .filter option")].map((o) => o.textContent).join("/")`)
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
		browser.Get[string](p, `document.querySelector("#violations thead th.choice button").click() ?? ""`)
		if got := browser.Get[string](p, rows+`[0].cells[6].textContent`); got != first {
			t.Errorf("sorted by readers the first row has %q, want %q", got, first)
		}
	}
}
