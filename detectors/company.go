package detectors

import (
	"strings"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
)

// company tells what of a person stands in a piece of text.
func company(text []byte) (b beside) {
	s := string(text[:min(len(text), 512)])
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "〓")
	}
	words := strings.FieldsFunc(s, func(r rune) bool {
		return strings.ContainsRune(" 　\t,，、。:：;；'\"<>()（）[]【】「」|｜・※\u00a0", r)
	})
	b |= addressed(s)
	for i, w := range words {
		w = strings.TrimLeft(w, "①②③④⑤⑥⑦⑧⑨⑩・■□●○◎◆◇▼*")
		if _, value, ok := strings.Cut(w, "="); ok {
			w = value
		}
		w = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(w, "様"), "さん"), "殿")
		switch {
		case birthLike(w):
			b |= besideBirth
		case nameLike(w), i+1 < len(words) && !strings.Contains(words[i+1], "番号") && nameLike(w+" "+strings.TrimSuffix(words[i+1], "様")):
			b |= besideName
		case i > 0 && strings.HasSuffix(words[i-1], "氏名") && script(w) != mixed:
			b |= besideName
		case addressLike(w):
			b |= besideAddress
		}
	}
	return b
}

// addressed finds a person by the word of respect behind the name.
func addressed(s string) beside {
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
				return besideName
			}
			rest = rest[at+len(respect):]
		}
	}
	return 0
}

// companyCells tells what of a person stands in the other cells of the row.
func (t *table) companyCells(r *scan.Row, i int) (b beside) {
	for k := max(0, i-maxSlots); k < min(len(r.Cells), i+maxSlots); k++ {
		if k == i || len(r.Cells[k].Text) > headingBytes {
			continue
		}
		kind := t.column(r.Cells[k].Col).kind
		if kind == kindNone {
			kind = t.likeCell(r, k)
		}
		if kind == kindNone {
			kind = t.ownLabel(r, k)
		}
		if kind >= kindName && kind <= kindAddress {
			b |= 1 << (kind - kindName)
		}
	}
	return b
}

// labelledCell is the kind of a cell that holds its own label: 氏名：山田太郎.
func (t *table) labelledCell(s string) kind {
	at := strings.IndexAny(s, ":：=")
	if at <= 0 || strings.Trim(s[at:], " 　:：=") == "" {
		return kindNone
	}
	k, exact := headingKind(t.fields, foldHeading(s[:at]))
	if !exact {
		return kindNone
	}
	return k
}

// like is the kind that a text looks like.
func (t *table) like(s string) kind {
	for i := range t.fields {
		if f := &t.fields[i]; f.like != nil && f.like(s) {
			return f.kind
		}
	}
	return kindNone
}

// likeCells is the same by content alone, for forms, whose columns hold all
// kinds of things.
func (t *table) likeCells(r *scan.Row, i int) (b beside) {
	for k := max(0, i-formCells); k < min(len(r.Cells), i+formCells); k++ {
		if k == i || len(r.Cells[k].Text) > headingBytes || t.reads[k].number() {
			continue
		}
		if kind := t.likeCell(r, k); kind >= kindName && kind <= kindAddress {
			b |= 1 << (kind - kindName)
		}
	}
	return b
}
