package sample

import (
	"bytes"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// A book is a workbook being written; the first error stays.
type book struct {
	*excelize.File
	err error
}

func newBook() *book { return &book{File: excelize.NewFile()} }

func (b *book) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

// put writes rows as text from a cell's row on.
func (b *book) put(sheet string, row int, rows [][]string) {
	for i, r := range rows {
		b.try(b.SetSheetRow(sheet, fmt.Sprintf("A%d", row+i), &r))
	}
}

func (b *book) sheet(name string) string {
	_, err := b.NewSheet(name)
	b.try(err)
	return name
}

// bytes ends the book. A password encrypts it.
func (b *book) bytes(password string) ([]byte, error) {
	defer b.Close()
	if b.err != nil {
		return nil, fmt.Errorf("workbook: %w", b.err)
	}
	var out bytes.Buffer
	if err := b.Write(&out, excelize.Options{Password: password}); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	return out.Bytes(), nil
}

func (b *book) doc(kind, name string, p []Person, items int) (doc, error) {
	data, err := b.bytes("")
	return holding(kind, name, "xlsx", data, p, items), err
}

func bookText(p []Person, n int) (doc, error) {
	b := newBook()
	b.put("Sheet1", 1, grid(p, colNumber(), colName(), colKana(), colEra(), colPostal(), colAddress(), colPhone()))
	return b.doc("xlsx-text", fmt.Sprintf("受給者名簿_%02d.xlsx", n), p, 4)
}

// bookFormatted holds numbers as numbers with a format that shows the hyphen
// and the leading zero.
func bookFormatted(p []Person, n int) (doc, error) {
	b := newBook()
	b.put("Sheet1", 1, grid(p, colStaff(), colNumber(), colName(), colISO()))
	format := "0000-000000"
	style, err := b.NewStyle(&excelize.Style{CustomNumFmt: &format})
	b.try(err)
	for i := range p {
		b.try(b.SetCellValue("Sheet1", fmt.Sprintf("B%d", i+2), p[i].Number))
	}
	b.try(b.SetCellStyle("Sheet1", "B2", fmt.Sprintf("B%d", len(p)+1), style))
	return b.doc("xlsx-number-format", fmt.Sprintf("算定基礎対象者%d.xlsx", n), p, 3)
}

func bookBare(p []Person, n int) (doc, error) {
	b := newBook()
	b.put("Sheet1", 1, grid(p, colName(), colShort(), colBare()))
	return b.doc("xlsx-bare", fmt.Sprintf("年金番号確認リスト%d.xlsx", n), p, 3)
}

// bookLostZeros holds numbers as numbers without a format: 01… has nine digits.
func bookLostZeros(p []Person, n int) (doc, error) {
	b := newBook()
	b.put("Sheet1", 1, grid(p, colBare(), colName(), colPhone()))
	for i := range p {
		b.try(b.SetCellValue("Sheet1", fmt.Sprintf("A%d", i+2), p[i].Number))
	}
	return b.doc("xlsx-lost-zeros", fmt.Sprintf("コピー ～ 加入者一覧%d.xlsx", n), p, 2)
}

// bookTwoColumns splits the number under a heading that is merged over both.
func bookTwoColumns(p []Person, n int) (doc, error) {
	b := newBook()
	b.put("Sheet1", 1, [][]string{{"氏名", "基礎年金番号", "", "生年月日"}, {"", "課所符号", "一連番号", ""}})
	b.try(b.MergeCell("Sheet1", "B1", "C1"))
	b.try(b.MergeCell("Sheet1", "A1", "A2"))
	b.try(b.MergeCell("Sheet1", "D1", "D2"))
	for i := range p {
		b.put("Sheet1", i+3, [][]string{{p[i].Name(), fmt.Sprintf("%04d", p[i].Number/1e6), fmt.Sprintf("%06d", p[i].Number%1e6), p[i].Era()}})
	}
	return b.doc("xlsx-two-columns", fmt.Sprintf("届書入力%d.xlsx", n), p, 3)
}

func bookTitled(p []Person, n int) (doc, error) {
	b := newBook()
	b.put("Sheet1", 1, [][]string{{"未統合記録　対象者一覧"}, {"", "", "", "作成：記録審査課"}, {"平成26年4月1日現在"}})
	b.try(b.MergeCell("Sheet1", "A1", "D1"))
	b.put("Sheet1", 5, grid(p, colName(), colISO(), colNumber(), colAddress()))
	return b.doc("xlsx-title-above", fmt.Sprintf("対象者一覧%d.xlsx", n), p, 4)
}

// bookHidden shows a harmless sheet and hides a list.
func bookHidden(p []Person, n int) (doc, error) {
	b := newBook()
	b.try(b.SetSheetName("Sheet1", "集計"))
	b.put("集計", 1, [][]string{{"区分", "件数"}, {"新規", fmt.Sprint(len(p))}, {"再", "0"}})
	hidden := b.sheet("元データ")
	b.put(hidden, 1, grid(p, colNumber(), colName()))
	b.put(b.sheet("メモ"), 1, [][]string{{"提出前に元データを消すこと"}})
	b.try(b.SetSheetVisible(hidden, false))
	return b.doc("xlsx-hidden-sheet", fmt.Sprintf("月次集計%d.xlsx", n), p, 2)
}

// bookRich splits the number over two runs of formatted text.
func bookRich(p []Person, n int) (doc, error) {
	b := newBook()
	b.put("Sheet1", 1, grid(p, colNumber(), colName(), colEra()))
	for i := range p {
		number := p[i].Hyphen()
		b.try(b.SetCellRichText("Sheet1", fmt.Sprintf("A%d", i+2), []excelize.RichTextRun{
			{Text: number[:4], Font: &excelize.Font{Bold: true}}, {Text: number[4:]},
		}))
	}
	return b.doc("xlsx-rich-text", fmt.Sprintf("要訂正者%d.xlsx", n), p, 3)
}

// bookInline has its texts in the cells and not in the shared table.
func bookInline(p []Person, n int) (doc, error) {
	b := newBook()
	w, err := b.NewStreamWriter("Sheet1")
	if err != nil {
		return doc{}, err
	}
	for i, row := range grid(p, colNumber(), colName(), colISO()) {
		cells := make([]any, len(row))
		for k, text := range row {
			cells[k] = text
		}
		b.try(w.SetRow(fmt.Sprintf("A%d", i+1), cells))
	}
	b.try(w.Flush())
	return b.doc("xlsx-inline-strings", fmt.Sprintf("システム出力%d.xlsx", n), p, 3)
}

// bookMacro is a workbook of the kind that may hold macros.
func bookMacro(p []Person, n int) (doc, error) {
	b := newBook()
	b.Path = "book.xlsm"
	b.put("Sheet1", 1, grid(p, colNumber(), colName(), colEra()))
	return b.doc("xlsm", fmt.Sprintf("入力補助ツール%d.xlsm", n), p, 3)
}

// bookSheetProtected opens for everybody; its owner may think otherwise.
func bookSheetProtected(p []Person, n int) (doc, error) {
	b := newBook()
	b.put("Sheet1", 1, grid(p, colNumber(), colName(), colISO(), colAddress()))
	b.try(b.ProtectSheet("Sheet1", &excelize.SheetProtectionOptions{Password: "nenkin", SelectLockedCells: true}))
	return b.doc("xlsx-sheet-protected", fmt.Sprintf("【保護】受給者リスト%d.xlsx", n), p, 4)
}

// bookDefaultPassword is encrypted with the password that Excel tries by
// itself, so that it opens without asking.
func bookDefaultPassword(p []Person, n int) (doc, error) {
	b := newBook()
	b.put("Sheet1", 1, grid(p, colNumber(), colName(), colEra()))
	data, err := b.bytes("VelvetSweatshop")
	d := holding("xlsx-default-password", fmt.Sprintf("構成保護つき名簿%d.xlsx", n), "xlsx", data, p, 3)
	d.salted = true
	return d, err
}

func bookEncrypted(p []Person, n int) (doc, error) {
	b := newBook()
	b.put("Sheet1", 1, grid(p, colNumber(), colName(), colEra(), colAddress()))
	data, err := b.bytes(fmt.Sprintf("Pw-%d-kagi", n))
	return doc{}.closed("xlsx-encrypted", fmt.Sprintf("受給者名簿（パスワード付）%d.xlsx", n), "xlsx", data), err
}

// bookClean holds nothing but a table of sums.
func bookClean(_ []Person, n int) (doc, error) {
	b := newBook()
	rows := [][]string{{"月", "受付件数", "処理件数", "残件"}}
	for m := 4; m < 16; m++ {
		rows = append(rows, []string{fmt.Sprintf("%d月", (m-1)%12+1), fmt.Sprint(1200 + m*n%97), fmt.Sprint(1100 + m*n%89), fmt.Sprint(m * 3)})
	}
	b.put("Sheet1", 1, rows)
	data, err := b.bytes("")
	return none("xlsx-clean", fmt.Sprintf("月別処理状況%d.xlsx", n), "xlsx", data), err
}
