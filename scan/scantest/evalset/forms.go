package evalset

import (
	"fmt"
	"strings"

	"golang.org/x/text/width"
)

// personForms are about one person: labels left of their values, or above.
func personForms(d *draft) {
	d.kind = d.any("xlsx", "xlsx", "csv")
	for i := range d.between(1, 4) {
		if i == 0 {
			d.sheet(fmt.Sprintf("個票%d", i+1))
		} else if d.kind == "xlsx" {
			d.sheet(fmt.Sprintf("個票%d", i+1))
		} else {
			d.add()
		}
		d.form(d.someone())
	}
}

func (d *draft) form(p *person) {
	number := d.any(p.Hyphen(), p.Bare(), p.Wide(), p.Hyphen())
	head, name, birth := d.word(numberHeads()), d.word([]string{"氏名", "フリガナ", "お名前", "氏　名"}), d.word([]string{"生年月日", "生 年 月 日"})
	d.add("", d.any("年金相談票", "記録照会票", "届出書（控）", "申立書", "個人別調査票"))
	d.add()
	switch d.IntN(3) {
	case 0: // left
		d.add(head, "", number)
		d.add(name, "", kanjiOf(d, p))
		d.add(birth, "", p.Era())
		d.add("電話番号", "", p.Phone)
		d.record(p, true, true, false)
	case 1: // left, two pairs in a row
		d.add(head, number, d.any("受付番号", "整理番号"), fmt.Sprint(d.between(100, 9999)))
		d.add(name, kanjiOf(d, p), birth, p.Era())
		d.add(d.word([]string{"住所", "現住所"}), p.Address)
		d.add("連絡先", "0120-818211")
		d.record(p, true, true, true)
	default: // above
		d.add(head, name, birth)
		d.add(number, kanjiOf(d, p), p.Era())
		d.add()
		d.add("相談内容")
		d.add("加入期間について。回答済み。")
		d.record(p, true, true, false)
	}
	d.add("", "", "担当", d.any("田村", "第一係"))
}

// boxes is form paper with one digit to a cell.
func boxes(d *draft) {
	d.kind = d.any("xlsx", "csv")
	d.sheet("様式")
	people := d.between(1, 6)
	above := d.chance(40)
	d.add(d.any("被保険者資格取得届", "国民年金関係届書", "年金請求書", "氏名変更届"))
	d.add()
	if above {
		d.add(d.word([]string{"氏名", "被保険者氏名"}), d.word([]string{"基礎年金番号", "個人番号（又は基礎年金番号）", "⑤基礎年金番号"}))
	}
	for range people {
		p := d.someone()
		digits := strings.Split(p.Bare(), "")
		if d.chance(30) {
			digits = append(append(append([]string{}, digits[:4]...), d.any("-", "－", "ー")), digits[4:]...)
		}
		if d.chance(20) {
			for i := range digits {
				digits[i] = width.Widen.String(digits[i])
			}
		}
		if above {
			d.add(append([]string{kanjiOf(d, p)}, digits...)...)
		} else {
			d.add(append([]string{d.word([]string{"基礎年金番号", "年金番号", "基礎年金番号：", "個人番号（基礎年金番号）"}), ""}[:d.between(1, 2)], digits...)...)
			d.add("氏名", kanjiOf(d, p))
			d.add("生年月日", p.Era())
			d.add()
		}
		d.record(p, true, !above, false)
	}
}

// reportingFile is a file for the pension service: no headings, no quotes.
func reportingFile(d *draft) {
	d.kind, d.name = "csv", d.any("SHFD0006.CSV", "SHFD0006.CSV", "届書データ.csv", "shfd0006_控.txt")
	d.add("21", "01", "ｹｲﾄ", "001", "20170401", "22223")
	d.add("[kanri]")
	d.add("", "001")
	d.add("21", "01", "ｹｲﾄ", "00123", "168", "8505", "ﾄｳｷﾖｳﾄｽｷﾞﾅﾐｸﾀｶｲﾄﾞﾆｼ", "架空商事", "架空　一", "03-1111-2222")
	d.add("[data]")
	forms := []struct {
		code          string
		items, office int
	}{{"2200700", 34, 15}, {"2201700", 27, 11}, {"2221700", 49, 40}, {"2225700", 53, 40}, {"2265700", 21, 15}, {"2202700", 40, 14}}
	f := forms[d.IntN(len(forms))]
	for i := range drawSize(d) {
		p := d.someone()
		items := make([]string, f.items)
		year, code := p.Birth.Year()-1925, "5"
		if p.Birth.Year() < 1927 {
			continue
		}
		if p.Birth.Year() > 1988 {
			year, code = p.Birth.Year()-1988, "7"
		}
		copy(items, []string{f.code, "21", "01", "ｹｲﾄ", fmt.Sprint(i + 1), p.HalfKana(), p.Family + "　" + p.Given, code, fmt.Sprintf("%02d%02d%02d", year, p.Birth.Month(), p.Birth.Day())})
		for k := 9; k < f.items; k++ {
			if d.chance(30) {
				items[k] = d.any("1", "9", "290401", "200", "0")
			}
		}
		items[f.office-1], items[f.office+2] = "", ""
		items[f.office] = fmt.Sprintf("%04d", p.Number/1e6)
		if f.office+1 < f.items {
			items[f.office+1] = fmt.Sprintf("%06d", p.Number%1e6)
		}
		d.add(items...)
		d.record(p, true, true, false)
	}
	if d.truth.Records == 0 {
		d.name = "届書（様式）.csv"
	}
}

// consultations is running text.
func consultations(d *draft) {
	d.kind = "text"
	d.add(d.any("相談記録（引継ぎ用）", "■照会メモ", "業務日誌　4月1日", "回付事項"))
	d.add()
	style := d.word([]string{
		"・基礎年金番号 %s　氏名：%s　生年月日 %s について回答済み。", "%[2]s様（基礎年金番号：%[1]s、%[3]s生）から来電。", "年金番号は%sで、%s様 %s生。手帳再交付を希望。", "【基礎年金番号】%s 【氏名】%s 【生年月日】%s",
		"件名: 記録照会\t年金番号%s\t%s\t%s", "お客様（%[2]s、%[3]s）の年金手帳番号は %[1]s でした", "%[2]s %[3]s 基礎年金番号は%[1]sです。", "基礎年金番号=%s; 氏名=%s; 生年月日=%s",
	})
	for range d.between(1, 12) {
		p := d.someone()
		d.addf(style, d.any(p.Hyphen(), p.Hyphen(), p.Wide()), p.Family+" "+p.Given, p.Era())
		d.record(p, true, true, false)
		if d.chance(30) {
			d.add(d.any("折返し 03-5344-1120", "フリーダイヤル 0120-818211 を案内。", "受付番号 20140401-123", ""))
		}
	}
}

// mails are letters with one to three numbers in them.
func mails(d *draft) {
	d.kind = d.any("eml", "text")
	d.add(d.any("鈴木様", "各位", "業務第一課 ご担当者様"))
	d.add("いつもお世話になっております。")
	for range d.between(1, 3) {
		p := d.someone()
		switch d.IntN(3) {
		case 0:
			d.addf("下記の方の記録をご確認ください。")
			d.addf("　氏名　　　　：%s", p.Family+" "+p.Given)
			d.addf("　基礎年金番号：%s", p.Hyphen())
			d.addf("　生年月日　　：%s", p.Era())
			d.record(p, true, true, false)
		case 1:
			d.addf("%s様の基礎年金番号は%sです。よろしくお願いいたします。", p.Family+p.Given, p.Hyphen())
			d.record(p, true, false, false)
		default:
			d.addf("基礎年金番号")
			d.addf("%s", p.Hyphen())
			d.addf("氏名 %s", p.Family+" "+p.Given)
			d.record(p, true, false, false)
		}
		d.add()
	}
	d.add("--")
	d.add("架空年金事務所 TEL 03-5344-1120 FAX 03-5344-1121 / ねんきんダイヤル 0570-05-1165")
	d.add("https://www.example.jp/faq/2014-123456.html")
	// What a letter says of a person may stand above, below or in the line.
	d.truth.Unsure = false
}

// inNames has the number in the name of the file or of a sheet.
func inNames(d *draft) {
	p := d.someone()
	if d.chance(50) {
		d.kind = "text"
		d.name = d.word([]string{"基礎年金番号%s", "%s_年金記録", "年金番号_%s", "照会（基礎年金番号 %s）", "【%s】年金請求書", "年金手帳%s 写し"})
		d.name = fmt.Sprintf(d.name, p.Hyphen())
		d.add("別紙のとおり回答します。")
		d.add("以上")
	} else {
		d.kind = "xlsx"
		d.sheet(fmt.Sprintf(d.any("年番%s", "基礎年金%s", "年金%s"), p.Hyphen()))
		d.add("月", "納付", "免除")
		for m := range 12 {
			d.add(fmt.Sprint(m+1), d.any("○", "×"), "")
		}
	}
	d.record(p, false, false, false)
}
