// Package browser looks at pages in a real browser, as their readers do: without a
// network but the computer's own, and by the rules of accessibility that axe-core
// checks.
package browser

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Require says that what is missing fails a test and is no reason to skip it.
const Require = "KAGIBAN_TEST_REQUIRE"

// A Page is a window of the browser.
type Page struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	requests []string
	said     []string
}

// Open starts Chromium. It skips the test where there is none, unless Require is set.
func Open(t *testing.T) *Page {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		missing(t, "no Chromium in PATH")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), chromedp.ProxyServer("127.0.0.1:9"), // which those of the computer itself do without
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	p := &Page{t: t}
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(p.see))
	t.Cleanup(cancel)
	p.ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	return p
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv(Require) == "1" {
		t.Fatalf("%s=1 and %s", Require, what)
	}
	t.Skip(what)
}

func (p *Page) see(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		p.said = append(p.said, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		p.said = append(p.said, string(e.Type))
	case *log.EventEntryAdded:
		p.said = append(p.said, e.Entry.Text)
	}
}

// Requests returns what was asked for so far.
func (p *Page) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// Said returns what the browser has said of its pages: errors, and what they log.
func (p *Page) Said() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.said)
}

// Do carries out steps.
func (p *Page) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// Run carries out a step that returns something.
func Run[T any](p *Page, step chromedp.Action[T]) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, step)
	if err != nil {
		p.t.Fatal(err)
	}
	return value
}

// Get evaluates an expression in the page; one that is a promise is waited for.
func Get[T any](p *Page, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}
