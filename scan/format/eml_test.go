package format_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// mailOf is a message with a list attached; the variants change what is asked for.
func mailOf(change ...string) string {
	list := base64.StdEncoding.EncodeToString([]byte("name,number\r\nYamada,1234-567890\r\n"))
	return strings.NewReplacer(change...).Replace("From: a@example.jp\r\nTo: b@example.jp\r\nSubject: list\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=\"B\"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nhello\r\n" +
		"--B\r\nContent-Type: text/csv; name=\"list.csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + list + "\r\n--B--\r\n")
}

// TestMailAsItIs: messages that break the rules give out what is in them, and no
// problem, as the same without a list does.
func TestMailAsItIs(t *testing.T) {
	wide := "\xFF\xFE"
	for _, c := range []byte(mailOf()) {
		wide += string([]byte{c, 0})
	}
	for name, mail := range map[string]string{
		"as it should be":         mailOf(),
		"mbox":                    "From a@example.jp Mon May 12 09:00:00 2025\r\n" + mailOf(),
		"second of an mbox":       "From a@example.jp Mon May 12 09:00:00 2025\r\nFrom: x\r\nTo: y\r\n\r\nhi\r\n\r\nFrom b Mon May 12 09:05:00 2025\r\n" + mailOf(),
		"emlx":                    "612\r\n" + mailOf(),
		"Outlook's headers":       "Microsoft Mail Internet Headers Version 2.0\r\n" + mailOf(),
		"blank lines first":       "\r\n\r\n" + mailOf(),
		"UTF-16":                  wide,
		"LF only":                 strings.ReplaceAll(mailOf(), "\r\n", "\n"),
		"a line without a colon":  mailOf("Subject: list", "Subject: list\r\nof this month"),
		"long header":             mailOf("To: b@example.jp", strings.Repeat("Received: from mx.example.jp by mail.example.jp; Mon, 12 May 2025\r\n", 100)+"To: b@example.jp"),
		"no semicolon":            mailOf("mixed; boundary=", "mixed\r\n boundary="),
		"boundary twice":          mailOf("mixed; boundary=\"B\"", "mixed; boundary=\"A\"; boundary=\"B\""),
		"no boundary":             mailOf("mixed; boundary=\"B\"", "mixed", "--B", "--BOUNDARY"),
		"no blank line":           mailOf("\"B\"\r\n\r\n", "\"B\"\r\n"),
		"comment behind encoding": mailOf("base64\r\n", "base64 (MIME)\r\n"),
		"encoding with semicolon": mailOf("base64\r\n", "base64;\r\n"),
		"encoding in capitals":    mailOf("base64\r\n", "BASE64\r\n"),
		"no end":                  mailOf("--B--\r\n", ""),
		"part without type":       mailOf("Content-Type: text/csv; name=\"list.csv\"\r\n", ""),
		"behind the last part":    mailOf("--B--\r\n", "--B--\r\nname,number\r\nSato,1234-567890\r\n"),
		"before the first part":   mailOf("\"B\"\r\n\r\n", "\"B\"\r\n\r\nname,number\r\nSato,1234-567890\r\n"),
		"in a field":              mailOf("MIME-Version", "Comments: 1234-567890\r\nMIME-Version"),
		"entity alone":            mailOf("From: a@example.jp\r\nTo: b@example.jp\r\nSubject: list\r\nMIME-Version: 1.0\r\n", ""),
	} {
		got, err := scantest.Run(t, t.Context(), format.List(), scan.DefaultLimits(), &scantest.MemorySource{Files: map[string][]byte{"x": []byte(mail)}})
		if err != nil {
			t.Fatal(err)
		}
		x := got["x"]
		found := false
		for _, row := range x.Rows {
			for _, cell := range row.Cells {
				found = found || strings.Contains(cell.Text, "1234-567890")
			}
		}
		if item := x.Result.Items[0]; item.Format != "eml" || !found {
			t.Errorf("%s: format %q, found %v", name, item.Format, found)
		}
		for _, item := range x.Result.Items {
			if len(item.Problems) > 0 {
				t.Errorf("%s: %v: %v", name, item.Inner, item.Problems)
			}
		}
	}
	if got, err := scantest.Run(t, t.Context(), format.List(), scan.DefaultLimits(), &scantest.MemorySource{Files: map[string][]byte{"x": []byte(mailOf("base64\r\n", "x-unknown\r\n"))}}); err != nil || len(got["x"].Result.Items[0].Problems) != 1 {
		t.Errorf("an encoding that is not known: %v", got["x"].Result.Items[0].Problems)
	}
}
