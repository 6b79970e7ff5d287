package mailtext_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/mailtext"
)

func TestParams(t *testing.T) {
	for in, want := range map[string]string{
		`multipart/mixed; boundary="b0"`:                       "multipart/mixed|boundary=b0",
		"Multipart/Mixed; charset=\"utf-8\"\n boundary=\"b0\"": "multipart/mixed|charset=utf-8|boundary=b0",
		"multipart/mixed; boundary=--=_Next(1)=a":              "multipart/mixed|boundary=--=_Next(1)=a",
		`text/plain; charset=a; charset=b`:                     "text/plain|charset=a|charset=b",
		`text/plain (as sent); name="a \"b\" c.txt";`:          "text/plain|name=a \"b\" c.txt",
		`base64 (attached)`:                                    "base64",
		`base64;`:                                              "base64",
		`attachment; filename="cut`:                            "attachment|filename=cut",
		``:                                                     "",
	} {
		word, params := mailtext.Params(in)
		for _, p := range params {
			word += "|" + p.Name + "=" + p.Value
		}
		if word != want {
			t.Errorf("%s: %s, want %s", in, word, want)
		}
	}
}

func TestAll(t *testing.T) {
	_, params := mailtext.Params("attachment; filename*0*=utf-8''%E5%90%8D; filename*1*=%E7%B0%BF; filename*2=.csv; filename=plain.csv")
	if got := strings.Join(mailtext.All(params, "filename"), "|"); got != "名簿.csv|plain.csv" {
		t.Errorf("%q", got)
	}
}

// outline writes down what a message consists of.
func outline(in string, mbox bool) string {
	var b strings.Builder
	r := mailtext.NewReader(iotest.OneByteReader(strings.NewReader(in)))
	r.Mbox = mbox
	text := func(name string, body *mailtext.Body) error {
		data, err := io.ReadAll(body)
		if s := strings.ReplaceAll(string(data), "\r\n", "/"); strings.Trim(s, "/") != "" {
			fmt.Fprintf(&b, "%s[%s]", name, s)
		}
		return err
	}
	var part func() error
	part = func() error {
		h := r.Header(b.Len() == 0)
		for _, f := range h.Fields {
			fmt.Fprintf(&b, "%s:%s ", f.Name, strings.ReplaceAll(f.Value, "\n", "_"))
		}
		for _, s := range h.Stray {
			fmt.Fprintf(&b, "stray:%s ", s)
		}
		kind, params := mailtext.Params(h.Get("Content-Type"))
		if !strings.HasPrefix(kind, "multipart/") {
			return text("body", r.Body())
		}
		marks := mailtext.All(params, "boundary")
		if len(marks) == 0 {
			marks = []string{r.Guess(func([]byte) {})}
		}
		b.WriteString("{")
		defer b.WriteString("}")
		return r.Multipart(marks, part, func(body *mailtext.Body) error { return text("aside", body) })
	}
	if mbox {
		for r.NextMail() {
			if err := text("mail", r.Mail()); err != nil {
				return err.Error()
			}
		}
		return b.String()
	}
	if err := part(); err != nil {
		return err.Error()
	}
	return b.String()
}

func TestParts(t *testing.T) {
	const mixed = "Content-Type: multipart/mixed; boundary=B\r\n"
	for _, c := range []struct{ name, in, want string }{
		{"one part", "From: a\r\nTo: b\r\n\r\none\r\ntwo\r\n", "From:a To:b body[one/two]"},
		{"folded", "Subject: a\r\n b\r\n\r\nx", "Subject:a_ b body[x]"},
		{"no field", "Subject: a\r\nno field here\r\nTo: b\r\n\r\nx", "Subject:a To:b stray:no field here body[x]"},
		{"blank line first", "\r\nSubject: a\r\n\r\nx", "Subject:a body[x]"},
		{"parts", mixed + "\r\n--B\r\n\r\none\r\n--B\r\nX: y\r\n\r\ntwo\r\n--B--\r\n", "Content-Type:multipart/mixed; boundary=B {body[one]X:y body[two]}"},
		{"text around", mixed + "\r\nbefore\r\n--B\r\n\r\none\r\n--B--\r\nbehind\r\n", "Content-Type:multipart/mixed; boundary=B {aside[before]body[one]aside[behind]}"},
		{"no blank line", mixed + "--B\r\n\r\none\r\n--B--\r\n", "Content-Type:multipart/mixed; boundary=B {body[one]}"},
		{"no blank line in a part", mixed + "\r\n--B\r\nX: y\r\n--B\r\n\r\ntwo\r\n--B--\r\n", "Content-Type:multipart/mixed; boundary=B {X:y body[two]}"},
		{"no boundary", "Content-Type: multipart/mixed\r\n\r\n--guess\r\n\r\none\r\n--guess--\r\n", "Content-Type:multipart/mixed {body[one]}"},
		{"no end", mixed + "\r\n--B\r\n\r\none\r\n", "Content-Type:multipart/mixed; boundary=B {body[one]}"},
		{"in each other", mixed + "\r\n--B\r\nContent-Type: multipart/x; boundary=C\r\n\r\n--C\r\n\r\nin\r\n--C--\r\nrest\r\n--B\r\n\r\nout\r\n--B--\r\n",
			"Content-Type:multipart/mixed; boundary=B {Content-Type:multipart/x; boundary=C {body[in]aside[rest]}body[out]}"},
		{"inner one without an end", mixed + "\r\n--B\r\nContent-Type: multipart/x; boundary=C\r\n\r\n--C\r\n\r\nin\r\n--B\r\n\r\nout\r\n--B--\r\n",
			"Content-Type:multipart/mixed; boundary=B {Content-Type:multipart/x; boundary=C {body[in]}body[out]}"},
	} {
		if got := outline(c.in, false); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.name, got, c.want)
		}
	}
	mbox := "From a Mon May 12 09:00:00 2025\r\nSubject: 1\r\n\r\nFrom me to you\r\n\r\nFrom b Mon May 12 09:05:00 2025\r\nSubject: 2\r\n\r\ntwo\r\n"
	if got := outline(mbox, true); got != "mail[Subject: 1//From me to you/]mail[Subject: 2//two]" {
		t.Errorf("mbox: %s", got)
	}
}

// A long line is part of a body in pieces, and no piece of it is a boundary.
func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", 64<<10) + "--B\r\n"
	in := "Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\n" + long + "--B--\r\n"
	if got := outline(in, false); !strings.HasSuffix(got, "x--B]}") || len(got) < 64<<10 {
		t.Errorf("%d bytes, end %q", len(got), got[max(0, len(got)-40):])
	}
	r := mailtext.NewReader(strings.NewReader("X: " + strings.Repeat("v", 3<<20) + "\r\n\r\nbody"))
	if h := r.Header(true); !h.Cut || len(h.Get("X")) > mailtext.HeaderMax {
		t.Errorf("%d bytes of a field, cut %v", len(h.Get("X")), h.Cut)
	}
	if b, err := io.ReadAll(r.Body()); err != nil || string(b) != "body" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestDecode(t *testing.T) {
	for _, c := range []struct{ encoding, in, want string }{
		{"7bit", "plain", "plain"},
		{"base64", "aGVs\r\nbG8=", "hello"},
		{"base64", "aGVsbG8=\r\nIHdvcmxk\r\n", "hello world"},
		{"base64", "aGVsbG8=IHdvcmxk", "hello world"},
		{"base64", "!aGVs*bG8", "hello"},
		{"base64", "aGVsbG_-", "hello\xBF\xBE"[:5] + "o\xFE"[1:]},
		{"quoted-printable", "a=3Db=\r\nc d \r\n=zz", "a=bc d\r\n=zz"},
		{"x-uuencode", "begin 644 a.txt\r\n%:&5L;&\\ \r\n`\r\nend\r\n", "hello"},
		{"x-uuencode", "Xbegin 644 a.txt\nX%:&5L;&\\\nX`\nXend\n", "hello"},
		{"x-uuencode", "begin-base64 644 a.txt\naGVsbG8=\n====\n", "hello"},
	} {
		r, err := mailtext.Decode(c.encoding, iotest.OneByteReader(strings.NewReader(c.in)))
		if err != nil {
			t.Errorf("%s: %v", c.encoding, err)
			continue
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != c.want {
			t.Errorf("%s of %q: %q, %v, want %q", c.encoding, c.in, got, err, c.want)
		}
	}
	if _, err := mailtext.Decode("x-yenc", nil); !errors.Is(err, scan.ErrUnsupported) {
		t.Errorf("an unknown encoding: %v", err)
	}
	for _, in := range []string{"no data\n", "begin 644 a.txt\n%:&5L;&\\\n"} {
		if _, err := io.ReadAll(mailtext.NewUU(strings.NewReader(in))); !errors.Is(err, scan.ErrMalformed) {
			t.Errorf("uuencode of %q: %v", in, err)
		}
	}
}

func TestEncoding(t *testing.T) {
	for in, want := range map[string]string{"BASE64": "base64", "base64 (attached)": "base64", "base64;": "base64", `"base64"`: "base64", "": ""} {
		if got := mailtext.Encoding(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestUnescape(t *testing.T) {
	for _, c := range []struct {
		mark     byte
		in, want string
		n        int
	}{
		{'%', "a=%E7%95%AA%zz%2", "a=番%zz%2", 3},
		{'=', "=E7=95=AA = 12", "番 = 12", 3},
		{'&', "&#30058;&#x756A;&amp;&#;", "番番&amp;&#;", 2},
		{'\\', `\u756a\ud842\udfb7\n`, `番𠮷\n`, 2},
		{'+', "+bA9UDQ,+V/p5Dl50kdF1alP3,1+1", "氏名,基礎年金番号,1+1", 2},
		{'+', "+81 3 1234", "+81 3 1234", 0},
	} {
		if got, n := mailtext.Unescape([]byte(c.in), c.mark); string(got) != c.want || n != c.n {
			t.Errorf("%s: %q and %d, want %q and %d", c.in, got, n, c.want, c.n)
		}
	}
}
