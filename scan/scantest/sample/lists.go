package sample

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// A column of a list: its heading and what it says of a person.
type column struct {
	heading string
	value   func(*Person) string
}

// The columns of most lists.

func colNumber() column  { return column{"基礎年金番号", (*Person).Hyphen} }
func colBare() column    { return column{"基礎年金番号", (*Person).Bare} }
func colWide() column    { return column{"基礎年金番号", (*Person).Wide} }
func colName() column    { return column{"氏名", (*Person).Name} }
func colKana() column    { return column{"ｶﾅ氏名", (*Person).HalfKana} }
func colEra() column     { return column{"生年月日", (*Person).Era} }
func colShort() column   { return column{"生年月日", (*Person).ShortEra} }
func colISO() column     { return column{"生年月日", (*Person).ISO} }
func colPostal() column  { return column{"郵便番号", func(p *Person) string { return p.Postal }} }
func colAddress() column { return column{"住所", func(p *Person) string { return p.Address }} }
func colPhone() column   { return column{"電話番号", func(p *Person) string { return p.Phone }} }
func colStaff() column   { return column{"職員番号", func(p *Person) string { return p.Employee }} }

// grid lays people out below headings.
func grid(people []Person, columns ...column) [][]string {
	rows := make([][]string, 1, len(people)+1)
	for _, c := range columns {
		rows[0] = append(rows[0], c.heading)
	}
	for i := range people {
		var row []string
		for _, c := range columns {
			row = append(row, c.value(&people[i]))
		}
		rows = append(rows, row)
	}
	return rows
}

// separated writes rows as csv or tsv in an encoding.
func separated(rows [][]string, comma rune, e encoding.Encoding) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = comma, true
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return encode(b.String(), e)
}

func encode(s string, e encoding.Encoding) ([]byte, error) {
	if e == nil {
		return []byte(s), nil
	}
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		return nil, fmt.Errorf("encoding a text: %w", err)
	}
	return b, nil
}

// encodable are those of people whose names can be written in e.
func encodable(people []Person, e encoding.Encoding) []Person {
	var can []Person
	for _, p := range people {
		if _, err := encode(p.Name(), e); err == nil {
			can = append(can, p)
		}
	}
	return can
}

func utf16() encoding.Encoding { return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM) }

func csvCP932(p []Person, n int) (doc, error) {
	b, err := separated(grid(p, colNumber(), colName(), colKana(), colEra(), colPostal(), colAddress()), ',', japanese.ShiftJIS)
	return holding("csv-cp932", fmt.Sprintf("受給者名簿_%02d.csv", n), "csv", b, p, 4), err
}

func csvUTF8(p []Person, n int) (doc, error) {
	b, err := separated(grid(p, colStaff(), colNumber(), colName(), colISO()), ',', nil)
	return holding("csv-utf8", fmt.Sprintf("資格取得者一覧%d.csv", n), "csv", b, p, 3), err
}

func csvBOM(p []Person, n int) (doc, error) {
	c := column{"個人番号（基礎年金番号）", (*Person).Hyphen}
	b, err := separated(grid(p, colName(), c, colPhone()), ',', unicode.UTF8BOM)
	return holding("csv-utf8-bom", fmt.Sprintf("照会対象 %d.csv", n), "csv", b, p, 2), err
}

func tsvUTF16(p []Person, n int) (doc, error) {
	c := column{"年金番号", (*Person).Bare}
	b, err := separated(grid(p, c, colKana(), colShort()), '\t', utf16())
	return holding("tsv-utf16", fmt.Sprintf("出力データ%d.tsv", n), "csv", b, p, 3), err
}

func csvWide(p []Person, n int) (doc, error) {
	b, err := separated(grid(p, colName(), colWide()), ',', japanese.ShiftJIS)
	return holding("csv-full-width", fmt.Sprintf("連絡票（全角）%d.csv", n), "csv", b, p, 2), err
}

// csvLongAgo is a list whose headings are those of a core system.
func csvLongAgo(p []Person, n int) (doc, error) {
	c := column{"NKISO_NENKIN_NO", (*Person).Bare}
	b, err := separated(grid(p, c, column{"SHIMEI_KANA", (*Person).HalfKana}, column{"SEINENGAPPI", func(p *Person) string { return p.Birth.Format("20060102") }}), ',', japanese.ShiftJIS)
	return holding("csv-core-system", fmt.Sprintf("KDATA%03d.csv", n), "csv", b, p, 3), err
}

// reported is a file for reporting to the pension service. It has no headings.
func reported(p []Person, _ int) (doc, error) {
	var b strings.Builder
	b.WriteString("21,01,ｹｲﾄ,001,20140401,22223\r\n[kanri]\r\n,001\r\n21,01,ｹｲﾄ,00123,168,8505,ﾄｳｷﾖｳﾄｽｷﾞﾅﾐｸﾀｶｲﾄﾞﾆｼ,架空商事,架空　一,03-1111-2222\r\n[data]\r\n")
	for i := range p {
		_, year, code := era(p[i].Birth)
		items := make([]string, 34)
		copy(items, []string{"2200700", "21", "01", "ｹｲﾄ", fmt.Sprint(i + 1), p[i].HalfKana(), p[i].Name(), fmt.Sprint(code),
			fmt.Sprintf("%02d%02d%02d", year, p[i].Birth.Month(), p[i].Birth.Day()), "1", "1"})
		items[15], items[16] = fmt.Sprintf("%04d", p[i].Number/1e6), fmt.Sprintf("%06d", p[i].Number%1e6)
		items[18], items[19] = "9", "260401"
		b.WriteString(strings.Join(items, ",") + "\r\n")
	}
	data, err := encode(b.String(), japanese.ShiftJIS)
	return holding("csv-report-without-headings", "SHFD0006.CSV", "csv", data, p, 3), err
}

// lines is running text with a label before each number.
func lines(p []Person, e encoding.Encoding) ([]byte, error) {
	var b strings.Builder
	b.WriteString("相談記録（引継ぎ用）\r\n\r\n")
	for i := range p {
		fmt.Fprintf(&b, "・基礎年金番号 %s　氏名：%s　%s生 について回答済み。\r\n", p[i].Hyphen(), p[i].Family+p[i].Given, p[i].Era())
	}
	return encode(b.String(), e)
}

func textEUC(p []Person, n int) (doc, error) {
	p = encodable(p, japanese.EUCJP)
	b, err := lines(p, japanese.EUCJP)
	return holding("txt-euc-jp", fmt.Sprintf("相談記録%d.txt", n), "text", b, p, 3), err
}

func textJIS(p []Person, n int) (doc, error) {
	p = encodable(p, japanese.ISO2022JP)
	b, err := lines(p, japanese.ISO2022JP)
	return holding("txt-iso-2022-jp", fmt.Sprintf("メール控え%d.txt", n), "text", b, p, 3), err
}

func textUTF8(p []Person, n int) (doc, error) {
	b, err := lines(p, nil)
	return holding("txt-utf8", fmt.Sprintf("回答メモ %d.txt", n), "text", b, p, 3), err
}

// csvUnlabelled has ten bare digits and no heading: a person has to look.
func csvUnlabelled(p []Person, n int) (doc, error) {
	b, err := separated(grid(p, colName(), colBare(), colISO())[1:], ',', japanese.ShiftJIS)
	d := holding("csv-bare-without-headings", fmt.Sprintf("抽出結果%d.csv", n), "csv", b, p, 3)
	d.status = review
	return d, err
}

// textUnlabelled has numbers that no word explains.
func textUnlabelled(p []Person, n int) (doc, error) {
	var b strings.Builder
	p = p[:min(len(p), 8)]
	b.WriteString("要確認の方\n")
	for i := range p {
		fmt.Fprintf(&b, "%s %s %s\n", p[i].Hyphen(), p[i].Name(), p[i].ISO())
	}
	d := holding("txt-without-label", fmt.Sprintf("メモ%d.txt", n), "text", []byte(b.String()), p, 3)
	d.status = review
	return d, nil
}
