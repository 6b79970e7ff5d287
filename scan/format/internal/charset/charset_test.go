package charset

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

const list = "氏名,基礎年金番号,カナ\r\n山田 太郎,4123-567801,ﾔﾏﾀﾞ ﾀﾛｳ\r\n鈴木 花子,5123-567802,ｽｽﾞｷ ﾊﾅｺ\r\n"

func encoded(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	out, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// read returns text as UTF-8, from a source that hands out all at once and one that
// hands out byte by byte.
func readAll(t *testing.T, text string) (string, Charset) {
	t.Helper()
	fast := NewReader(strings.NewReader(text))
	got, err := io.ReadAll(fast)
	if err != nil {
		t.Fatal(err)
	}
	slow := NewReader(iotest.OneByteReader(strings.NewReader(text)))
	again, err := io.ReadAll(iotest.HalfReader(slow))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, again) {
		t.Errorf("read in pieces it is another text: %q and %q", got, again)
	}
	return string(got), fast.Charset()
}

// A text is read in each encoding, long and short, with ASCII before it and without.
func TestEncodings(t *testing.T) {
	for name, e := range map[string]encoding.Encoding{
		"cp932": japanese.ShiftJIS, "euc": japanese.EUCJP, "jis": japanese.ISO2022JP, "utf8": encoding.Nop, "utf8bom": unicode.UTF8BOM,
		"utf16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf16be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
		"utf16bom": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf32": utf32.UTF32(utf32.LittleEndian, utf32.UseBOM),
		"utf32be": utf32.UTF32(utf32.BigEndian, utf32.UseBOM), "utf32le without mark": utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
		"utf32be without mark": utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM),
	} {
		text := list
		if name == "jis" {
			text = strings.NewReplacer("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ", "ｽｽﾞｷ ﾊﾅｺ", "スズキ").Replace(list)
		}
		for _, plain := range []string{"", "# line of a log\r\n", strings.Repeat("x,y,z\r\n", 20_000)} {
			if plain != "" && strings.HasPrefix(name, "utf16") {
				continue
			}
			for _, times := range []int{1, 2_000} {
				want := plain + strings.Repeat(text, times)
				got, _ := readAll(t, encoded(t, e, want))
				if got != want {
					t.Errorf("%s, %d bytes before, %d times: %q…", name, len(plain), times, got[:min(len(got), 90)])
				}
			}
		}
	}
}

// A full-width blank has a NUL where digits have none.
func TestUTF16WithIdeographicSpace(t *testing.T) {
	want := strings.Repeat("山田　太郎,4123-567801\r\n", 40)
	if got, _ := readAll(t, encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), want)); got != want {
		t.Errorf("%q", got)
	}
}

// A bad byte spoils its line at most, and never the text around it.
func TestBadBytes(t *testing.T) {
	for name, bad := range map[string]string{"latin": "caf\xe9,\r\n", "cut": "\xe5\xb1\r\n", "byte": "\x85\r\n", "number": "4184-9467\xff96,1941-04-13\r\n"} {
		for at := range 3 {
			lines := []string{strings.Repeat(list, at), bad, strings.Repeat(list, 50)}
			got, c := readAll(t, strings.Join(lines, ""))
			if c == Binary || !strings.Contains(got, lines[0]) || !strings.HasSuffix(got, lines[2]) {
				t.Errorf("%s after %d lists: %v, %q…", name, at, c, got[:min(len(got), 120)])
			}
		}
	}
	cut := strings.Repeat("高橋 太郎,6118-367459,社会保険事務\xe6\r\n", 30)
	if got, _ := readAll(t, cut); got != cut {
		t.Errorf("fields that were cut by bytes: %q", got)
	}
}

// A file that was joined of texts in several encodings is read line by line.
func TestRegions(t *testing.T) {
	forms := map[string]encoding.Encoding{"cp932": japanese.ShiftJIS, "euc": japanese.EUCJP, "utf8": encoding.Nop}
	kana := "備考,混在,あ\r\n"
	for first, e := range forms {
		for second, f := range forms {
			for _, times := range []int{1, 300} {
				want := strings.Repeat(kana, times) + list
				got, _ := readAll(t, encoded(t, e, strings.Repeat(kana, times))+encoded(t, f, list))
				if got != want {
					t.Errorf("%d lines in %s, then %s: %q", times, first, second, got[max(0, len(got)-200):])
				}
			}
		}
	}
}

// NULs fill up fields; in other places they are no text.
func TestNULs(t *testing.T) {
	want := strings.Repeat("山田 太郎,4123-567801\r\n", 6)
	padded := strings.ReplaceAll(encoded(t, japanese.ShiftJIS, want), "\r\n", strings.Repeat("\x00", 20)+"\r\n")
	got, c := readAll(t, padded)
	if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") || c == Binary {
		t.Errorf("%v %q", c, got)
	}
	for name, data := range map[string]string{
		"numbers": strings.Repeat("\x01\x00\x00\x00\x02\x00\x00\x00", 40), "record": strings.Repeat("ab\x00\x07\x00c\xff\xfe", 40),
		"behind text": strings.Repeat("x,y,z\r\n", 20_000) + strings.Repeat("\x01\x02\x03\x00\x9c\x04", 20_000),
	} {
		if _, c := readAll(t, data); c != Binary {
			t.Errorf("%s: %v", name, c)
		}
	}
}
