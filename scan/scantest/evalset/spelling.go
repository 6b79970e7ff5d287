package evalset

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/encoding/japanese"
)

// spellings are scenarios of numbers, of tables and of texts that are written in
// unusual ways, and their look-alikes.
func spellings() []scenario {
	return []scenario{
		{"区切り", pension, false, oddDelimiters},
		{"区切り類似", "delimited-slips", false, oddSlips},
		{"文字コード", pension, true, mixedEncodings},
		{"表記", pension, false, spelledNumbers},
		{"表記類似", "spelled-amounts", true, spelledAmounts},
		{"給与台帳", pension, false, ledgers},
		{"給与台帳類似", "ledgers", false, emptyLedgers},
		{"一桁枠", pension, true, shortBoxes},
		{"特別徴収", pension, false, withheld},
		{"言及のみ", "mentions", false, mentions},
	}
}

// oddDelimiters parts fields by what is no comma, or breaks lines in fields.
func oddDelimiters(d *draft) {
	cols := d.persons(true)
	style := d.IntN(5)
	sep := []string{"@", "\x1f", ",", ",", ";"}[style]
	var b strings.Builder
	line := func(cells []string) {
		for i := range cells {
			switch {
			case style == 2: // an address over lines, in quotes
				cells[i] = `"` + strings.ReplaceAll(cells[i], `"`, `""`) + `"`
			case style == 3:
				cells[i] = "'" + cells[i] + "'"
			default:
				cells[i] = strings.NewReplacer(sep, " ", "\n", " ", "\r", " ").Replace(cells[i])
			}
		}
		b.WriteString(strings.Join(cells, sep) + "\r\n")
	}
	head := []string{"住所"}
	for _, c := range cols {
		head = append(head, strings.NewReplacer("\n", "", "\r", "").Replace(c.head))
	}
	if style == 1 {
		head[0] = "備考"
	}
	line(head)
	for range max(drawSize(d), 4) {
		p := d.someone()
		where := p.Address
		if style == 2 {
			where = strings.Replace(where, "市", "市\n", 1)
		}
		if style == 1 {
			where = d.any("済", "未")
		}
		cells := []string{where}
		has := map[byte]bool{'a': style != 1}
		for _, c := range cols {
			v := c.value(p)
			cells = append(cells, v)
			has[c.role] = has[c.role] || v != ""
		}
		line(cells)
		d.record(p, has['k'], has['b'], has['a'])
	}
	d.text("csv", b.String())
}

func oddSlips(d *draft) {
	sep := d.any("@", "\x1f", "|", "^")
	var b strings.Builder
	b.WriteString(strings.Join([]string{d.word([]string{"伝票番号", "管理番号", "受付番号", "注文番号"}), "品名", "担当"}, sep) + "\r\n")
	for range max(drawSize(d), 4) {
		b.WriteString(strings.Join([]string{d.any(fmt.Sprint(d.ten()), fmt.Sprintf("%04d-%06d", d.between(1000, 9999), d.between(1, 999999))), d.any("用紙", "封筒"), kanjiOf(d, d.someone())}, sep) + "\r\n")
	}
	d.text("csv", b.String())
}

// mixedEncodings is joined from two programs, or has a byte that is none.
func mixedEncodings(d *draft) {
	number, name := numberColumn(d, drawNumberStyle(d, true)), nameColumn(d)
	number.head = d.word([]string{"基礎年金番号", "年金番号", "年金手帳番号", "被保険者の基礎年金番号"})
	rows := []string{number.head + ",氏名"}
	for range max(drawSize(d), 5) {
		p := d.someone()
		rows = append(rows, number.value(p)+","+kanjiOf(d, p))
		d.record(p, true, false, false)
	}
	_ = name
	list := strings.Join(rows, "\r\n") + "\r\n"
	sjis := func(s string) string {
		out, err := japanese.ShiftJIS.NewEncoder().String(s)
		if err != nil {
			return s
		}
		return out
	}
	switch d.IntN(4) {
	case 0:
		list = "caf\xe9,\r\n" + list
	case 1:
		list = sjis(strings.Repeat("備考,混在\r\n", 3)) + "\r\n" + list
	case 2:
		list = strings.Repeat("# line of a log\r\n", d.between(5, 150)) + sjis(list)
	default:
		list = strings.Repeat("備考,混在\r\n", 3) + "\r\n" + sjis(list)
	}
	d.text("csv", list)
}

// spelledNumbers writes numbers as programs of other countries and kinds do.
func spelledNumbers(d *draft) {
	d.book()
	style := d.IntN(5)
	cols := d.persons(true)
	cols[0].head = d.word([]string{"基礎年金番号", "年金番号", "kiso_nenkin_no", "年金手帳番号", "basic_pension_number", "基礎年金番号（10桁）"})
	cols[0].value = func(p *person) string {
		bare := p.Bare()
		switch style {
		case 0:
			v := p.LostZero()
			return v[:1] + "." + strings.TrimRight(v[1:len(v)-1], "") + v[len(v)-1:] + fmt.Sprintf("E%d", len(v)-1)
		case 1:
			return p.LostZero() + ".0"
		case 2:
			return bare[:4] + "\u00a0" + bare[4:]
		case 3:
			return bare[:2] + "\u200b" + bare[2:4] + "-" + bare[4:]
		}
		return p.LostZero() + ".00"
	}
	addTable(d, laidColumns(d, cols...), layout{rows: max(drawSize(d), 5), heads: true})
}

func spelledAmounts(d *draft) {
	style := d.IntN(4)
	d.list([]string{"契約金額", "残高", "取得価額", "総支給額", "売上高", "予算額"}, func(*person) string {
		v := fmt.Sprint(d.ten())
		switch style {
		case 0:
			return v[:1] + "." + v[1:] + "E9"
		case 1:
			return v + ".00"
		case 2:
			return v[:1] + "," + v[1:4] + "," + v[4:7] + "," + v[7:]
		}
		return v[:4] + " " + v[4:7] + " " + v[7:]
	})
}

// ledgerHeads are columns of payroll programs, of which one finds many in a row.
func ledgerHeads(n int) (heads []string) {
	names := []string{"区分", "手当", "支払形態", "支給日", "役職", "部門", "健保対象", "厚年対象", "税表区分", "扶養", "通勤", "振込先"}
	for i := range n {
		heads = append(heads, fmt.Sprintf("%s%d", names[i%len(names)], i/len(names)+1))
	}
	return heads
}

// ledgers are wide, with the number in two columns far to the right, and words in the
// rows that are headings elsewhere.
func ledgers(d *draft) {
	d.book()
	wide := d.between(40, 150)
	at := d.between(20, wide)
	parts := d.word2([][2]string{{"基礎年金番号１", "基礎年金番号２"}, {"基礎年金番号_上4桁", "基礎年金番号_下6桁"}, {"年金手帳記号", "年金手帳番号"}, {"基礎年金番号(課所)", "基礎年金番号(一連)"}})
	heads := append([]string{"社員番号", "社員氏名", "生年月日", "住所"}, ledgerHeads(wide)...)
	heads = slices.Insert(heads, 4+at, parts[0], parts[1])
	d.add(heads...)
	for range max(drawSize(d), 3) {
		p := d.someone()
		row := []string{p.Employee, kanjiOf(d, p), p.ISO(), p.Address}
		for range wide {
			row = append(row, d.any("", "銀行振込", "月給", "製造課", "対象", "1", "甲欄", "通勤"))
		}
		row = slices.Insert(row, 4+at, fmt.Sprintf("%04d", p.Number/1e6), fmt.Sprintf("%06d", p.Number%1e6))
		d.add(row...)
		d.record(p, true, true, true)
	}
}

func (d *draft) word2(from [][2]string) [2]string {
	n := 2 * d.IntN(len(from)/2)
	if d.held {
		n++
	}
	return from[n]
}

func emptyLedgers(d *draft) {
	d.book()
	wide := d.between(20, 100)
	d.add(append([]string{"社員番号", "社員氏名", "生年月日", "雇用保険被保険者番号１", "雇用保険被保険者番号２"}, ledgerHeads(wide)...)...)
	for range max(drawSize(d), 3) {
		p := d.someone()
		row := []string{p.Employee, kanjiOf(d, p), p.ISO(), fmt.Sprintf("%04d", d.between(1000, 9999)), fmt.Sprintf("%06d", d.between(1, 999999))}
		for range wide {
			row = append(row, d.any("", "銀行振込", "月給", "製造課", "対象", "1", "甲欄"))
		}
		d.add(row...)
	}
}

// shortBoxes has a digit in each of ten cells, beside a serial number, in few rows.
func shortBoxes(d *draft) {
	d.book()
	d.add("No.", d.word([]string{"基礎年金番号", "年金番号", "年金手帳番号", "基礎年金番号等"}), "", "", "", "", "", "", "", "", "", "氏名", "生年月日")
	for i := range d.between(3, 40) {
		p := d.someone()
		row := []string{fmt.Sprint(i + 1)}
		for _, c := range p.Bare() {
			row = append(row, string(c))
		}
		d.add(append(row, kanjiOf(d, p), p.ISO())...)
		d.record(p, true, true, false)
	}
}

// withheld is a file of fixed length for those of whom premiums are withheld.
func withheld(d *draft) {
	var b strings.Builder
	end := d.any("\r\n", "")
	pad := func(s string, n int) {
		out, err := japanese.ShiftJIS.NewEncoder().String(s)
		if err != nil {
			out = ""
		}
		if len(out) > n {
			out = ""
		}
		b.WriteString(out + strings.Repeat(" ", n-len(out)))
	}
	pad("11311500161020260401", 550)
	b.WriteString(end)
	for range d.between(3, 60) {
		p := d.someone()
		pad(fmt.Sprintf("21311500161 020260401%s%d   %s", p.Bare(), drawPensionCode(d), p.Birth.Format("20060102")), 46)
		pad(p.HalfKana(), 25)
		pad(p.Family+"　"+p.Given, 50)
		pad("1680071", 7)
		pad("東京都杉並区高井戸西3-5-24", 422)
		b.WriteString(end)
		d.record(p, true, true, true)
	}
	d.text("DAT", b.String())
}

// mentions has a sentence on the number above lines of other digits.
func mentions(d *draft) {
	d.kind = "text"
	d.add(d.word([]string{"基礎年金番号の取扱いについての記録。", "基礎年金番号は別紙参照。", "基礎年金番号に関する処理のオブジェクト番号を示す。", "年金番号の入力方法について。"}))
	for range d.between(10, 60) {
		d.addf("%010d %05d %s", d.ten(), 0, d.any("n", "f"))
	}
}
