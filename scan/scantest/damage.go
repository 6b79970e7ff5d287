package scantest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// damage tells how many damaged copies of a fixture are tried: a sample of
// them, or with KAGIBAN_KIT=full each truncation of the first 4 KiB and 500
// beyond, and 10,000 flips for each format, shared among its fixtures.
func damage(size, fixtures int) (cuts []int, flips int) {
	if os.Getenv("KAGIBAN_KIT") != "full" {
		for i := range 24 {
			cuts = append(cuts, size*(i+1)/25)
		}
		return cuts, 60
	}
	for n := range min(size, 4096) {
		cuts = append(cuts, n)
	}
	for i := 0; size > 4096 && i < 500; i++ {
		cuts = append(cuts, 4096+(size-4096)*i/500)
	}
	return cuts, 10_000/fixtures + 1
}

// damagedTime is far beyond what a fixture of 100 KB may take.
const damagedTime = 20 * time.Second

func checkDamaged(t *testing.T, list []scan.Format, fx Fixture, data []byte, fixtures int) {
	t.Helper()
	files := map[string][]byte{}
	cuts, flips := damage(len(data), fixtures)
	for _, n := range cuts {
		files[fmt.Sprintf("cut at %d", n)] = data[:n]
	}
	rnd := rand.New(rand.NewChaCha8([32]byte{byte(len(data)), byte(len(data) >> 8), 1}))
	for i := range flips {
		if len(data) == 0 {
			break
		}
		b := bytes.Clone(data)
		for range 1 + rnd.IntN(4) {
			at := rnd.IntN(len(b))
			if i%3 == 0 {
				at = rnd.IntN(min(len(b), 2048)) // heads hold the lengths and counts
			}
			b[at] = []byte{byte(rnd.Uint32()), 0, 0xFF, b[at] ^ 1<<rnd.IntN(8)}[rnd.IntN(4)]
		}
		files[fmt.Sprintf("flip %d", i)] = b
	}
	for len(files) > 0 {
		some := map[string][]byte{} // a few at a time: the rows of all are kept
		for name, b := range files {
			if some[name] = b; len(some) == damagedTogether {
				break
			}
		}
		for name := range some {
			delete(files, name)
		}
		checkCopies(t, list, fx, some)
	}
}

// damagedTogether is how many damaged copies are examined in one run.
const damagedTogether = 100

// checkCopies examines damaged copies of a fixture.
func checkCopies(t *testing.T, list []scan.Format, fx Fixture, files map[string][]byte) {
	t.Helper()
	limits := scan.DefaultLimits()
	limits.Time = damagedTime
	limits.Expanded, limits.Rows, limits.Members = 1<<30, 5_000_000, 10_000
	got, err := Run(t, t.Context(), list, limits, &MemorySource{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(files) {
		t.Errorf("%d results for %d damaged files", len(got), len(files))
	}
	for name, e := range got {
		for _, item := range e.Result.Items {
			for _, p := range item.Problems {
				// Decoders of others may die of damage; that is what the worker is for.
				died := strings.HasPrefix(p.Detail, "worker died")
				if p.Kind == scan.KindCrashed && !died || p.Kind == scan.KindTimeout {
					t.Errorf("%s: %s: %s", name, p.Kind, p.Detail)
				}
			}
		}
		if missing := lost(fx, e); !fx.Endless && strings.HasPrefix(name, "cut") && missing != "" {
			t.Errorf("%s: read without a problem, and %q is not there", name, missing)
		}
		if e.Breach {
			t.Errorf("%s: content was asked for although the verdict is closed", name)
		}
	}
}
