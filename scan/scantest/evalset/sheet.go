package evalset

import (
	"fmt"
	"strings"
)

// A column of a table: its heading and what it says of a person. Its role is
// 'n' for the number, 'k' name, 'b' birth, 'a' address, 0 for the rest.
type column struct {
	head  string
	role  byte
	value func(*person) string
	blank int // percent of rows that leave it empty
}

func numberColumn(d *draft, s style) column {
	return column{head: d.word(numberHeads()), role: 'n', value: s.write}
}

func nameColumn(d *draft) column {
	head := d.word(nameHeads())
	value := func(p *person) string { return kanjiOf(d, p) }
	switch {
	case strings.ContainsAny(head, "ｦｧｨｩｪｫｬｭｮｯｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"):
		value = func(p *person) string { return p.HalfKana() }
	case strings.Contains(head, "カナ") || strings.Contains(head, "シメイ"):
		value = func(p *person) string { return p.FamilyKana + "　" + p.GivenKana }
	case head[0] < 0x80 && d.chance(40):
		value = func(p *person) string { return p.romaji }
	}
	return column{head: head, role: 'k', value: value}
}

func birthColumn(d *draft) column {
	return column{head: d.word(birthHeads()), role: 'b', value: drawBirthStyle(d)}
}

func addressColumn(d *draft) column {
	return column{head: d.word(addressHeads()), role: 'a', value: func(p *person) string { return drawAddress(d, p) }}
}

// otherColumns draws columns that stand in many lists and matter to no rule.
func otherColumns(d *draft, n int) []column {
	constant := func(head string, from ...string) column {
		return column{head: head, value: func(*person) string { return d.any(from...) }}
	}
	pool := []column{
		constant("備考", remarks()...), constant("区分", "A", "B", "新規", "再"), constant("続柄", "本人", "妻", "夫", "子"), constant("性別", "男", "女"),
		constant("担当者", "山本", "課長代理", "第二係 中島"), constant("処理状況", "済", "未", "保留", ""), constant("事業所名", "株式会社架空商事", "(有)見本製作所", "医療法人青空会"),
		{head: "電話番号", value: func(p *person) string { return p.Phone }},
		{head: "携帯", value: func(p *person) string { return fmt.Sprintf("090-%04d-%04d", p.Number%9999, p.Number/7%9999) }},
		{head: "標準報酬月額", value: func(p *person) string { return fmt.Sprint(98000 + p.Number%60*10000) }},
		{head: "年金額", value: func(p *person) string { return fmt.Sprintf("%d,%03d", p.Number%900+100, p.Number%1000) }},
		{head: "職員番号", value: func(p *person) string { return p.Employee }},
		{head: "雇用保険被保険者番号", value: func(p *person) string {
			return fmt.Sprintf("%04d-%06d-%d", p.Number%9000+1000, p.Number%999999, p.Number%10)
		}},
		{head: "資格取得年月日", value: func(p *person) string { return p.Birth.AddDate(22, 3, 1).Format("2006-01-02") }},
		{head: "口座番号", value: func(p *person) string { return fmt.Sprintf("%07d", p.Number%9999999) }},
		{head: "年齢", value: func(p *person) string { return fmt.Sprint(2014 - p.Birth.Year()) }},
		{head: "郡市区符号", value: func(p *person) string { return fmt.Sprintf("%02d", p.Number%47) }},
		{head: "整理番号", value: func(p *person) string { return fmt.Sprintf("%05d", p.Number%99999) }},
		{head: "受付日時", value: func(p *person) string {
			return p.Birth.AddDate(50, 0, 0).Format("20060102") + fmt.Sprintf("%02d%02d", p.Number%24, p.Number%60)
		}},
	}
	d.Shuffle(len(pool), func(i, k int) { pool[i], pool[k] = pool[k], pool[i] })
	return pool[:min(n, len(pool))]
}

// laidColumns gives the columns of a list in an order drawn by lot.
func laidColumns(d *draft, must ...column) []column {
	all := append(must, otherColumns(d, d.IntN(5))...)
	if d.chance(60) {
		d.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	}
	for i := range all {
		if all[i].role != 'n' && d.chance(20) {
			all[i].blank = d.between(2, 40)
		}
	}
	if d.chance(30) {
		serial := 0
		all = append([]column{{head: d.any("No", "No.", "連番", "項番", "#"), value: func(*person) string { serial++; return fmt.Sprint(serial) }}}, all...)
	}
	return all
}

// A layout says how a table is laid out, beyond its columns.
type layout struct {
	rows      int
	title     bool
	heads     bool
	repeat    bool // headings again on each page
	subtotals bool
	dirty     bool // blank rows, notes, values that are none
}

func drawLayout(d *draft) layout {
	return layout{rows: drawSize(d), title: d.chance(40), heads: true, repeat: d.chance(12), subtotals: d.chance(15), dirty: d.chance(50)}
}

// drawSize draws how long a list is: most are short, some long.
func drawSize(d *draft) int {
	switch d.IntN(6) {
	case 0:
		return d.between(1, 4)
	case 1, 2:
		return d.between(5, 15)
	case 3, 4:
		return d.between(16, 60)
	}
	return d.between(60, 150)
}

// addTable writes a table and notes its records.
func addTable(d *draft, cols []column, l layout) {
	if l.title {
		d.add(d.word(titles()))
		if d.chance(50) {
			d.add("", "", d.any("作成：記録審査課", "2014/4/1 現在", "部外秘"))
		}
		if d.chance(50) {
			d.add()
		}
	}
	heads := make([]string, len(cols))
	for i := range cols {
		heads[i] = cols[i].head
	}
	if l.heads {
		d.add(heads...)
	}
	for i := range l.rows {
		if l.dirty {
			addDirt(d, len(cols), i)
		}
		if i > 0 && i%25 == 0 && l.repeat {
			d.addf("%d ページ", i/25+1)
			d.add(heads...)
		}
		if i > 0 && i%10 == 0 && l.subtotals {
			addTotal(d, "小計", len(cols), 10)
		}
		addRow(d, cols)
	}
	if l.subtotals {
		addTotal(d, "合計", len(cols), l.rows)
	}
	if l.dirty && d.chance(60) {
		d.add(d.word(notes()))
	}
}

// addRow writes one person.
func addRow(d *draft, cols []column) {
	p := d.someone()
	cells := make([]string, len(cols))
	has := map[byte]bool{}
	for i, c := range cols {
		if d.chance(c.blank) {
			continue
		}
		cells[i] = c.value(p)
		has[c.role] = has[c.role] || strings.TrimSpace(cells[i]) != ""
	}
	d.add(cells...)
	if has['n'] {
		d.record(p, has['k'], has['b'], has['a'])
	}
}

func addDirt(d *draft, columns, row int) {
	switch d.IntN(30) {
	case 0:
		d.add()
	case 1:
		if row > 0 {
			d.add(append(make([]string, d.IntN(columns)), d.any("（以下 保留分）", "→ 次頁へ", "※確認中", "欠番"))...)
		}
	}
}

func addTotal(d *draft, word string, columns, n int) {
	cells := make([]string, columns)
	cells[0] = word
	cells[columns-1] = d.any(fmt.Sprintf("%d件", n), fmt.Sprintf("%d名", n), fmt.Sprint(n))
	d.add(cells...)
}
