package detectors

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/width"

	"github.com/kagiban/kagiban/scan"
)

// TestNeverReported are texts that must not be taken for pension numbers, each
// as a line of text, and as a cell of a table.
func TestNeverReported(t *testing.T) {
	for _, text := range []string{
		"0120-818211", "03-5344-1120", "フリーダイヤル0120-818211", "電話 0120-818211", "ナビダイヤル 0570-051165", "TEL:0463-123456",
		"雇用保険 1234-567890-1", "1234-567890-1", "2401011230", "1404211234", "1700000000", "999000123456", "0001234567",
		"4901234567894", "123456789018", "T1234567890123", "2024-123456-7", "No.2024-123456-7", "1234-****90",
		"https://example.jp/2013-123456/index.html", "http://example.jp/?id=3134567890", "550e8400-e29b-41d4-a716-446655440000",
		"sha1 3134567890abcdef3134567890abcdef31345678", "file_3134-567890_v2.xlsx", "¥3,134,567,890", "3134567890円", "3134567890.50",
		"伝票番号 3134-567890", "注文番号: 3134567890", "社員番号 3134567890", "契約番号 4201-123456", "0000-000000", "1111-111111", "1234-567890",
	} {
		for _, rows := range [][]scan.Row{rows("", [][]string{{text}}), rows("", [][]string{{"区分", "値", "件名"}, {"あ", text, "い"}})} {
			got := examine(t, "a.csv", rows)
			if got.Findings.High.Records+got.Findings.Medium.Records != 0 {
				t.Errorf("%q in %d rows is reported: %+v", text, len(rows), got.Findings.Hits)
			}
		}
	}
}

// TestNoRawValue looks for the numbers of the input in all that comes out.
func TestNoRawValue(t *testing.T) {
	raw := regexp.MustCompile(`\d{10}|\d{4}-\d{6}|[０-９]{4}`)
	number := func(i int) string { return fmt.Sprintf("41%02d-%06d", i%90, i*7919%999983+1) }
	var lines [][]string
	// The numbers also stand where a heading, a title and a table's name are.
	lines = append(lines, []string{"基礎年金番号 " + number(1), "氏名"}, []string{"基礎年金番号（例：" + number(2) + "）", "氏名", "生年月日"})
	for i := range 50 {
		lines = append(lines, []string{number(i), "山田 太郎", "昭和30年1月2日", "備考：基礎年金番号 " + number(i+100)})
	}
	for _, table := range []string{"", "年金 " + number(3), width.Widen.String(number(4)) + strings.Repeat("長", 100)} {
		got := examine(t, "share/a.csv", rows(table, lines))
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if got.Findings.High.Records < 50 || len(got.Findings.Hits) == 0 {
			t.Fatalf("found only %d", got.Findings.High.Records)
		}
		if m := raw.Find(b); m != nil {
			t.Errorf("table %q: a raw value came out beside %d others", table, len(b))
		}
	}
}
