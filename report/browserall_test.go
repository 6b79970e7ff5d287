package report

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/kagiban/kagiban/scan/scantest/browser"
)

// TestPageHoldsAllFindings opens a page with a hundred thousand findings: all can
// be searched and sorted by meaning, few of them are elements, columns can be
// hidden, and the browser complains of nothing.
func TestPageHoldsAllFindings(t *testing.T) {
	p := browser.Open(t)
	const files = 1_000_000
	if testing.Short() {
		t.Skip("a million files take a while")
	}
	page := writePage(t, largeBook(files))
	p.Do(chromedp.Navigate("about:blank")) // the browser has started
	start := time.Now()
	p.Do(chromedp.Navigate(page), chromedp.WaitVisible(chromedp.CSS(".virtual tbody tr:nth-child(3)")))
	t.Logf("open and drawn after %v", time.Since(start))
	if n := browser.Get[int](p, `Number(document.querySelector(".virtual table").getAttribute("aria-rowcount"))`); n != files/10+1 {
		t.Errorf("%d rows, want %d", n, files/10+1)
	}
	if n := browser.Get[int](p, `document.querySelectorAll(".virtual tbody tr").length`); n > 200 {
		t.Errorf("%d rows are elements", n)
	}
	first := func(column string) string {
		return browser.Get[string](p, `document.querySelector(".virtual tbody tr:nth-child(2)").cells[`+column+`].textContent`)
	}
	search := func(text string) string {
		return browser.Get[string](p, `(() => {
			const input = document.querySelector(".all input");
			input.value = "`+text+`";
			input.dispatchEvent(new Event("input", { bubbles: true }));
			return document.querySelector(".all output").value;
		})()`)
	}
	if said := search("名簿0000990"); said != "1 / 100000 行を表示" || first("0") != "K00991" {
		t.Errorf("searched: %q, %s", said, first("0"))
	}
	search("")
	browser.Get[string](p, `document.querySelector(".virtual thead th:nth-child(1) button").click() ?? ""`)
	browser.Get[string](p, `document.querySelector(".virtual thead th:nth-child(1) button").click() ?? ""`)
	if got := first("0"); got != "K999991" {
		t.Errorf("sorted downwards the first is %s", got)
	}
	browser.Get[string](p, `(document.querySelector(".virtual").scrollTop = 44 * 50000, "")`)
	p.Do(chromedp.WaitVisible(chromedp.CSS(`.virtual tr[aria-rowindex="50010"]`)))
	browser.Get[string](p, `(document.querySelector("#violations .columns input").click(), "")`)
	if !browser.Get[bool](p, `document.querySelector("#violations table.tools").tHead.rows[0].cells[2].hidden`) {
		t.Error("a column was not hidden")
	}
	if len(p.Said()) > 0 {
		t.Errorf("the browser says %q", p.Said())
	}
}
