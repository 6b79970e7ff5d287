package main

import (
	"cmp"
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	aeszip "github.com/alexmullins/zip"
	"github.com/kagiban/kagiban/report"
	"github.com/xuri/excelize/v2"
)

// table are the people of an incident, by number. Several texts of one column
// stand on lines of their own.
func (l *recipients) table(lang string, row func([]string) error) error {
	head := []string{}
	for _, id := range []string{"col-number", "col-names", "col-births", "col-addresses", "col-rows", "col-remarks"} {
		head = append(head, report.Text(lang, "recipients."+id))
	}
	if err := row(head); err != nil {
		return err
	}
	people := slices.SortedFunc(maps.Values(l.found), func(a, b *recipient) int { return cmp.Compare(a.number, b.number) })
	for _, r := range people {
		var remarks []string
		for _, one := range []struct {
			is bool
			id string
		}{{r.interim, "interim"}, {r.review, "review"}, {len(r.names) > 1, "variants"}, {len(r.names) == 0, "unnamed"}} {
			if one.is {
				remarks = append(remarks, report.Text(lang, "recipients."+one.id))
			}
		}
		err := row([]string{r.number, strings.Join(r.names, "\n"), strings.Join(r.births, "\n"), strings.Join(r.addresses, "\n"), strconv.FormatInt(r.rows, 10), strings.Join(remarks, "\n")})
		if err != nil {
			return err
		}
	}
	return nil
}

// workbook writes a workbook that needs the password to open (AES-256). The
// library encrypts in memory.
func (l *recipients) workbook(to io.Writer, lang string, password []byte) (err error) {
	book := excelize.NewFile()
	defer book.Close()
	text, err := book.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}) // 49 is text
	if err != nil {
		return err
	}
	stream, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	if err := stream.SetColWidth(1, 6, 24); err != nil {
		return err
	}
	n := 0
	err = l.table(lang, func(cells []string) error {
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = excelize.Cell{StyleID: text, Value: c}
		}
		n++
		return stream.SetRow("A"+strconv.Itoa(n), values)
	})
	if err != nil {
		return err
	}
	if err := stream.Flush(); err != nil {
		return err
	}
	return book.Write(to, excelize.Options{Password: string(password)})
}

// archive writes a csv in a zip that is encrypted with AES-256. What a spreadsheet
// program would take for a formula has an apostrophe before it.
func (l *recipients) archive(to io.Writer, lang string, password []byte) error {
	z := aeszip.NewWriter(to)
	entry, err := z.Encrypt("kagiban-recipients.csv", string(password))
	if err != nil {
		return err
	}
	if _, err := io.WriteString(entry, "\uFEFF"); err != nil {
		return err
	}
	w := csv.NewWriter(entry)
	w.UseCRLF = true
	err = l.table(lang, func(cells []string) error {
		for i, c := range cells {
			if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
				cells[i] = "'" + c
			}
		}
		return w.Write(cells)
	})
	if err != nil {
		return err
	}
	if w.Flush(); w.Error() != nil {
		return w.Error()
	}
	return z.Close()
}
