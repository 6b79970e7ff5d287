package vocab

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxHeading is the length in bytes from which a text is no heading.
const MaxHeading = 160

// A Word is a folded word of a heading.
type Word struct {
	Text string
	At   Position
}

// Position is where in a heading a word counts.
type Position uint8

// The positions.
const (
	Anywhere Position = iota
	AsWhole           // it is all of the heading
	AtEnd
)

// Within returns words that count anywhere in a heading.
func Within(texts ...string) []Word { return wordsAt(Anywhere, texts) }

// Whole returns words that count as the whole of a heading only.
func Whole(texts ...string) []Word { return wordsAt(AsWhole, texts) }

// Ending returns words that count at the end of a heading only.
func Ending(texts ...string) []Word { return wordsAt(AtEnd, texts) }

func wordsAt(at Position, texts []string) []Word {
	words := make([]Word, len(texts))
	for i, text := range texts {
		words[i] = Word{text, at}
	}
	return words
}

// exactSlack is how many characters a heading may have beside a word and still
// be nothing but that word.
const exactSlack = 5

// in reports whether the word counts in a folded heading, and whether it is in
// essence the whole of it.
func (w Word) in(folded string) (ok, exact bool) {
	slack := exactSlack
	switch w.At {
	case AsWhole:
		return folded == w.Text, folded == w.Text
	case AtEnd:
		ok = strings.HasSuffix(folded, w.Text)
		slack++
	default:
		ok = strings.Contains(folded, w.Text)
	}
	return ok, ok && utf8.RuneCountInString(folded) <= utf8.RuneCountInString(w.Text)+slack
}

// Fold brings a heading to one form: full width and half width, capitals,
// spaces, line breaks and punctuation make no difference.
func Fold(s string) string {
	if folded, ok := foldASCII(s); ok {
		return folded
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == 'ー' || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
}

// foldASCII is Fold for a text of ASCII, which is most of what is read.
func foldASCII(s string) (folded string, ok bool) {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return "", false
		case c-'a' <= 'z'-'a', c-'0' <= 9:
		case c-'A' <= 'Z'-'A':
			c += 'a' - 'A'
		default:
			continue
		}
		if b.Cap() == 0 {
			b.Grow(len(s) - i)
		}
		b.WriteByte(c)
	}
	return b.String(), true
}

// FoldHead folds so much of a text as a heading may have.
func FoldHead(text []byte) string { return Fold(string(text[:min(len(text), MaxHeading)])) }

// FoldAll folds words and leaves out those that are empty then.
func FoldAll(texts []string) (folded []string) {
	for _, text := range texts {
		if f := Fold(text); f != "" {
			folded = append(folded, f)
		}
	}
	return folded
}

func holdsOne(s string, texts []string) bool {
	for _, text := range texts {
		if strings.Contains(s, text) {
			return true
		}
	}
	return false
}

// onlyOf reports whether s is made of some words alone.
func onlyOf(s string, words []string) bool {
	for s != "" {
		before := s
		for _, word := range words {
			s = strings.TrimPrefix(s, word)
		}
		if s == before {
			return false
		}
	}
	return true
}
