package evalset

import (
	"encoding/json"
	"fmt"
	"strings"
)

// structures are scenarios of structured text, each way of writing with numbers and
// with what looks alike.
func structures() []scenario {
	var all []scenario
	for i, w := range []struct {
		name  string
		held  bool
		write func(*draft, records)
	}{
		{"JSON", false, writeJSON}, {"JSON行", true, writeJSONLines}, {"JSON列", false, writeJSONColumns}, {"JSON入れ子", false, writeJSONNested}, {"スクリプト", true, writeScript},
		{"XML", false, writeXML}, {"SQL", false, writeSQL}, {"SQLダンプ", true, writeDump}, {"YAML", false, writeYAML}, {"ラベル", false, writeLabels}, {"INI", true, writeINI},
		{"ログJSON", false, writeLog}, {"LDIF", true, writeLDIF}, {"vCard", false, writeCards}, {"SQL文", true, writeQueries}, {"一件のリスト", false, writeSingles},
	} {
		all = append(all,
			scenario{w.name, pension, w.held, func(d *draft) { w.write(d, holdingRecords(d)) }},
			scenario{w.name + "類似", []string{"structured-orders", "structured-equipment", "structured-staff"}[i%3], w.held, func(d *draft) { w.write(d, alikeRecords(d, i%3)) }},
		)
	}
	return all
}

// records are what a structured text says: keys, and a row of values for each.
type records struct {
	keys []string
	rows [][]string
}

// holdingRecords draws persons with their numbers.
func holdingRecords(d *draft) records {
	number := numberColumn(d, drawNumberStyle(d, true))
	number.head = d.word([]string{"基礎年金番号", "kiso_nenkin_no", "basic_pension_number", "年金番号", "basicPensionNumber", "kisonenkin_bango", "base_pension_num", "nenkin_no", "被保険者の基礎年金番号", "pension_number", "基礎年金番号（10桁）", "KISO_NENKIN_NO"})
	ascii := number.head[0] < 0x80
	name := nameColumn(d)
	birth := birthColumn(d)
	address := addressColumn(d)
	if ascii {
		name.head = d.word([]string{"name", "full_name", "kanji_name", "shimei", "display_name", "employee_name"})
		birth.head = d.word([]string{"birthday", "birth_date", "birthdate", "date_of_birth", "seinengappi", "birth"})
		address.head = d.word([]string{"address", "home_address", "jusho", "street_address"})
	}
	cols := []column{number, name}
	if d.chance(80) {
		cols = append(cols, birth)
	}
	if d.chance(60) {
		cols = append(cols, address)
	}
	d.Shuffle(len(cols), func(i, k int) { cols[i], cols[k] = cols[k], cols[i] })
	r := records{}
	for _, c := range cols {
		r.keys = append(r.keys, strings.NewReplacer("\n", "", "\r", "").Replace(c.head))
	}
	for range max(drawSize(d), 2) {
		p := d.someone()
		row := make([]string, len(cols))
		has := map[byte]bool{}
		for i, c := range cols {
			if c.role != 'n' && d.chance(5) {
				continue
			}
			row[i] = strings.TrimSpace(c.value(p))
			has[c.role] = row[i] != ""
		}
		r.rows = append(r.rows, row)
		if has['n'] {
			d.record(p, has['k'], has['b'], has['a'])
		}
	}
	return r
}

// alikeRecords draws orders, equipment or staff, whose numbers have the same shape.
func alikeRecords(d *draft, kind int) records {
	shape := func() string {
		return d.any(fmt.Sprintf("%04d-%06d", d.between(1000, 9999), d.between(1, 999999)), fmt.Sprint(d.ten()))
	}
	r := records{}
	switch kind {
	case 0:
		r.keys = []string{d.word([]string{"注文番号", "order_id", "受注No", "orderNumber", "伝票番号", "slip_no"}), d.word([]string{"氏名", "customer_name", "お届け先", "name"}), d.word([]string{"電話", "tel", "電話番号", "phone"}), d.word([]string{"金額", "amount", "合計", "total"})}
	case 1:
		r.keys = []string{d.word([]string{"製造番号", "serial", "シリアル番号", "serial_number", "資産管理番号", "asset_no"}), d.word([]string{"設置場所", "place", "設置先", "location"}), d.word([]string{"導入日", "installed", "点検日", "checked_at"})}
	default:
		r.keys = []string{d.word([]string{"社員番号", "employee_id", "職員コード", "staff_id"}), d.word([]string{"氏名", "name", "社員氏名", "full_name"}), d.word([]string{"生年月日", "birthday", "誕生日", "birth_date"}), d.word([]string{"雇用保険被保険者番号", "koyohoken_bango", "雇用保険番号", "koyo_hoken_no"})}
	}
	for range max(drawSize(d), 3) {
		p := d.someone()
		switch kind {
		case 0:
			r.rows = append(r.rows, []string{shape(), kanjiOf(d, p), fmt.Sprintf("0120-%06d", d.between(100000, 999999)), fmt.Sprint(d.between(100, 99999))})
		case 1:
			r.rows = append(r.rows, []string{shape(), d.any("1F 受付", "2F 執務室", "srv0", "倉庫"), d.moment().Format("2006-01-02")})
		default:
			r.rows = append(r.rows, []string{shape(), kanjiOf(d, p), p.ISO(), fmt.Sprintf("%04d-%06d-%d", p.Number%9000+1000, p.Number%999999, p.Number%10)})
		}
	}
	return r
}

// jsonObject writes a record as JSON, its keys in their order. Without a value a key is
// left out, or null.
func jsonObject(d *draft, keys, row []string, indent string) string {
	var parts []string
	gap := ""
	if indent != "" {
		gap = " "
	}
	for i, k := range keys {
		v := quoted(row[i])
		if row[i] == "" {
			if d.chance(50) {
				continue
			}
			v = "null"
		}
		parts = append(parts, indent+quoted(k)+":"+gap+v)
	}
	if indent == "" {
		return "{" + strings.Join(parts, ",") + "}"
	}
	return "{\n" + strings.Join(parts, ",\n") + "\n" + indent[2:] + "}"
}

// quoted is a text as JSON; ASCII alone now and then, as programs write it.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}

// escaped writes all but ASCII as escapes of JSON.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r > 0xFFFF:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func (d *draft) text(ext, text string) {
	d.kind, d.raw = ext, []byte(text)
}

func writeJSON(d *draft, r records) {
	var parts []string
	indent := d.any("", "    ")
	for _, row := range r.rows {
		parts = append(parts, jsonObject(d, r.keys, row, indent))
	}
	text := "[" + strings.Join(parts, ",") + "]"
	if indent != "" {
		text = "[\n  " + strings.Join(parts, ",\n  ") + "\n]\n"
	}
	if d.chance(40) {
		text = `{"total":` + fmt.Sprint(len(r.rows)) + `,"items":` + text + "}"
	}
	if d.chance(40) {
		text = escaped(text)
	}
	d.text("json", text)
}

func writeJSONLines(d *draft, r records) {
	var b strings.Builder
	for _, row := range r.rows {
		b.WriteString(jsonObject(d, r.keys, row, "") + "\n")
	}
	d.text(d.any("jsonl", "ndjson", "json"), b.String())
}

func writeJSONColumns(d *draft, r records) {
	if d.chance(50) {
		keys, _ := json.Marshal(r.keys)
		rows, _ := json.Marshal(r.rows)
		d.text("json", fmt.Sprintf(`{"columns":%s,"data":%s}`, keys, rows))
		return
	}
	table := append([][]string{r.keys}, r.rows...)
	rows, _ := json.Marshal(table)
	d.text("json", string(rows))
}

// writeJSONNested has part of each record in objects of its own, and records by key.
func writeJSONNested(d *draft, r records) {
	var parts []string
	half := len(r.keys) / 2
	for i, row := range r.rows {
		inner := jsonObject(d, r.keys[half:], row[half:], "")
		outer := strings.TrimSuffix(jsonObject(d, r.keys[:half], row[:half], ""), "}")
		if outer != "{" {
			outer += ","
		}
		parts = append(parts, fmt.Sprintf(`%s"%s":%s}`, outer, d.any("detail", "profile", "info"), inner))
		if d.held {
			parts[i] = fmt.Sprintf(`"emp_%d":%s`, i+1, jsonObject(d, r.keys, row, ""))
		}
	}
	if d.held {
		d.text("json", "{"+strings.Join(parts, ",\n")+"}")
		return
	}
	d.text("json", `{"data":[`+strings.Join(parts, ",")+`]}`)
}

func writeScript(d *draft, r records) {
	var parts []string
	for _, row := range r.rows {
		parts = append(parts, jsonObject(d, r.keys, row, ""))
	}
	list := "[" + strings.Join(parts, ",\n") + "]"
	if d.chance(50) {
		d.text("html", "<!DOCTYPE html><html><body><div id=t></div><script>var rows="+list+";draw(rows);</script></body></html>")
		return
	}
	d.text("js", d.any("const rows = ", "window.DATA = ", "export default ")+list+";\n")
}

func writeXML(d *draft, r records) {
	tag := func(k string) string {
		return strings.Map(func(c rune) rune {
			if strings.ContainsRune(" ()（）/＊*①②③.:：#№,", c) {
				return '_'
			}
			return c
		}, k)
	}
	text := strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;")
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<list>\n")
	style := d.IntN(3)
	for _, row := range r.rows {
		b.WriteString("  <row")
		if style == 0 {
			for i, k := range r.keys {
				if row[i] != "" {
					fmt.Fprintf(&b, " %s=\"%s\"", tag(k), text.Replace(row[i]))
				}
			}
			b.WriteString("/>\n")
			continue
		}
		b.WriteString(">")
		for i, k := range r.keys {
			switch {
			case row[i] == "":
			case style == 1:
				fmt.Fprintf(&b, "<%s>%s</%s>", tag(k), text.Replace(row[i]), tag(k))
			default:
				fmt.Fprintf(&b, "<field name=\"%s\">%s</field>", text.Replace(k), text.Replace(row[i]))
			}
		}
		b.WriteString("</row>\n")
	}
	d.text("xml", b.String()+"</list>\n")
}
