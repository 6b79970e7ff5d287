package xmltext

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/records"
	"github.com/kagiban/kagiban/scan/scantest"
)

func TestTexts(t *testing.T) {
	for text, want := range map[string][]string{
		"<l><p><a>1</a><b>x</b></p><p><a>2</a></p></l>":                                                               {"#|l/p/a|l/p/b", "|1|x", "|2"},
		"<?xml version=\"1.0\"?>\n<!-- note -->\n<l by='me'><p a=\"1\" b='&#27700;'/><p a='2'/></l>":                  {"|note", "#|l/p/a|l/p/b", "|1|水", "|2", "#|l/by", "|me"},
		"<r><f name='no'>1</f><f name='name'>x</f></r>":                                                               {"#|r/no|r/name", "|1|x"},
		"<r><f name='no' type='string'>1</f><f type='string' name='name'>x</f></r>":                                   {"#|r/no|r/name", "|1|x"},
		"<plist><array><dict><key>no</key><string>1</string><key>name</key><string>x</string></dict></array></plist>": {"#|plist/array/dict/no|plist/array/dict/name", "|1|x"},
		"<r><no kind='k'>1</no></r>":                                                                                  {"#|r/no/kind|r/no", "|k|1"},
		"<r><at><zip>1</zip><city>x</city></at><no>2</no></r>":                                                        {"#|r/at/zip|r/at/city|r/no", "|1|x|2"},
		"<a><p>one <b>two</b> three</p><p>four</p></a>":                                                               {"|one two three", "#|a/p", "|four"},
		"<r><a><![CDATA[x < y]]></a><b/></r>":                                                                         {"#|r/a", "|x < y"},
		"<r><a>1<br>2</a></r>":                                                                                        {"|12"},
		"<r><a>1":                                                                                                     {"#|r/a", "|1"},
		"<t><row><c>1</c><c>2</c></row><row><c>3</c><c>4</c></row></t>":                                               {"#|t/row/c|t/row/c", "|1|2", "|3|4"},
	} {
		for _, slow := range []bool{false, true} {
			out := &scantest.RowTaker{}
			r := iotest.HalfReader(strings.NewReader(text))
			if slow {
				r = iotest.OneByteReader(strings.NewReader(text))
			}
			if _, err := Read(r, 1<<20, records.New(&grid.Writer{Out: out, Max: 1 << 20}, "")); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, out.Rows); diff != "" {
				t.Errorf("%s (-want +got):\n%s", text, diff)
			}
		}
	}
}

func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		"<?xml version='1.0'?>": true, "<a><b/></a>": true, "<一覧>\n<被保険者>": true, "<!-- x --><a b='c'>\n<d>": true, "<!DOCTYPE x>": true, "<a>text</a>": true,
		"<taro@example.jp> wrote": false, "<hanako@example.jp>, <b>": false, "<= 3\n": false, "<!DOCTYPE html>": false, "< a >": false, "<https://example.jp>": false, "": false,
		"<note> this is prose": false,
	} {
		if got := Is([]byte(text)); got != want {
			t.Errorf("Is(%q) = %v", text, got)
		}
	}
}
