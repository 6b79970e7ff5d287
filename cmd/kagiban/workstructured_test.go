package main

import "strings"

// structuredWork are texts of records whose reader looks at what stands before.
func structuredWork() []workCase {
	text := func(name string, content func(n int) string) func(int) (string, []byte) {
		return func(n int) (string, []byte) { return name, []byte(content(n)) }
	}
	return []workCase{
		{"records of json", 1000, text("a.json", func(n int) string { return "[" + each(n, `{"no":"4123-56%s","name":"x","at":{"zip":1}},`) + "{}]" }), ""},
		{"keys of an object", 1000, text("a.json", func(n int) string { return "{" + each(n, `"k%s":"v",`) + `"z":1}` }), ""},
		{"objects in an object", 1000, text("a.json", func(n int) string { return `{"a":1,` + each(n, `"k%s":{"b":1},`) + `"z":1}` }), ""},
		{"empty objects", 1000, text("a.json", func(n int) string { return `{"a":1,` + each(n, `"k%s":{},`) + `"z":1}` }), ""},
		{"objects by key", 1000, text("a.json", func(n int) string { return "{" + each(n, `"k%s":{"b":1,"c":2},`) + `"z":{"b":1}}` }), ""},
		{"lists within lists", 2000, text("a.json", func(n int) string { return "[1," + strings.Repeat("[2,", n) + strings.Repeat("]", n) + "]" }), ""},
		{"values of a list", 2000, text("a.json", func(n int) string { return `{"a":[` + each(n, `"%s",`) + `"z"]}` }), ""},
		{"texts in texts", 500, text("a.json", func(n int) string { return "[" + each(n, `{"a":"{\"b\":\"%s\"}"},`) + "{}]" }), ""},
		{"lines of a log", 500, text("a.log", func(n int) string { return each(n, "[2024] INFO: update {\"a\":\"%s\"}\n") }), ""},
		{"elements of xml", 1000, text("a.xml", func(n int) string { return "<l>" + each(n, "<p><a>%s</a><b>x</b></p>") + "</l>" }), ""},
		{"elements within elements", 2000, text("a.xml", func(n int) string { return "<l>" + strings.Repeat("<p>x", n) + "</l>" }), ""},
		{"attributes of xml", 1000, text("a.xml", func(n int) string { return "<l><p " + each(n, "a%s='x' ") + "/></l>" }), ""},
		{"rows of sql", 1000, text("a.sql", func(n int) string { return "INSERT INTO t (a, b) VALUES ('x', 1)" + each(n, ", ('%s', 2)") + ";\n" }), ""},
		{"columns of sql", 500, text("a.sql", func(n int) string { return each(n, "INSERT INTO t (a%s) VALUES ('x');\n") }), ""},
		{"tables of sql", 500, text("a.sql", func(n int) string { return each(n, "INSERT INTO t%s (a) VALUES ('x');\n") }), ""},
		{"remarks in sql", 1000, text("a.sql", func(n int) string { return "INSERT INTO t (a) VALUES (\n" + each(n, "-- %s\n") + "1);\n" }), ""},
		{"items of yaml", 1000, text("a.yml", func(n int) string { return each(n, "- a: %s\n  b: x\n") }), ""},
		{"brackets of yaml", 1000, text("a.yml", func(n int) string { return "a:\n  b: {\n" + each(n, "    c%s: {\n") }), ""},
		{"quotes of yaml", 1000, text("a.yml", func(n int) string { return "a:\n  b: \"x\n" + each(n, "    c%s\n") }), ""},
		{"levels of yaml", 400, text("a.yml", func(n int) string {
			var b strings.Builder
			for i := range n {
				b.WriteString(strings.Repeat(" ", min(i, 200)) + "a:\n")
			}
			return b.String()
		}), ""},
		{"blocks of labels", 500, text("a.txt", func(n int) string { return each(n, "name: %s\nplace: x\n\n") }), ""},
		{"cards", 500, text("a.vcf", func(n int) string { return each(n, "BEGIN:VCARD\nFN:%s\nEND:VCARD\n") }), ""},
		{"entries of a directory", 500, text("a.ldif", func(n int) string { return each(n, "dn: uid=%s,dc=x\ncn: x\n\n") }), ""},
		{"formulas of a row", 500, func(n int) (string, []byte) {
			return "a.xlsx", workbookOf("<row>" + each(n, `<c><f>A1&amp;"-"&amp;"%s"</f></c>`) + "</row>")
		}, ""},
		{"lines in several encodings", 500, text("a.txt", func(n int) string { return each(n, "\x8e\x81\x96\xbc %s\n氏名 x\n") }), ""},
		{"headings aligned by blanks", 500, text("a.txt", func(n int) string { return each(n, "氏名  住所\n4123-56%s x\n") }), ""},
	}
}

// workbookOf is a workbook with the rows of one sheet.
func workbookOf(rows string) []byte {
	return zipped(map[string]string{
		"[Content_Types].xml":      `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"xl/workbook.xml":          `<workbook><sheets><sheet name="S"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml": "<worksheet><sheetData>" + rows + "</sheetData></worksheet>",
	})
}
