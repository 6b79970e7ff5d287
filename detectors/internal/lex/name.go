package lex

import (
	"strings"
	"unicode/utf8"
)

// NameLike reports whether a text is a Japanese name as lists hold them: family
// and given name with a space between, or three to six characters that begin
// with a common family name.
func NameLike(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) < 6 || len(s) > 60 {
		return false
	}
	family, given, spaced := cutSpace(s)
	if !spaced {
		n := utf8.RuneCountInString(s)
		return n >= 3 && n <= 6 && hasFamilyName(s) && script(s) == kanji && !placeWord(s)
	}
	a, b := script(family), script(given)
	if a == kana && b == kana {
		return utf8.RuneCountInString(family) <= 10 && utf8.RuneCountInString(given) <= 10
	}
	if a == kana && b == kanji {
		return utf8.RuneCountInString(family) <= 6 && utf8.RuneCountInString(given) <= 4 && !placeWord(given)
	}
	return a == kanji && (b == kanji || b == kana) &&
		utf8.RuneCountInString(family) <= 4 && utf8.RuneCountInString(given) <= 5 && !placeWord(given) &&
		(strings.Contains(familyNames, "|"+family+"|") || !placeWord(family) || townName(family))
}

// WordLike reports whether a text may be a name besides: two to eight
// characters of kanji and kana.
func WordLike(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 2 && n <= 8 && script(strings.ReplaceAll(strings.ReplaceAll(s, "　", ""), " ", "")) != mixed
}

// cutSpace cuts at the only space of s.
func cutSpace(s string) (before, after string, ok bool) {
	i := strings.IndexAny(s, " 　\u00a0")
	if i <= 0 {
		return s, "", false
	}
	before, after = s[:i], strings.TrimLeft(s[i:], " 　\u00a0")
	return before, after, after != "" && !strings.ContainsAny(after, " 　\u00a0")
}

type writing uint8

const (
	mixed writing = iota
	kana
	kanji // with or without kana between
)

// script returns how a word is written; anything else than kanji and kana is mixed.
func script(s string) writing {
	if s == "" {
		return mixed
	}
	w := kana
	for _, r := range s {
		switch {
		case r >= 'ぁ' && r <= 'ー' && r != '・', r >= 'ｦ' && r <= 'ﾟ':
		case r >= '一' && r <= '鿿', r == '々', r >= '㐀' && r <= '䶿', r >= 0x20000 && r <= 0x2ffff, r >= '豈' && r <= '﫿', r >= 0xe000 && r <= 0xf8ff, r == '\ufffd', r == '〆', r == '〓':
			w = kanji
		default:
			return mixed
		}
	}
	return w
}

// placeWord reports whether a word ends as offices and places do.
func placeWord(s string) bool {
	r, n := utf8.DecodeLastRuneInString(s)
	if strings.ContainsRune("部課係室局署庁市区町県都府社店館所班校院費額計票書表", r) {
		return n < len(s)
	}
	return false
}

// townName reports whether a word of two characters ends as a town or an office does,
// which many family names do: 今村, 古市, 綾部, 田所.
func townName(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune("市区町村県部所館室", r) && utf8.RuneCountInString(s) == 2
}

// hasFamilyName reports whether s begins with one of the most common family names.
func hasFamilyName(s string) bool {
	for _, n := range [...]int{6, 9, 3} {
		if len(s) > n && strings.Contains(familyNames, "|"+s[:n]+"|") {
			return true
		}
	}
	return false
}

// familyNames holds common family names between bars. They make up about half
// of all persons: enough to know a column of names by.
const familyNames = "|佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|渡邉|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|林|斎藤|斉藤|齋藤|齊藤|清水|山崎|森|池田|橋本|阿部|石川|山下|中島|石井|小川|前田|岡田|長谷川|藤田|後藤|近藤|村上|遠藤|青木|坂本|福田|太田|西村|藤井|金子|岡本|藤原|中野|三浦|原田|中川|松田|竹内|小野|田村|中山|和田|石田|森田|上田|原|内田|柴田|酒井|宮崎|横山|高木|安藤|宮本|大野|小島|谷口|今井|工藤|高田|増田|丸山|杉山|村田|大塚|新井|小山|平野|河野|藤本|武田|上野|野口|松井|千葉|菅原|岩崎|久保|木下|佐野|野村|松尾|市川|菊地|菊池|杉本|古川|大西|島田|水野|桜井|高野|渡部|吉川|山内|西田|飯田|西川|小松|北村|安田|五十嵐|川口|平田|関|中田|久保田|東|服部|川崎|岩田|土屋|福島|本田|辻|樋口|秋山|田口|永井|山中|中西|吉村|川上|石原|大橋|松岡|馬場|浜田|森本|矢野|浅野|松下|星野|大久保|吉岡|小池|野田|荒木|熊谷|松浦|大谷|内藤|黒田|尾崎|永田|川村|望月|松村|田辺|荒井|堀|大島|平井|早川|菅野|栗原|広瀬|廣瀬|西山|横田|石橋|岩本|萩原|片山|関口|宮田|大石|本間|須藤|高山|岡崎|小田|吉野|伊東|上原|"
