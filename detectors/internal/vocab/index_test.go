package vocab_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/kagiban/kagiban/detectors/internal/kind"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"golang.org/x/text/unicode/norm"
)

// wordsOf returns every word of the fields, as headings are made of.
func wordsOf(fields []vocab.Field) (words []string) {
	for _, f := range fields {
		for _, list := range [][]vocab.Word{f.Headings, f.Compound.Last} {
			for _, w := range list {
				words = append(words, w.Text)
			}
		}
		for _, list := range [][]string{f.Not, f.Unless, f.Cut, f.Ends, f.Or, f.Compound.First, f.Compound.Between, {f.Full, f.Tail}, f.Yes, f.No} {
			words = append(words, list...)
		}
	}
	return words
}

// TestIndexChangesNothing compares the role of headings by the index with the role by
// all fields: words alone, joined, cut, and with a character wrong.
func TestIndexChangesNothing(t *testing.T) {
	own := vocab.Own{Headings: []string{"共済長期番号", "長番", "ab"}, StopWords: []string{"抽選", "x"}, Others: []string{"会員証"}}
	for _, own := range []vocab.Own{{}, own} {
		v := vocab.New(kind.Pension(), own)
		words := append(wordsOf(slices.Concat(kind.Pension().Fields, vocab.Fields())), slices.Concat(own.Headings, own.StopWords, own.Others)...)
		words = append(words, "番号", "コード", "code", "の", "1", "氏", "山田太郎", "the quick brown fox", "値")
		rng := rand.New(rand.NewPCG(7, 11))
		compare := func(text string) (known bool) {
			folded := vocab.Fold(text)
			role, exact := v.Role(folded)
			if want, whole := v.RoleByAll(folded); role != want || exact != whole {
				t.Fatalf("%q is of role %d (exact %v) by the index, %d (%v) by all fields", folded, role, exact, want, whole)
			}
			return role != vocab.None
		}
		for _, word := range words {
			for cut := range len(word) {
				compare(word[cut:])
				compare(word[:cut])
			}
		}
		known, rounds := 0, 60_000
		for range rounds {
			var text strings.Builder
			for range 1 + rng.IntN(4) {
				text.WriteString(words[rng.IntN(len(words))])
			}
			runes := []rune(text.String())
			if rng.IntN(3) == 0 && len(runes) > 0 {
				runes[rng.IntN(len(runes))] = []rune("番a号年1")[rng.IntN(5)]
			}
			if compare(string(runes)) {
				known++
			}
		}
		if known < rounds/10 || known == rounds {
			t.Errorf("%d of %d headings are of a role: that compares little", known, rounds)
		}
	}
}

// TestFoldASCII compares the short way with the long one.
func TestFoldASCII(t *testing.T) {
	long := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, norm.NFKC.String(s))
	}
	all := make([]byte, 0x80)
	for i := range all {
		all[i] = byte(i)
		if got, want := vocab.Fold(string(all[i:i+1])), long(string(all[i:i+1])); got != want {
			t.Errorf("Fold(%q) = %q, want %q", all[i:i+1], got, want)
		}
	}
	if got, want := vocab.Fold(string(all)), long(string(all)); got != want {
		t.Errorf("Fold of all signs is %q, want %q", got, want)
	}
}
