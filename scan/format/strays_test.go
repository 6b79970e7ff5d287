package format

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
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
