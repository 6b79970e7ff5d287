package vocab

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// An Announcement is what words in running text say of the number near them.
type Announcement uint8

// The announcements.
const (
	AnnouncesNothing Announcement = iota
	AnnouncesNumber
	AnnouncesOther
)

// otherLabels announce other numbers.
var otherLabels = []string{"電話", "TEL", "Tel", "tel", "ＴＥＬ", "FAX", "ＦＡＸ", "℡", "☎", "ダイヤル", "コールセンター", "窓口", "問合せ", "問い合わせ", "携帯", "雇用保険", "介護", "口座", "伝票", "注文", "管理番号", "受付番号", "整理番号", "社員番号", "職員番号", "契約番号", "文書番号", "お客様番号", "会員番号", "マイナンバー", "http", "金額", "order", "invoice"}

// A label is a word that announces a number in running text.
type label struct {
	text      []byte
	folded    string // empty for those that announce other numbers anyway
	announces Announcement
}

// labelsOf makes ready the words of labels: the number's, those of others and an
// organisation's own.
func labelsOf(number Number, own Own) (labels []label) {
	for _, text := range number.Labels {
		labels = append(labels, label{[]byte(text), Fold(text), AnnouncesNumber})
	}
	for _, text := range otherLabels {
		labels = append(labels, label{[]byte(text), "", AnnouncesOther})
	}
	for _, text := range own.Headings {
		labels = append(labels, label{[]byte(text), Fold(text), AnnouncesNumber})
	}
	for _, text := range own.StopWords {
		labels = append(labels, label{[]byte(text), Fold(text), AnnouncesOther})
	}
	return labels
}

// hintsOf makes ready the words of a first look.
func hintsOf(number Number, own Own) (hints [][]byte) {
	for _, text := range slices.Concat(own.Headings, own.StopWords, number.Hints) {
		hints = append(hints, []byte(text))
	}
	return hints
}

// Speaks is a look for the words of labels that is cheap enough for each line: no
// text for which it is false holds a label or a heading of the number.
func (v *Vocabulary) Speaks(text []byte) bool {
	for _, hint := range v.hints {
		if bytes.Contains(text, hint) {
			return true
		}
	}
	return false
}

// Title reports whether a text of the length of a heading speaks of the number as
// titles do.
func (v *Vocabulary) Title(text []byte) bool {
	return len(text) <= MaxHeading && slices.ContainsFunc(v.number.Titles, func(title string) bool { return bytes.Contains(text, []byte(title)) })
}

// LastLabel returns where the last word in text begins that announces a number of
// some kind, or -1.
func (v *Vocabulary) LastLabel(text []byte) (at int, a Announcement) {
	at = -1
	for k := range v.labels {
		if i := bytes.LastIndex(text, v.labels[k].text); i > at {
			at, a = i, v.labels[k].announces
		}
	}
	return at, a
}

// foreignBytes is how long a label may be that stands right before a number.
const foreignBytes = 60

// Foreign reports whether text ends with a label, and a sign behind it, that names a
// number of another kind: "契約者コード：".
func (v *Vocabulary) Foreign(text []byte) bool {
	text = bytes.TrimRight(text[max(0, len(text)-foreignBytes):], " \t\"'　「")
	sign := false
	for _, mark := range [...]string{"=>", "=", ":", "：", "＝", "|"} {
		if rest, ok := bytes.CutSuffix(text, []byte(mark)); ok {
			text, sign = bytes.TrimRight(rest, " \t\"']　"), true
			break
		}
	}
	if !sign {
		return false
	}
	if i := bytes.LastIndexAny(text, " \t,;、。　\"'[({&?"); i >= 0 {
		_, n := utf8.DecodeRune(text[i:])
		text = text[i+n:]
	}
	if len(text) == 0 || !utf8.Valid(text) {
		return false
	}
	role, _ := v.Role(Fold(string(text)))
	return role.Negative()
}

// HeadsOther reports whether a line is the headings of columns that are aligned by
// blanks, and the numbers below are of another kind.
func (r *Reader) HeadsOther(text []byte) bool {
	if len(text) > 2*MaxHeading || !bytes.Contains(text, []byte("  ")) && !bytes.Contains(text, []byte("　")) && bytes.IndexByte(text, '\t') < 0 || bytes.ContainsAny(text, "0123456789") {
		return false
	}
	roles, other := 0, false
	for _, word := range bytes.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '　' || r == '\t' || r == '|' }) {
		role, _ := r.Heading(word)
		switch {
		case role == Pension || role == Office:
			return false
		case role == None:
			return false
		case role.Negative():
			other = true
		}
		roles++
	}
	return other && roles > 1
}

// matters are what texts are about that speak of the number and name none: how it is
// handled, what has to be brought along.
var matters = []string{"取扱", "取り扱", "について", "に関", "手続", "管理", "制度", "利用", "保護", "漏", "とは", "お伝え", "記入", "入力", "持参", "記載", "届出", "規程", "規定", "方法", "仕様", "定義", "桁", "項目", "別紙", "別添", "別途", "参照", "後日", "省略"}

// aboutBytes is how far behind a label the matter of a sentence may stand.
const aboutBytes = 48

// Treats reports whether the sentence with the label at that place is about the
// number and announces none, or goes on to numbers of another kind.
func (v *Vocabulary) Treats(text []byte, at int) bool {
	after := text[at:]
	if i := bytes.Index(after, []byte("番号")); i >= 0 && i <= len("基礎年金手帳の記号番号") {
		after = after[i+len("番号"):]
	}
	if bytes.Contains(after, []byte("番号")) && bytes.Contains(after, []byte("。")) {
		return true
	}
	if !bytes.Contains(after, []byte("。")) {
		return false
	}
	after = after[:min(len(after), aboutBytes)]
	for _, matter := range matters {
		if bytes.Contains(after, []byte(matter)) {
			return true
		}
	}
	return false
}

// NameLabel returns what the words in the name of a file or of a sheet announce;
// text is the name with its words apart.
func (v *Vocabulary) NameLabel(name string, text []byte) Announcement {
	_, a := v.LastLabel(text)
	if a == AnnouncesNothing && v.number.InName != "" && strings.Contains(Fold(name), v.number.InName) {
		return AnnouncesNumber
	}
	return a
}

// directBytes is how far before a number its own label may begin.
const directBytes = 120

// Directly reports whether text ends with the number's label, and after it
// perhaps signs and words that lead from a label to its number.
func (v *Vocabulary) Directly(text []byte) bool {
	text = text[max(0, len(text)-directBytes):]
	at, a := v.LastLabel(text)
	if at < 0 || a != AnnouncesNumber {
		return false
	}
	rest := Fold(strings.ToValidUTF8(string(text[at:]), ""))
	for k := range v.labels {
		if v.labels[k].folded == "" {
			continue
		}
		if after, ok := strings.CutPrefix(rest, v.labels[k].folded); ok {
			return onlyOf(after, v.number.Leads)
		}
	}
	return false
}
