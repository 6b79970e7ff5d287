package browser

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// AxeVersion is the one that .ci/axe.sh fetches.
const AxeVersion = "4.10.3"

// axe is where .ci/axe.sh puts the script.
func axe() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	script, err := os.ReadFile(filepath.Join(cache, "kagiban-tools", "axe-core-"+AxeVersion, "axe.min.js"))
	return string(script), err
}

// Audit fails the test for each breach of WCAG 2.1 A and AA, or of what axe-core calls
// good practice, in a part of the page as it is now, in light and in dark colours. It skips
// where axe-core is not there, unless Require is set.
func (p *Page) Audit(part string) {
	p.t.Helper()
	script, err := axe()
	if err != nil {
		missing(p.t, "no axe-core: "+err.Error()+"; .ci/axe.sh fetches it")
	}
	Get[any](p, script+"; 0")
	for _, scheme := range []string{"light", "dark"} {
		p.scheme(scheme)
		list := Get[string](p, `axe.run("`+part+`", { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }).then((found) => {
			if (found.passes.length < 10) return "only " + found.passes.length + " rules were of use";
			return found.violations.flatMap((v) => v.nodes.slice(0, 5).map((n) =>
				v.id + " (" + v.impact + "): " + n.target.join(" ") + ": " + n.failureSummary.replace(/\s+/g, " "))).join("\n");
		})`)
		for line := range strings.Lines(list) {
			p.t.Errorf("in %s colours: %s", scheme, strings.TrimSpace(line))
		}
	}
}

// scheme asks for light or dark colours.
func (p *Page) scheme(name string) {
	p.t.Helper()
	p.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
		})
		return err
	}))
}
