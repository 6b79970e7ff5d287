package main

import (
	"fmt"
	"strings"
)

// formatWork is files whose reading could grow faster than they do.
func formatWork() []workCase {
	text := func(name string, content func(n int) string) func(int) (string, []byte) {
		return func(n int) (string, []byte) { return name, []byte(content(n)) }
	}
	return []workCase{
		{"number formats and cells", 400, text("a.slk", func(n int) string {
			return "ID;PWXL\n" + each(n, "P;P"+strings.Repeat("0", 100)+"%s\n") + each(n, "F;P1;X1;Y1\nC;X1;Y%s;K1\n") + "E\n"
		}), ""},
		{"parts of a mail", 100, text("a.eml", func(n int) string {
			return "From: a@example.jp\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
				each(n, "--b\r\nContent-Type: text/plain\r\n\r\n%s\r\n") + "--b--\r\n"
		}), ""},
		{"lines of a mail header", 400, text("a.eml", func(n int) string {
			return "From: a@example.jp\r\n" + each(n, "X-Line: %s\r\n") + "Subject: x\r\n\r\ntext\r\n"
		}), ""},
		{"members of a zip", 200, func(n int) (string, []byte) {
			parts := map[string]string{}
			for i := range n {
				parts[fmt.Sprintf("%06d.txt", i)] = "x"
			}
			return "a.zip", zipped(parts)
		}, ""},
		{"quotes over lines", 2000, text("a.csv", func(n int) string { return "a,b\n" + each(n, "\"%s,\n") }), ""},
		{"quotes within quotes", 2000, text("a.csv", func(n int) string { return "a,b\n" + strings.Repeat("\"\"", n) + "\n" }), ""},
		{"rows of html", 500, text("a.html", func(n int) string {
			return "<html><table>" + each(n, "<tr><td rowspan=9>%s</td><td>x</td></tr>") + "</table></html>"
		}), ""},
		{"spans beside spans", 500, text("a.html", func(n int) string {
			return "<html><table><tr>" + each(n, "<td rowspan=1000>%s</td>") + "</tr></table></html>"
		}), ""},
		{"groups of rtf", 2000, text("a.rtf", func(n int) string { return `{\rtf1` + each(n, `{\b %s}`) + "}" }), ""},
		{"paragraphs of a document", 500, text("a.fods", func(n int) string {
			return `<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet><table:table table:name="S">` +
				each(n, `<table:table-row><table:table-cell table:number-columns-repeated="3"><text:p>%s</text:p></table:table-cell></table:table-row>`) +
				`</table:table></office:spreadsheet></office:body></office:document>`
		}), ""},
		{"data in hexadecimal digits", 400, text("a.sql", func(n int) string {
			return "CREATE TABLE t (a int, b blob);\n" + each(n, "INSERT INTO t VALUES (%s, X'"+strings.Repeat("e59fbae7a48e2c", 12)+"');\n")
		}), ""},
		{"escapes of bytes", 500, text("a.txt", func(n int) string { return each(n, `a = "\xe5\x9f\xba\xe7\xa4\x8e %s"`+"\n") }), ""},
		{"a mail without its mark", 500, text("a.eml", func(n int) string {
			return "From: a@example.jp\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed\r\n\r\n" + each(n, "line %s\r\n")
		}), ""},
		{"one long line", 2000, text("a.txt", func(n int) string { return strings.Repeat("あ", 10*n) + "\n" }), ""},
	}
}
