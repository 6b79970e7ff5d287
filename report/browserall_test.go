package report

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestPageHoldsAllFindings opens a page with a hundred thousand findings: all can
// be searched and sorted by meaning, few of them are elements, columns can be
// hidden, and the browser complains of nothing.
func TestPageHoldsAllFindings(t *testing.T) {
	ctx, seen := browser(t)
	const files = 1_000_000
	if testing.Short() {
		t.Skip("a million files take a while")
	}
	page := writePage(t, largeBook(files))
	start := time.Now()
	do(t, ctx, chromedp.Navigate(page), chromedp.WaitVisible(chromedp.CSS(".virtual tbody tr:nth-child(3)")))
	t.Logf("open and drawn after %v", time.Since(start))
	if n := get[int](t, ctx, `Number(document.querySelector(".virtual table").getAttribute("aria-rowcount"))`); n != files/10+1 {
		t.Errorf("%d rows, want %d", n, files/10+1)
	}
	if n := get[int](t, ctx, `document.querySelectorAll(".virtual tbody tr").length`); n > 200 {
		t.Errorf("%d rows are elements", n)
	}
	first := func(column string) string {
		return get[string](t, ctx, `document.querySelector(".virtual tbody tr:nth-child(2)").cells[`+column+`].textContent`)
	}
	search := func(text string) string {
		return get[string](t, ctx, `(() => {
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
	get[string](t, ctx, `document.querySelector(".virtual thead th:nth-child(1) button").click() ?? ""`)
	get[string](t, ctx, `document.querySelector(".virtual thead th:nth-child(1) button").click() ?? ""`)
	if got := first("0"); got != "K999991" {
		t.Errorf("sorted downwards the first is %s", got)
	}
	get[string](t, ctx, `(document.querySelector(".virtual").scrollTop = 44 * 50000, "")`)
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS(`.virtual tr[aria-rowindex="50010"]`)))
	get[string](t, ctx, `(document.querySelector("#violations .columns input").click(), "")`)
	if !get[bool](t, ctx, `document.querySelector("#violations table.tools").tHead.rows[0].cells[2].hidden`) {
		t.Error("a column was not hidden")
	}
	seen.mu.Lock()
	defer seen.mu.Unlock()
	if len(seen.said) > 0 {
		t.Errorf("the browser says %q", seen.said)
	}
}
