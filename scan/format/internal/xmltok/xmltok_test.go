package xmltok_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// tokens writes down what a document yields.
func tokens(r io.Reader) string {
	var b strings.Builder
	t := xmltok.New(r)
	for {
		kind, err := t.Next()
		switch {
		case err == io.EOF:
			return b.String()
		case errors.Is(err, scan.ErrUnsupported):
			b.WriteString("+")
		case errors.Is(err, scan.ErrMalformed):
			return b.String() + "!"
		case err != nil:
			return b.String() + err.Error()
		case kind == xmltok.Start:
			fmt.Fprintf(&b, "<%s", t.Name())
			for key, value, rest := xmltok.NextAttr(t.Attrs()); key != nil; key, value, rest = xmltok.NextAttr(rest) {
				fmt.Fprintf(&b, " %s=%s", key, value)
			}
			b.WriteString(">")
		case kind == xmltok.End:
			fmt.Fprintf(&b, "</%s>", t.Name())
		default:
			b.Write(t.Text())
		}
	}
}

func TestTokens(t *testing.T) {
	for in, want := range map[string]string{
		`<a><b x="1" y='2'>t</b></a>`:                    `<a><b x=1 y=2>t</b></a>`,
		`<w:p w:val="v"/>`:                               `<p val=v></p>`,
		`<a b=">">x</a>`:                                 `<a b=>>x</a>`,
		`a&amp;b&#x5C71;&#30000;&unknown;`:               `a&b山田&unknown;`,
		`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`:       `<a>&x;</a>+`,
		`<?xml version="1.0"?><!-- <b> --><a/>`:          `<a></a>`,
		`<a><![CDATA[1 < 2 & 3]]]]></a>`:                 `<a>1 < 2 & 3]]</a>`,
		`<a attr = "spaced" >x</a >`:                     `<a attr=spaced>x</a>`,
		`<a>cut`:                                         `<a>cut`,
		`<a><b attr="cut`:                                `<a>!`,
		`<a><!-- cut`:                                    `<a>!`,
		`<a><![CDATA[cut`:                                `<a>cut`,
		``:                                               ``,
		strings.Repeat("<a>山田</a>", 40_000):              strings.Repeat("<a>山田</a>", 40_000),
		"<a>" + strings.Repeat("&amp;", 40_000) + "</a>": "<a>" + strings.Repeat("&", 40_000) + "</a>",
	} {
		for how, r := range map[string]io.Reader{"whole": strings.NewReader(in), "in bytes": iotest.OneByteReader(strings.NewReader(in))} {
			if got := tokens(r); got != want {
				t.Errorf("%.60q, %s: %.80q, want %.80q", in, how, got, want)
			}
		}
	}
}

func TestErrorOfTheReader(t *testing.T) {
	failure := errors.New("line is down")
	if got := tokens(io.MultiReader(strings.NewReader("<a>x"), iotest.ErrReader(failure))); got != "<a>x"+failure.Error() {
		t.Errorf("%q", got)
	}
}

func TestLeaf(t *testing.T) {
	for in, want := range map[string]string{
		`<v>12</v><c/>`: "12 <c></c>", `<v a="b">12</v><c/>`: "12 <c></c>", `<v>1&lt;2</v>`: "- <v>1<2</v>", `<vv>1</vv>`: "- <vv>1</vv>", `<v/>`: "- <v></v>",
	} {
		x := xmltok.New(strings.NewReader("<r>" + in))
		if _, err := x.Next(); err != nil {
			t.Fatal(err)
		}
		text, ok := x.Leaf("v")
		got := "- "
		if ok {
			got = string(text) + " "
		}
		for kind, err := x.Next(); err == nil; kind, err = x.Next() {
			switch kind {
			case xmltok.Start:
				got += "<" + string(x.Name()) + ">"
			case xmltok.End:
				got += "</" + string(x.Name()) + ">"
			default:
				got += string(x.Text())
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestDecode(t *testing.T) {
	for in, want := range map[string]string{
		"\xEF\xBB\xBF<a>山</a>":                                       "<a>山</a>",
		"\xFF\xFE<\x00a\x00>\x00\x71\x5C<\x00/\x00a\x00>\x00":        "<a>山</a>",
		"\xFE\xFF\x00<\x00a\x00>\x5C\x71\x00<\x00/\x00a\x00>":        "<a>山</a>",
		"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>\x8ER</a>": "<a>山</a>",
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>山</a>":         "<a>山</a>",
		"<?xml version=\"1.0\" encoding=\"no-such-thing\"?><a>山</a>": "<a>山</a>",
		"<a>" + strings.Repeat("山", 1000) + "</a>":                   "<a>" + strings.Repeat("山", 1000) + "</a>",
	} {
		if got := tokens(xmltok.Decode(strings.NewReader(in))); got != want {
			t.Errorf("%.40q: %.60q, want %.60q", in, got, want)
		}
	}
}
