package lex

import (
	"strings"
	"unicode/utf8"
)

// Facts is the set of what is known of a person.
type Facts uint8

// What may stand beside a number.
const (
	Name Facts = 1 << iota
	Birth
	Address
)

// PersonIn returns what of a person stands in a piece of text.
func PersonIn(text []byte) (b Facts) {
	s := string(text[:min(len(text), 512)])
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "〓")
	}
	words := strings.FieldsFunc(s, func(r rune) bool {
		return strings.ContainsRune(" 　\t,，、。:：;；'\"<>()（）[]【】「」|｜・※&\u00a0", r)
	})
	b |= addressed(s)
	for i, w := range words {
		w = strings.TrimLeft(w, "①②③④⑤⑥⑦⑧⑨⑩・■□●○◎◆◇▼*")
		if _, value, ok := strings.Cut(w, "="); ok {
			w = value
		}
		w = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(w, "様"), "さん"), "殿")
		switch {
		case BirthLike(w):
			b |= Birth
		case NameLike(w), i+1 < len(words) && !strings.Contains(words[i+1], "番号") && NameLike(w+" "+strings.TrimSuffix(words[i+1], "様")):
			b |= Name
		case i > 0 && strings.HasSuffix(words[i-1], "氏名") && script(w) != mixed:
			b |= Name
		case AddressLike(w):
			b |= Address
		}
	}
	return b
}

// addressed finds a person by the word of respect behind the name.
func addressed(s string) Facts {
	for _, respect := range [...]string{"様", "さん", "殿", "氏"} {
		for rest := s; ; {
			at := strings.Index(rest, respect)
			if at < 0 {
				break
			}
			n, name := 0, rest[:at]
			for n < 8 && name != "" {
				r, size := utf8.DecodeLastRuneInString(name)
				if script(string(r)) == mixed && r != ' ' && r != '　' || strings.ContainsRune("はがのをにとで、。客皆各者", r) {
					break
				}
				name, n = name[:len(name)-size], n+1
			}
			if n >= 2 {
				return Name
			}
			rest = rest[at+len(respect):]
		}
	}
	return 0
}
