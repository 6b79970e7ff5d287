package evalset

import (
	"fmt"
	"slices"
	"strings"
)

// scenarios are all situations: what holds numbers first, then what looks
// alike. The second kind has more.
func scenarios() []scenario {
	hold := []scenario{
		{"名簿", pension, false, roster},
		{"数値列", pension, false, numericRoster},
		{"別欄", pension, false, twoColumns},
		{"二段見出し", pension, false, twoHeadings},
		{"個票", pension, false, personForms},
		{"方眼紙", pension, true, boxes},
		{"年金証書", pension, false, certificates},
		{"届書CSV", pension, false, reportingFile},
		{"相談記録", pension, false, consultations},
		{"メール", pension, true, mails},
		{"備考欄", pension, false, remarkColumn},
		{"見出しなし", pension, false, headless},
		{"システム出力", pension, true, systemExport},
		{"複数の表", pension, false, severalTables},
		{"家族", pension, true, couples},
		{"ファイル名", pension, false, inNames},
		{"混在列", pension, false, mixedColumn},
		{"横持ち", pension, true, transposed},
		{"題名のみ", pension, false, titled},
		{"誤記", pension, true, mistyped},
		{"横並び", pension, false, sideBySide},
		{"前書き", pension, true, prefaced},
		{"未記入", pension, false, placeholders},
		{"結合枠", pension, false, wideBoxes},
		{"装飾", pension, true, decorated},
		{"改行", pension, false, broken},
		{"会話", pension, true, chat},
		{"所属別", pension, false, grouped},
		{"長い表", pension, false, long},
	}
	return slices.Concat(hold, alikes(), structures(), spellings())
}

func (d *draft) book() {
	d.kind = d.any("csv", "xlsx", "xlsx")
	d.sheet(d.any("Sheet1", "一覧", "4月", "データ", "0123"))
}

func (d *draft) persons(labelled bool) []column {
	cols := []column{numberColumn(d, drawNumberStyle(d, labelled))}
	if d.chance(85) {
		cols = append(cols, nameColumn(d))
	}
	if d.chance(65) {
		cols = append(cols, birthColumn(d))
	}
	if d.chance(40) {
		cols = append(cols, addressColumn(d))
	}
	return cols
}

func roster(d *draft) {
	d.book()
	if d.chance(40) {
		d.name = d.word(pensionFileNames())
	}
	addTable(d, laidColumns(d, d.persons(true)...), drawLayout(d))
}

// numericRoster has lost the zeros of some numbers, or holds them in full but
// with a power of ten.
func numericRoster(d *draft) {
	d.book()
	s := style{write: func(p *person) string { return p.LostZero() }, numeric: true}
	if d.chance(15) {
		s.write = func(p *person) string {
			digits := p.LostZero()
			return digits[:1] + "." + digits[1:] + fmt.Sprintf("E+%02d", len(digits)-1)
		}
	}
	cols := d.persons(true)
	cols[0] = numberColumn(d, s)
	addTable(d, laidColumns(d, cols...), drawLayout(d))
}

func twoColumns(d *draft) {
	d.book()
	heads := [][2]string{
		{"課所符号", "一連番号"}, {"年金手帳の基礎年金番号x課所符号", "年金手帳の基礎年金番号x一連番号"}, {"課所符号（年番）", "一連番号（年番）"}, {"基礎年金番号（前4桁）", "基礎年金番号（後6桁）"},
		{"基礎年金番号1", "基礎年金番号2"}, {"年金番号_課所", "年金番号_一連"}, {"課所", "一連番号"}, {"基礎年金番号上4桁", "基礎年金番号下6桁"}, {"KASHO_FUGO", "ICHIREN_BANGO"}, {"基礎年金番号", ""},
		{"年金記号", "年金番号"}, {"基礎年金番号(記号)", "基礎年金番号(番号)"},
	}
	n := 2 * d.IntN(len(heads)/2)
	if d.held {
		n++
	}
	lost := d.chance(40)
	part := func(v uint64, width int) string {
		if lost {
			return fmt.Sprint(v)
		}
		return fmt.Sprintf("%0*d", width, v)
	}
	cols := d.persons(true)
	pair := column{head: "\x00", role: 'n', value: func(p *person) string { return p.Bare() }}
	cols[0] = pair
	laid := laidColumns(d, cols...)
	l := drawLayout(d)
	l.repeat, l.subtotals, l.title = false, false, false
	heading := []string{}
	for _, c := range laid {
		if c.head == "\x00" {
			heading = append(heading, heads[n][0], heads[n][1])
		} else {
			heading = append(heading, c.head)
		}
	}
	d.add(heading...)
	for range l.rows {
		p := d.someone()
		var cells []string
		has := map[byte]bool{}
		for _, c := range laid {
			if c.head == "\x00" {
				cells = append(cells, part(p.Number/1e6, 4), part(p.Number%1e6, 6))
				has['n'] = true
				continue
			}
			text := c.value(p)
			if d.chance(c.blank) {
				text = ""
			}
			cells = append(cells, text)
			has[c.role] = has[c.role] || text != ""
		}
		d.add(cells...)
		d.record(p, has['k'], has['b'], has['a'])
	}
}

// twoHeadings has a heading over several columns, merged in workbooks.
func twoHeadings(d *draft) {
	d.book()
	if d.chance(50) {
		d.add(d.word(titles()))
		d.add()
	}
	at := len(d.sheets[0].rows) + 1
	if d.chance(50) {
		upper := d.any("被保険者", "対象者", "本人情報", "受給権者")
		d.add("No", upper, "", "", d.any("年金", "公的年金", "記録"), "")
		d.add("", d.word([]string{"氏名", "フリガナ", "漢字", "名前"}), d.word(birthHeads()), d.any("性別", "続柄"), d.word([]string{"基礎年金番号", "番号", "記号番号", "基礎年金番号等"}), d.any("種別", "年金コード", "区分"))
		if d.kind == "xlsx" {
			d.sheets[0].merged = append(d.sheets[0].merged, fmt.Sprintf("B%d:D%d", at, at), fmt.Sprintf("E%d:F%d", at, at))
		}
		birth := drawBirthStyle(d)
		for i := range drawSize(d) {
			p := d.someone()
			d.add(fmt.Sprint(i+1), kanjiOf(d, p), birth(p), d.any("男", "女"), p.Hyphen(), d.any("1150", "厚年", "1"))
			d.record(p, true, true, false)
		}
		return
	}
	d.add(d.word(nameHeads()), d.word(numberHeads()), "", d.word(birthHeads()))
	d.add("", d.word([]string{"課所符号", "記号", "課所", "前4桁", "上４桁", "課所符号(4桁)"}), d.word([]string{"一連番号", "番号", "一連", "後6桁", "下６桁", "一連番号(6桁)"}), "")
	if d.kind == "xlsx" {
		d.sheets[0].merged = append(d.sheets[0].merged, fmt.Sprintf("B%d:C%d", at, at), fmt.Sprintf("A%d:A%d", at, at+1), fmt.Sprintf("D%d:D%d", at, at+1))
	}
	birth := drawBirthStyle(d)
	for range drawSize(d) {
		p := d.someone()
		d.add(kanjiOf(d, p), fmt.Sprintf("%04d", p.Number/1e6), fmt.Sprintf("%06d", p.Number%1e6), birth(p))
		d.record(p, true, true, false)
	}
}

func certificates(d *draft) {
	d.book()
	write := func(p *person) string { return fmt.Sprintf("%s-%d", p.Hyphen(), drawPensionCode(d)) }
	switch d.IntN(4) {
	case 0:
		write = func(p *person) string { return fmt.Sprintf("%s%d", p.Bare(), drawPensionCode(d)) }
	case 1:
		write = func(p *person) string { return fmt.Sprintf("%s－%d", p.Wide(), drawPensionCode(d)) }
	case 2:
		write = func(p *person) string {
			return fmt.Sprintf("%04d %06d %d", p.Number/1e6, p.Number%1e6, drawPensionCode(d))
		}
	}
	cols := d.persons(true)
	cols[0] = column{head: d.word([]string{"年金証書番号", "年金証書番号（14桁）", "証書番号", "年金証書記号番号", "基礎年金番号・年金コード", "基礎年金番号－年金コード"}), role: 'n', value: write}
	addTable(d, laidColumns(d, cols...), drawLayout(d))
}

// systemExport has the headings of programs.
func systemExport(d *draft) {
	d.kind = "csv"
	heads := [][]string{
		{"SEQ", "NKISO_NENKIN_NO", "SHIMEI_KANA", "SEINENGAPPI", "SEIBETSU"}, {"id", "basic_pension_number", "name", "birthday", "updated_at"},
		{"RECNO", "KISO_NENKIN_BANGO", "KJ_SHIMEI", "UMARE_YMD", "KBN"}, {"no", "kisoNenkinNo", "kanaName", "birthDate", "status"},
		{"ROW_ID", "ｷｿﾈﾝｷﾝﾊﾞﾝｺﾞｳ", "ｶﾅｼﾒｲ", "ｾｲﾈﾝｶﾞｯﾋﾟ", "ｸﾌﾞﾝ"}, {"key", "nenkin_bango", "shimei", "seinengappi", "flg"}, {"#", "PENSION NO", "NAME", "D.O.B.", "SEX"},
	}
	h := heads[d.IntN(len(heads))]
	d.add(h...)
	bare := d.chance(60)
	for i := range drawSize(d) {
		p := d.someone()
		number := p.Hyphen()
		if bare {
			number = p.Bare()
		}
		name := p.HalfKana()
		if h[2] == "KJ_SHIMEI" || h[2] == "name" {
			name = kanjiOf(d, p)
		}
		d.add(fmt.Sprint(i+1), number, name, p.Birth.Format("20060102"), d.any("1", "2"))
		d.record(p, true, true, false)
	}
}

// headless is a list whose first row is a person already.
func headless(d *draft) {
	d.kind = "csv"
	bare := d.chance(35)
	birth := drawBirthStyle(d)
	rows := d.between(6, 80)
	address := d.chance(40)
	for i := range rows {
		p := d.someone()
		number := p.Hyphen()
		if bare {
			number = p.Bare()
		}
		cells := []string{fmt.Sprint(i + 1), number, kanjiOf(d, p), birth(p)}
		if address {
			cells = append(cells, p.Address)
		}
		d.add(cells...)
		d.record(p, true, true, address)
	}
	d.truth.Unsure = bare
	if d.chance(50) {
		d.name = d.word(pensionFileNames())
	}
}

func couples(d *draft) {
	d.book()
	d.add(d.any("世帯No", "番号", "No"), "本人氏名", d.any("本人 基礎年金番号", "基礎年金番号（本人）", "被保険者基礎年金番号"), "配偶者氏名", d.any("配偶者 基礎年金番号", "基礎年金番号（配偶者）", "被扶養配偶者の基礎年金番号"), "備考")
	for i := range drawSize(d) {
		p, q := d.someone(), d.someone()
		for q == p {
			q = d.someone()
		}
		if d.chance(25) {
			d.add(fmt.Sprint(i+1), kanjiOf(d, p), p.Hyphen(), "", "", d.any(remarks()...))
			d.record(p, true, false, false)
			continue
		}
		d.add(fmt.Sprint(i+1), kanjiOf(d, p), p.Hyphen(), kanjiOf(d, q), q.Hyphen(), d.any(remarks()...))
		d.record(p, true, false, false)
		d.record(q, true, false, false)
	}
}

// mixedColumn has a column of numbers in which other things stand too.
func mixedColumn(d *draft) {
	d.book()
	c := numberColumn(d, style{write: func(p *person) string { return p.Hyphen() }})
	d.add("No", c.head, "氏名", d.any("結果", "備考", "連絡先"))
	for i := range drawSize(d) {
		p := d.someone()
		number, holds := p.Hyphen(), true
		switch d.IntN(6) {
		case 0:
			number, holds = d.any("不明", "調査中", "なし", "－", "未加入", "", "?", "照会中（4/1）", "同上"), false
		case 1:
			number = p.Bare()
		case 2:
			number = p.Wide()
		case 3:
			if d.chance(30) {
				number, holds = p.Hyphen()[:9], false
			}
		}
		last := d.any("OK", "", "再確認", p.Phone, "0120-818211")
		d.add(fmt.Sprint(i+1), number, kanjiOf(d, p), last)
		if holds {
			d.record(p, true, false, false)
		}
	}
	if d.truth.Records == 0 {
		p := d.someone()
		d.add("1", p.Hyphen(), kanjiOf(d, p), "")
		d.record(p, true, false, false)
	}
}

// transposed has one person a column and headings at the left.
func transposed(d *draft) {
	d.book()
	n := d.between(1, 8)
	lines := make([][]string, 4)
	lines[0] = []string{d.any("項目", "", "区分")}
	lines[1] = []string{d.any("基礎年金番号", "年金番号", "基礎年金番号（本人）")}
	lines[2] = []string{d.any("氏名", "お名前", "漢字氏名")}
	lines[3] = []string{"生年月日"}
	for i := range n {
		p := d.someone()
		lines[0] = append(lines[0], fmt.Sprintf("%d人目", i+1))
		lines[1] = append(lines[1], p.Hyphen())
		lines[2] = append(lines[2], kanjiOf(d, p))
		lines[3] = append(lines[3], p.Era())
		d.record(p, true, true, false)
	}
	for _, l := range lines {
		d.add(l...)
	}
}

// remarkColumn has numbers among the words of a column of notes.
func remarkColumn(d *draft) {
	d.book()
	d.add("受付日", "氏名", d.any("相談内容", "備考", "対応履歴", "メモ"), "対応者")
	for i := range drawSize(d) {
		p := d.someone()
		text := d.any("窓口で制度説明。", "折返し連絡希望。TEL "+p.Phone, "パンフレット送付 0120-818211 を案内", "再来所予定")
		holds := i == 0 || d.chance(60)
		if holds {
			text = fmt.Sprintf(d.any("基礎年金番号 %s について照会", "年金番号：%s の記録訂正。", "手帳の番号は%s（基礎年金番号）とのこと", "%s（基礎年金番号）を確認、回答済み", "国年 基礎年金番号%s、納付済期間を説明"), p.Hyphen())
		}
		d.add(fmt.Sprintf("4/%d", i%30+1), kanjiOf(d, p), text, d.any("鈴木", "佐々木", "係長"))
		if holds {
			d.record(p, true, false, false)
		}
	}
}

// severalTables has two or three tables on a sheet, and other sheets beside.
func severalTables(d *draft) {
	d.book()
	if d.chance(40) {
		d.add("月別件数")
		d.add("月", "件数", "前年比")
		for m := range 4 {
			d.add(fmt.Sprintf("%d月", m+4), fmt.Sprint(d.between(100, 999)), "102.3%")
		}
		d.add()
	}
	for i := range d.between(2, 3) {
		if i > 0 {
			d.add()
			if d.chance(50) {
				d.add(d.word([]string{"■ 追加分", "【第２グループ】", "別表", "（２）年金事務所 回付分"}))
			}
		}
		l := layout{rows: d.between(3, 30), heads: true}
		addTable(d, laidColumns(d, d.persons(true)...), l)
	}
	if d.kind == "xlsx" && d.chance(50) {
		d.sheet(d.any("電話帳", "連絡先", "Sheet2"))
		d.add("部署", "電話番号", "フリーダイヤル")
		for range 10 {
			d.add(strings.Repeat(d.any("総務課", "業務課", "給付課"), 1), d.someone().Phone, fmt.Sprintf("0120-%06d", d.between(100000, 999999)))
		}
	}
}
