package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/browser"
)

// TestPagesAreForEverybody looks for what keeps people from using a page, with all of
// its parts open, and on a telephone, where tables have to be moved.
func TestPagesAreForEverybody(t *testing.T) {
	p := browser.Open(t)
	p.Do(chromedp.EmulateViewport(390, 844), chromedp.Navigate(writePage(t, richBook(t, "ja"))))
	browser.Get[int](p, `document.querySelectorAll("details").forEach((d) => { d.open = true; }) ?? 0`)
	p.Audit("html")

	var impact bytes.Buffer
	for _, f := range ImpactFormats() {
		if f.Name != "html" {
			continue
		}
		if err := f.Write(&impact, impactExample("en")); err != nil {
			t.Fatal(err)
		}
	}
	p.Do(chromedp.Navigate(pageOf(t, impact.Bytes())))
	p.Audit("html")

	p.Do(chromedp.EmulateReset(), chromedp.Navigate(writePage(t, largeBook(10_000))), chromedp.WaitVisible(chromedp.CSS(".virtual tbody tr:nth-child(3)")))
	p.Audit(".all")
}

// TestLinksLeadToFindings opens the page by the number of a finding that only the
// list of all holds, and of one that the page shows in full.
func TestLinksLeadToFindings(t *testing.T) {
	p := browser.Open(t)
	page := writePage(t, largeBook(10_000))
	const chosen = `document.querySelector(".virtual tr.chosen")?.cells[0].textContent ?? ""`
	p.Do(chromedp.Navigate(page+"#K09021"), chromedp.WaitVisible(chromedp.CSS(".virtual tr.chosen")))
	if got := browser.Get[string](p, chosen); got != "K09021" {
		t.Errorf("the address led to %q", got)
	}
	if got := browser.Get[bool](p, `(() => {
		const row = document.querySelector(".virtual tr.chosen").getBoundingClientRect();
		const view = document.querySelector(".virtual").getBoundingClientRect();
		return row.top >= view.top && row.bottom <= view.bottom && view.top < innerHeight && document.activeElement.className === "virtual";
	})()`); !got {
		t.Error("the finding is not in sight")
	}
	if got := browser.Get[string](p, `document.querySelector("div.chosen").textContent`); !strings.Contains(got, "名簿0009020.xlsx") || len(got) < 100 {
		t.Errorf("of the finding is said %q", got)
	}

	// A search that does not meet it gives way.
	browser.Get[int](p, `(() => {
		const input = document.querySelector(".all input");
		input.value = "名簿0009020";
		input.dispatchEvent(new Event("input", { bubbles: true }));
		location.hash = "#K08031";
		return 0;
	})()`)
	p.Do(chromedp.WaitVisible(chromedp.CSS(`.virtual tr.chosen a[href="#K08031"]`)))

	browser.Get[int](p, `(() => { location.hash = "#K00001"; return 0; })()`)
	if got := browser.Get[string](p, `document.querySelector(":target")?.cells[0].textContent ?? ""`); !strings.HasPrefix(got, "K00001") {
		t.Errorf("the row of a finding that the page has in full is %q", got)
	}
	if said := p.Said(); len(said) > 0 {
		t.Errorf("the browser says %q", said)
	}
}

// TestLinksLeadToWhatWasNotExamined: it has numbers, too, and a list of all of its own.
func TestLinksLeadToWhatWasNotExamined(t *testing.T) {
	p := browser.Open(t)
	b := richBook(t, "ja")
	var out bytes.Buffer
	r, err := newHTMLReport(&out, b, 1)
	if err != nil {
		t.Fatal(err)
	}
	var last view
	for f, err := range b.Files() {
		if err != nil {
			t.Fatal(err)
		}
		f = Masked(f)
		if err := r.File(f); err != nil {
			t.Fatal(err)
		}
		if f.Status == scan.StatusUnchecked && f.Finding != nil {
			last = newView(f, wordsIn("ja"), b)
		}
	}
	if err := r.End(); err != nil {
		t.Fatal(err)
	}
	p.Do(chromedp.Navigate(pageOf(t, out.Bytes())+"#"+last.Number()), chromedp.WaitVisible(chromedp.CSS("#unchecked .virtual tr.chosen")))
	if got := browser.Get[string](p, `document.querySelector("#unchecked div.chosen").textContent`); !strings.Contains(got, last.Name()) || !strings.Contains(got, last.Remedy()) || last.Remedy() == "" {
		t.Errorf("of %s is said %q", last.Number(), got)
	}
	if got := browser.Get[string](p, `document.querySelector("#unchecked tr.chosen").cells[5].textContent`); got == "" {
		t.Error("nothing is said of what was not examined")
	}
}
