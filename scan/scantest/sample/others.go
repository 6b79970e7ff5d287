package sample

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"time"

	"golang.org/x/text/encoding/japanese"

	"github.com/kagiban/kagiban/scan"
)

const verdictPartial = scan.VerdictPartial

// Lists that look alike and hold no pension number.

func phones(p []Person, n int) (doc, error) {
	b, err := separated(append(grid(p, colName(), colPhone(), column{"連絡先", func(p *Person) string { return fmt.Sprintf("0120-%06d", p.Number%1e6) }}),
		[]string{"お客様相談室", "03-5344-1120", "0120-818211"}), ',', japanese.ShiftJIS)
	return none("look-alike-phones", fmt.Sprintf("電話番号一覧%d.csv", n), "csv", b), err
}

func staff(p []Person, n int) (doc, error) {
	ten := column{"職員番号", func(p *Person) string { return "3100" + p.Employee }}
	b, err := separated(grid(p, ten, colName(), column{"所属", func(*Person) string { return "年金給付課" }}), ',', nil)
	return none("look-alike-staff", fmt.Sprintf("職員名簿%d.csv", n), "csv", b), err
}

func insured(p []Person, n int) (doc, error) {
	c := column{"雇用保険被保険者番号", func(p *Person) string { return fmt.Sprintf("%s-%d", p.Hyphen(), p.Number%10) }}
	b, err := separated(grid(p, c, colName(), colEra()), ',', japanese.ShiftJIS)
	return none("look-alike-employment-insurance", fmt.Sprintf("雇用保険台帳%d.csv", n), "csv", b), err
}

func care(p []Person, n int) (doc, error) {
	c := column{"介護保険被保険者番号", func(p *Person) string { return fmt.Sprintf("000%07d", p.Number%1e7) }}
	b, err := separated(grid(p, c, colName(), colISO(), colAddress()), ',', japanese.ShiftJIS)
	return none("look-alike-care-insurance", fmt.Sprintf("介護認定者%d.csv", n), "csv", b), err
}

func slips(_ []Person, n int) (doc, error) {
	rows := [][]string{{"番号", "品目", "数量", "金額"}}
	for i := range 60 {
		rows = append(rows, []string{fmt.Sprintf("5100-%06d", 123+n*100+i), pickAt(i, "コピー用紙", "封筒", "ボールペン", "付箋"), fmt.Sprint(i%9 + 1), fmt.Sprint(1000000000 + i*7919)})
	}
	b, err := separated(rows, ',', nil)
	return none("look-alike-slips", fmt.Sprintf("購入伝票%d.csv", n), "csv", b), err
}

func timestamps(_ []Person, n int) (doc, error) {
	rows := [][]string{{"created_at", "job", "状態", "受付日時"}}
	at := time.Date(2014, 4, 1+n%20, 8, 30, 0, 0, time.UTC)
	for i := range 80 {
		at = at.Add(time.Duration(i%13+1) * time.Minute)
		rows = append(rows, []string{fmt.Sprint(at.Unix()), fmt.Sprintf("JOB%04d", i), "正常", at.Format("0601021504")})
	}
	b, err := separated(rows, ',', nil)
	return none("look-alike-timestamps", fmt.Sprintf("ジョブ実行履歴%d.csv", n), "csv", b), err
}

func amounts(p []Person, n int) (doc, error) {
	b := newBook()
	rows := [][]string{{"科目", "予算額（円）", "残高"}}
	for i := range 20 {
		rows = append(rows, []string{pickAt(i, "給付費", "事務費", "システム費", "印刷費"), "", ""})
	}
	b.put("Sheet1", 1, rows)
	for i := range 20 {
		b.try(b.SetCellValue("Sheet1", fmt.Sprintf("B%d", i+2), 1_200_000_000+p[i%len(p)].Number%3_000_000_000))
		b.try(b.SetCellValue("Sheet1", fmt.Sprintf("C%d", i+2), p[i%len(p)].Number))
	}
	data, err := b.bytes("")
	return none("look-alike-amounts", fmt.Sprintf("予算執行状況%d.xlsx", n), "xlsx", data), err
}

// specimen is a form with numbers that are made up.
func specimen(_ []Person, n int) (doc, error) {
	b, err := separated([][]string{{"基礎年金番号", "氏名", "生年月日"}, {"0000-000000", "年金 太郎", "昭和30年1月1日"}, {"1234-567890", "年金 花子", "昭和31年1月1日"}, {"1234-****90", "伏字　例", ""}}, ',', japanese.ShiftJIS)
	return none("look-alike-specimen", fmt.Sprintf("記入例%d.csv", n), "csv", b), err
}

func press(_ []Person, n int) (doc, error) {
	text := "報道関係者各位\r\n\r\n個人情報の流出について\r\n\r\n基礎年金番号、氏名、生年月日及び住所の四情報を含む情報が流出したことが判明しました。\r\n" +
		"専用電話窓口（フリーダイヤル） 0120-818211\r\n受付時間 8:30～21:00（土日を含む）\r\n\r\nお問い合わせは 0120-818211 へお願いします。\r\n【照会先】広報室　電話（直通）03-5344-1120\r\nフリーダイヤル：0120-818211\r\n"
	b, err := encode(text, japanese.ShiftJIS)
	return none("look-alike-press-release", fmt.Sprintf("報道発表資料%d.txt", n), "text", b), err
}

// Files with nothing in them.

func memo(_ []Person, n int) (doc, error) {
	text := fmt.Sprintf("引継ぎメモ その%d\n\n・キャビネットの鍵は課長席。\n・毎月10日までに月報を提出すること。\n・会議室の予約は2週間前から。\n・プリンタの用紙は1階倉庫。\n", n)
	return none("memo", fmt.Sprintf("引継ぎメモ%d.txt", n), "text", []byte(text)), nil
}

func minutes(p []Person, n int) (doc, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "課内会議　議事録（第%d回）\r\n日時：平成26年%d月%d日 10:00～11:00\r\n場所：第2会議室\r\n出席：", n, n%12+1, n%28+1)
	for i := range min(6, len(p)) {
		fmt.Fprintf(&b, "%s、", p[i].Family)
	}
	b.WriteString("\r\n\r\n1. 共有フォルダの整理について\r\n　個人情報を含むファイルにはパスワードを設定する。業務終了後は速やかに削除する。\r\n2. 窓口の混雑状況\r\n　来訪者は前年比103.5%。\r\n")
	data, err := encode(b.String(), japanese.ShiftJIS)
	return none("minutes", fmt.Sprintf("議事録_第%d回.txt", n), "text", data), err
}

func empty(_ []Person, n int) (doc, error) {
	return none("empty", fmt.Sprintf("新規テキスト ドキュメント (%d).txt", n), "empty", nil), nil
}

// Files that are left out.

func skip(kind, name, format string, data []byte) doc {
	d := none(kind, name, format, data)
	d.status, d.verdict = skipped, scan.VerdictUnknown
	return d
}

func drawing(n int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 48, 32))
	for i := range m.Pix {
		m.Pix[i] = byte(i * (n + 3))
	}
	m.Set(1, 1, color.White)
	return m
}

func picturePNG(_ []Person, n int) (doc, error) {
	var b bytes.Buffer
	err := png.Encode(&b, drawing(n))
	return skip("picture-png", fmt.Sprintf("画面キャプチャ%d.png", n), "picture", b.Bytes()), err
}

func pictureJPEG(_ []Person, n int) (doc, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, drawing(n), nil)
	return skip("picture-jpeg", fmt.Sprintf("集合写真%d.jpg", n), "picture", b.Bytes()), err
}

func programPE(_ []Person, n int) (doc, error) {
	b := make([]byte, 1024)
	copy(b, "MZ\x90\x00\x03")
	b[0x3c] = 0x80
	copy(b[0x80:], "PE\x00\x00\x64\x86\x01\x00")
	copy(b[0x98:], "\x0b\x02")
	copy(b[0x4e:], "This program cannot be run in DOS mode.")
	return skip("program-pe", fmt.Sprintf("tool%d.exe", n), "program", b), nil
}

func programELF(_ []Person, n int) (doc, error) {
	b := make([]byte, 512)
	copy(b, "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00\x01\x00\x00\x00")
	return skip("program-elf", fmt.Sprintf("agent%d", n), "program", b), nil
}

// Files that cannot be examined.

func unread(kind, name, format string, data []byte) doc {
	d := none(kind, name, format, data)
	d.status, d.verdict = unchecked, scan.VerdictUnknown
	return d
}

func damagedBook(p []Person, n int) (doc, error) {
	d, err := bookText(p, n)
	return unread("damaged-xlsx", fmt.Sprintf("復元ファイル%d.xlsx", n), "xlsx", d.data[:len(d.data)*2/3]), err
}

func truncatedZip(p []Person, n int) (doc, error) {
	d, err := zipUTF8(p, n)
	return unread("truncated-zip", fmt.Sprintf("転送途中%d.zip", n), "zip", d.data[:len(d.data)/2]), err
}

func unknownSevenZip(_ []Person, n int) (doc, error) {
	return unread("broken-7z", fmt.Sprintf("バックアップ%d.7z", n), "7z", noise("7z\xbc\xaf\x27\x1c\x00\x04", n)), nil
}

func unknownPDF(_ []Person, n int) (doc, error) {
	return unread("broken-pdf", fmt.Sprintf("スキャン%d.pdf", n), "pdf", noise("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", n)), nil
}

// noise is bytes drawn by lot behind a beginning.
func noise(head string, n int) []byte {
	r := rand.New(rand.NewPCG(uint64(n), 7))
	b := []byte(head)
	for range 2000 {
		b = append(b, byte(r.Uint32()))
	}
	return b
}

func pickAt(i int, from ...string) string { return from[i%len(from)] }
