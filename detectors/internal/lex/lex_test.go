package lex

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestReadCell names the forms of one cell.
func TestReadCell(t *testing.T) {
	const n = 1234567891
	for _, c := range []struct {
		text  string
		form  Form
		value uint64
	}{
		{"1234-567891", FormHyphen, n}, {"１２３４－５６７８９１", FormHyphen, n}, {"1234‐567891", FormHyphen, n}, {"1234−567891", FormHyphen, n},
		{"1234ー567891", FormHyphen, n}, {"1234–567891", FormHyphen, n}, {"1234—567891", FormHyphen, n}, {"1234ｰ567891", FormHyphen, n},
		{"1234﹣567891", FormHyphen, n}, {"1234―567891", FormHyphen, n}, {"1234 - 567891", FormHyphen, n}, {" '1234-567891　", FormHyphen, n},
		{"0123-456789", FormHyphen, 123456789}, {"1234567891", FormBare, n}, {"１２３４５６７８９１", FormBare, n}, {"123456789", FormNine, 123456789},
		{"1234 567891", FormSpaced, n}, {"1234　567891", FormSpaced, n}, {"1234.567891", FormSpaced, n}, {"1234-567891-1150", FormCertificate, n},
		{"12345678911150", FormCertificate, n}, {"1234567891-1150", FormCertificate, n}, {"4123", FormShort, 4123}, {"000123", FormShort, 123},
		{"", FormNone, 0}, {"山田", FormNone, 0}, {"1234-****91", FormNone, 0}, {"1234-567891-2", FormNone, 0}, {"0120-818-211", FormGrouped, 120818211},
		{"03-5344-1120", FormNone, 0}, {"123456789012", FormNone, 0}, {"4901234567894", FormNone, 0}, {"2024-123456-7", FormNone, 0},
		{"12345-67891", FormNone, 0}, {"1234--567891", FormGrouped, n}, {"1234/567891", FormGrouped, n}, {"(1234)567891", FormGrouped, n}, {"*1234567891*", FormGrouped, n}, {"1234-567891-", FormGrouped, n}, {"2024/01/15 10:30", FormText, 0}, {"1234/5678", FormNone, 0}, {"-1234567891", FormText, 0}, {"1,234,567,891", FormGrouped, n},
		{"1234-567-891", FormGrouped, n}, {"1234 56 7891", FormGrouped, n}, {"123,456,789", FormGrouped, 123456789}, {"1,234,567,891.00", FormGrouped, n}, {"1'234'567'891", FormGrouped, n},
		{"1.234567891E9", FormBare, n}, {"1.234567891E+9", FormBare, n}, {"1.234567891e+09", FormBare, n}, {"1.23456789E8", FormNine, 123456789}, {"1.23E+09", FormRounded, 1230000000},
		{"1234567891.0", FormBare, n}, {"1234567891.00", FormBare, n}, {"123456789.0", FormNine, 123456789}, {"1234567891.5", FormText, 0},
		{"\u00a01234\u00a0567891", FormSpaced, n}, {"12\u200b34-567891", FormHyphen, n}, {"\u200f1234-56\u2060789\ufeff1", FormHyphen, n}, {"1234\u202f567891", FormSpaced, n}, {"12345\u00ad67891", FormBare, n},
		{"12,34,567,891", FormText, 0}, {"1,234,567", FormNone, 0}, {"03-1234-5678", FormNone, 0}, {"1.234567891E7", FormText, 0}, {"090-1234-5678", FormNone, 0},
		{"¥1234567891", FormText, 0}, {"20140401123456", FormNone, 0}, {"1234567", FormNone, 0},
	} {
		got := ReadCell([]byte(c.text))
		if got.Form != c.form || got.Form != FormShort && got.Value != c.value || got.Form == FormShort && got.Value != c.value {
			t.Errorf("ReadCell(%q) = form %d, value %d; want %d, %d", c.text, got.Form, got.Value, c.form, c.value)
		}
	}
}

// TestLike has examples of yes and no for what belongs to a person.
func TestLike(t *testing.T) {
	for _, c := range []struct {
		name    string
		like    func(string) bool
		yes, no []string
	}{
		{"BirthLike", BirthLike, []string{"昭和30年1月2日", "S30.1.2", "1955-01-02", "1955/1/2", "19550102", "平成元年10月8日", "昭和３０年１月２日", "5300102", "S30/01/02", "昭30.1.2", "1955年1月2日", "大正15.12.24", "1955/1/2 0:00", "1955-01-02 00:00:00"}, []string{"1234-567890", "山田 太郎", "2024-05-01", "昭和", "", "1955-13-02", "19551302", "03-5344-1120", "令和6年5月1日", "12345678", "S30.1.2.3.4"}},
		{"NameLike", NameLike, []string{"山田 太郎", "佐藤　花子", "ﾔﾏﾀﾞ ﾀﾛｳ", "スズキ イチロウ", "高橋健一", "渡辺　さくら", "阿部　愛", "服部 半蔵", "中村 修", "今村　昭"}, []string{"総務部", "横浜市中区", "1234-567890", "", "合計", "年金給付課", "東京都千代田区丸の内", "Meeting Room", "備考", "山田太郎様の件について確認する", "営業部 第二課", "横浜市 中区", "給付課 担当"}},
		{"AddressLike", AddressLike, []string{"東京都杉並区高井戸西3-5-24", "神奈川県横浜市中区山下町１－２", "札幌市北区北8条西5丁目", "〒168-8505 東京都杉並区", "大阪府堺市南区", "愛知県海部郡大治町5番地"}, []string{"東京都", "山田 太郎", "1234-567890", "市場調査", "", "区分", "町内会", "都道府県別"}},
	} {
		for _, text := range c.yes {
			if !c.like(text) {
				t.Errorf("%s(%q) = false", c.name, text)
			}
		}
		for _, text := range c.no {
			if c.like(text) {
				t.Errorf("%s(%q) = true", c.name, text)
			}
		}
	}
}

// TestFinder finds numbers in running text and leaves what is a part of
// something else.
func TestFinder(t *testing.T) {
	for text, want := range map[string][]uint64{
		"番号は4101-000123です":                         {4101000123},
		"4101-000123、4101000124 4101 000125":       {4101000123, 4101000124, 4101000125},
		"基礎年金番号No.4101-000123":                     {4101000123},
		"=4101-000123":                             {4101000123},
		"山田 太郎,4101-000123,1945-08-17":             {4101000123},
		"1,4101000123,19450817":                    {4101000123},
		"1,234,4101000123,567":                     nil,
		"41\u200b01-000123":                        {4101000123},
		"4101000123,567":                           nil,
		"2024-123456-7":                            nil,
		"https://example.jp/2013-123456/":          nil,
		"file_3134-567890_v2":                      nil,
		"3134567890円":                              nil,
		"第3134567890号":                             nil,
		"550e8400-e29b-41d4-a716-446655440000 123": nil,
	} {
		var got []uint64
		f := NewFinder([]byte(text))
		for n, ok := f.Next(); ok; n, ok = f.Next() {
			got = append(got, n.Value)
			if n.Assigned != strings.HasPrefix(text, "=") {
				t.Errorf("%q: assigned is %v", text, n.Assigned)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q: found %v, want %v", text, got, want)
		}
	}
}

// TestPersonIn has pieces of text and what of a person stands in them.
func TestPersonIn(t *testing.T) {
	for text, want := range map[string]Facts{
		"山田 太郎": Name,
		"山田太郎様（昭和30年1月2日生）":         Name | Birth,
		"氏名:甲乙 住所:東京都杉並区高井戸西3-5-24": Name | Address,
		"の件について": 0,
	} {
		if got := PersonIn([]byte(text)); got != want {
			t.Errorf("PersonIn(%q) = %b, want %b", text, got, want)
		}
	}
}

// TestDigits has what the digits of a number say.
func TestDigits(t *testing.T) {
	for _, c := range []struct {
		value                       uint64
		known, phone, clock, sample bool
	}{
		{value: 4101000123, known: true},
		{value: 1301000123},
		{value: 120818211, known: true, phone: true},
		{value: 2401011230, clock: true},
		{value: 2404011230, clock: true},
		{value: 1234567890, known: true, sample: true},
		{value: 1111111111, known: true, sample: true, clock: true},
		{value: 4101000000, known: true, sample: true},
	} {
		if k, p, s, cl := KnownPrefix(Prefix(c.value)), PhonePrefix(c.value), SampleLike(c.value), ClockLike(c.value); k != c.known || p != c.phone || s != c.sample || cl != c.clock {
			t.Errorf("%010d: known %v, phone %v, sample %v, clock %v", c.value, k, p, s, cl)
		}
	}
}

func TestVacant(t *testing.T) {
	for text, want := range map[string]bool{"": true, " - ": true, "なし": true, "N/A": true, "0": true, "1": false, "山田": false, "該当なし": true, "なしなしなしなしなし": false} {
		if got := Vacant([]byte(text)); got != want {
			t.Errorf("Vacant(%q) = %v", text, got)
		}
	}
}

// TestAddressesAreShort has an address before and behind the bound on what is
// looked at.
func TestAddressesAreShort(t *testing.T) {
	places := NewPlaces()
	for spaces, want := range map[int]uint8{0: 21, AddressBytes - len("東京都"): 21, AddressBytes - len("東京都") + 1: 0} {
		if got := places.Prefecture([]byte(strings.Repeat(" ", spaces) + "東京都港区")); got != want {
			t.Errorf("%d spaces: prefecture %d, want %d", spaces, got, want)
		}
	}
}

// TestShortWays compares the first looks at a cell with the long ones.
func TestShortWays(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	forms := map[Form]int{}
	for range 200_000 {
		b := []byte{byte('0' + rng.IntN(10))}
		for range rng.IntN(16) {
			b = append(b, "0123456789---"[rng.IntN(13)])
		}
		if b[len(b)-1] == '-' {
			continue
		}
		got, ok := readDigits(b)
		if want := readSigns(b); ok && got != want {
			t.Fatalf("%q reads as %+v at a first look, as %+v else", b, got, want)
		}
		if ok {
			forms[got.Form]++
		}
	}
	for _, f := range [...]Form{FormNone, FormShort, FormBare, FormNine} {
		if forms[f] == 0 {
			t.Errorf("no text of form %d was compared", f)
		}
	}
	signs := []string{"山", "ｶ", "1", "２", "a", "！", "é", "7", "\xEF", "\xBC", "\x95", "４", "５"}
	texts := 0
	for range 200_000 {
		var b []byte
		for range rng.IntN(30) {
			b = append(b, signs[rng.IntN(len(signs))]...)
		}
		digits := 0
		for i := range b {
			if _, n := digitOf(b[i:]); n > 0 {
				digits++
			}
		}
		want := FormNone
		if digits >= 10 {
			want = FormText
			texts++
		}
		if got := readText(b).Form; got != want {
			t.Fatalf("%q of %d digits reads as form %d, want %d", b, digits, got, want)
		}
	}
	if texts < 10_000 {
		t.Errorf("only %d texts held ten digits", texts)
	}
}

func FuzzReadCell(f *testing.F) {
	for _, s := range []string{"1234-567891", "１２３４－５６７８９１", "'0123456789 ", "基礎年金番号 1234-567891", "1234 567891", "\xef\xbc", "12345678911150", "2367*645397", "1234-****91"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := ReadCell([]byte(s))
		if r.Form == FormUnread || r.Value >= 1e10 {
			t.Errorf("form %d, %d digits", r.Form, len(fmt.Sprint(r.Value)))
		}
		digits := 0
		for i := range s {
			if _, n := digitOf([]byte(s[i:])); n > 0 {
				digits++
			}
		}
		if r.Number() && digits < 9 && !strings.ContainsAny(s, "eEＥ") {
			t.Errorf("a value of %d digits is taken for a number, though the others are masked", digits)
		}
		find := NewFinder([]byte(s))
		for end := 0; ; {
			n, ok := find.Next()
			if !ok {
				break
			}
			if n.Start < end || n.End <= n.Start || n.End > len(s) || n.Value >= 1e10 || !n.Number() {
				t.Fatalf("a find from %d to %d after %d", n.Start, n.End, end)
			}
			end = n.End
		}
		PersonIn([]byte(s))
		ValueLike(s)
	})
}

// TestOtherDigits has a number in digits of all kinds and with all that may stand
// between them: somebody sees the number in each. What only resembles one is none.
func TestOtherDigits(t *testing.T) {
	const plain, value = "3101-204815", 3101204815
	with := func(digits string) string {
		kinds := []rune(digits)
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return kinds[r-'0']
			}
			return r
		}, plain)
	}
	apart := func(sign string) string { return strings.Join(strings.Split(plain, ""), sign) }
	for _, s := range []string{
		with("０１２３４５６７８９"), with("〇一二三四五六七八九"), with("零壱弐参四五六七八九"), with("⓪①②③④⑤⑥⑦⑧⑨"), with("〇㈠㈡㈢㈣㈤㈥㈦㈧㈨"), with("⁰¹²³⁴⁵⁶⁷⁸⁹"),
		with("₀₁₂₃₄₅₆₇₈₉"), with("٠١٢٣٤٥٦٧٨٩"), with("०१२३४५६७८९"), with("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"), strings.ReplaceAll(with("〇一二三四五六七八九"), "-", "の"),
		apart(" "), apart("."), apart("_"), apart("/"), apart("\u00a0"), apart("\u0332"), apart("\ufe0f\u20e3"), apart("\U000e0001"), apart("\u200d"),
		"3101→204815", "3101=204815", "3101＋204815", "3101+204815", "3101─204815", "3101の204815", "\u202e518402-1013\u202c",
	} {
		if got := ReadCell([]byte(s)); got.Value != value || !got.Number() && got.Form != FormGrouped && got.Form != FormSpaced {
			t.Errorf("%q is read as %+v", s, got)
		}
	}
	for _, s := range []string{
		"二〇二六年一月三十一日午前十時", "三一〇一番地の二〇四八一五号", "〇三-一二三四-五六七八", "①基本②予備③その他④不明", "1.2.3.4.5.6.7.8.9", "3 1 0 1 2 0 4 8 1 5 6",
		"2026/01/31 10:20", "¥3101204815", "3101204815円",
	} {
		if got := ReadCell([]byte(s)); got.Number() || got.Form == FormGrouped {
			t.Errorf("%q is read as %+v", s, got)
		}
	}
}
