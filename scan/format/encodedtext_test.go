package format

import (
	"encoding/base64"
	"encoding/hex"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kagiban/kagiban/scan/scantest"
)

// folded is base64 in lines of 60 characters.
func folded(s, end string) string {
	var b strings.Builder
	for text := base64.StdEncoding.EncodeToString([]byte(s)); text != ""; {
		n := min(60, len(text))
		b.WriteString(text[:n] + end)
		text = text[n:]
	}
	return b.String()
}

func TestEncodedText(t *testing.T) {
	list := "name,number\nYamada,1234-567890\nSato,0123-456789\nSuzuki,3456-789012\n"
	member := "member data in text: " + list
	uu := "begin 644 a.txt\n%:&5L;&\\\n`\nend\n"
	for name, c := range map[string]struct{ in, want string }{
		"all of it":            {folded(list, "\n"), member},
		"in one line":          {base64.StdEncoding.EncodeToString([]byte(list)), member},
		"CR LF":                {"Here:\r\n\r\n" + folded(list, "\r\n") + "\r\nGoodbye, all of you.\r\n", member},
		"PEM":                  {"-----BEGIN LIST-----\n" + folded(list, "\n") + "-----END LIST-----\n", member},
		"two":                  {folded(list, "\n") + "\n--\n\n" + folded(list, "\n"), member + "|" + member},
		"calendar":             {"ATTACH;ENCODING=BASE64:" + folded(list, "\r\n "), member},
		"link":                 {`<a href="data:text/csv;base64,` + base64.StdEncoding.EncodeToString([]byte(list)) + `">x</a>`, member},
		"JSON":                 {`{"a":"` + folded(list, `\r\n`) + `"}`, member},
		"uuencode":             {"text\n" + uu + "text\n", "member data in text: hello"},
		"shell archive":        {"#!/bin/sh\nXbegin 644 a.txt\nX%:&5L;&\\\nX`\nXend\n", "member data in text: hello"},
		"hexadecimal":          {"INSERT INTO t VALUES (X'" + hex.EncodeToString([]byte(list)) + "');\n", member},
		"bytea":                {"1\t\\x" + hex.EncodeToString([]byte(list)) + "\n", member},
		"0x":                   {"(1,0x" + strings.ToUpper(hex.EncodeToString([]byte(list))) + ");\n", member},
		"hexadecimal lines":    {regexp.MustCompile(`.{60}`).ReplaceAllString(hex.EncodeToString([]byte(list)), "$0\n") + "\n", member},
		"behind a salt":        {base64.StdEncoding.EncodeToString([]byte("Salted__\x01\x02\xff\x03\x04\xfe\x05\x06"+strings.Repeat(list, 8))) + "\n", "member data in text: Salted__\x01\x02\xff\x03\x04\xfe\x05\x06" + strings.Repeat(list, 8)},
		"sums of 512 bits":     {strings.Repeat(strings.Repeat("cf83e1357eefb8bdf1542850d66d8007", 4)+"  a.bin\n", 5), ""},
		"a key in hexadecimal": {strings.Repeat("9f86d081884c7d659a2feaa0c55ad015", 8) + "\n", ""},
		"octets":               {`a="\xe5\x9f\xba\xe7\xa4\x8e \x34120-381746"` + "\n", "member text that is not shown: a=\"基礎 4120-381746\"\n"},
		"octal":                {`a="\345\237\272\347\244\216 \064120-381746"` + "\n", "member text that is not shown: a=\"基礎 4120-381746\"\n"},
		"paths":                {`C:\xampp\123\456 D:\xe\99 4120381746` + "\n", ""},
		"words":                {strings.Repeat("Some words of an ordinary text, begin 1234 end\n", 50), ""},
		"a path":               {"/usr/share/documentation/of/programs/that/nobody/reads/any/more\n", ""},
		"a sum":                {"d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e\n", ""},
		"genes":                {strings.Repeat(strings.Repeat("GATTACA", 10)+"\n", 200), ""},
		"percent":              {"GET /?%E5%9F%BA%E7%A4%8E=4120381746\n", "member text that is not shown: GET /?基礎=4120381746\n"},
		"references":           {"&#x57FA;&#x790E;&#x5E74; 4120-381746\n", "member text that is not shown: 基礎年 4120-381746\n"},
		"percent in a text":    {"10% of 20% of 30% of 4120381746\n", ""},
		"long line":            {strings.Repeat("word ", 30_000) + base64.StdEncoding.EncodeToString([]byte(strings.Repeat(list, 2000))) + " end\n", "member data in text: " + strings.Repeat(list, 2000)},
	} {
		for how, r := range map[string]io.Reader{"whole": strings.NewReader(c.in), "in bytes": iotest.OneByteReader(strings.NewReader(c.in)), "halves": iotest.HalfReader(strings.NewReader(c.in))} {
			out := &scantest.Recorder{}
			e := newEncodedText(testFile(t, nil), out, r, true)
			passed, err := io.ReadAll(e)
			if err == nil {
				err = e.end()
			}
			if err != nil || string(passed) != c.in {
				t.Errorf("%s, %s: %d bytes passed on, %v", name, how, len(passed), err)
			}
			if got := strings.Join(out.Lines, "|"); got != c.want {
				t.Errorf("%s, %s: %.200q, want %.200q", name, how, got, c.want)
			}
		}
	}
}
