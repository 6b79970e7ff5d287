package format

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

func TestStrays(t *testing.T) {
	for in, want := range map[string]string{
		"<a>text</a>":                                       "",
		"\xEF\xBB\xBF<a/>\r\n":                              "",
		"before<a>x</a>behind":                              "before|behind",
		"<a><!-- one --><b/><!--two-->x</a>":                " one |two",
		"<a>wow! <!- no --> <!DOCTYPE x> <![CDATA[y]]></a>": "",
		"no tag at all":                                     "no tag at all",
		"<a><!-- open":                                      " open",
		"<a x='>'>y</a><!-- last -->":                       " last ",
		"<a/><!---->":                                       "",
	} {
		for how, r := range map[string]io.Reader{"whole": strings.NewReader(in), "in bytes": iotest.OneByteReader(strings.NewReader(in)), "halves": iotest.HalfReader(strings.NewReader(in))} {
			var got []string
			passed, err := io.ReadAll(&strayReader{r: r, aside: func(text []byte) {
				if s := string(text); strings.TrimSpace(s) != "" {
					got = append(got, s)
				}
			}})
			if err != nil || string(passed) != in {
				t.Errorf("%q, %s: passed on %q, %v", in, how, passed, err)
			}
			if s := strings.Join(got, "|"); s != want {
				t.Errorf("%q, %s: %q, want %q", in, how, s, want)
			}
		}
	}
}

// Comments of parts in UTF-16 are those of parts in UTF-8.
func TestStraysInWideText(t *testing.T) {
	const in = "<a><!-- 氏名 𠮷田 8642-975310 -->wow! <b/></a>behind"
	for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		for _, mark := range []string{"\uFEFF", ""} {
			var wide []byte
			for _, u := range utf16.Encode([]rune(mark + in)) {
				wide = order.AppendUint16(wide, u)
			}
			for how, r := range map[string]io.Reader{"whole": bytes.NewReader(wide), "halves": iotest.HalfReader(bytes.NewReader(wide)), "in bytes": iotest.OneByteReader(bytes.NewReader(wide))} {
				var got []string
				passed, err := io.ReadAll(&strayReader{r: r, aside: func(text []byte) { got = append(got, string(text)) }})
				if err != nil || !bytes.Equal(passed, wide) {
					t.Errorf("%s, %s: not passed on as it is: %v", name, how, err)
				}
				if how == "in bytes" { // the two halves of a character come apart
					for i := range got {
						got[i] = strings.ReplaceAll(got[i], "\uFFFD\uFFFD", "𠮷")
					}
				}
				if s := strings.Join(got, "|"); s != " 氏名 𠮷田 8642-975310 |behind" {
					t.Errorf("%s, %s, mark %q: %q", name, how, mark, s)
				}
			}
		}
	}
}
