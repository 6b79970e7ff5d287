package evalset

import (
	"fmt"
	"strings"
)

// titled has the word in its title only; the heading says "number".
func titled(d *draft) {
	d.book()
	d.add(d.word([]string{"基礎年金番号一覧", "年金番号リスト（取扱注意）", "基礎年金番号 確認用", "年金手帳番号 台帳", "対象者の基礎年金番号について", "■年金証書番号 一覧"}))
	if d.chance(50) {
		d.add()
	}
	cols := []column{{head: d.word([]string{"番号", "記号番号", "本人番号", "対象者番号"}), role: 'n', value: func(p *person) string { return p.Hyphen() }}, nameColumn(d)}
	if d.chance(50) {
		cols = append(cols, birthColumn(d))
	}
	l := layout{rows: d.between(5, 60), heads: true}
	addTable(d, cols, l)
}

// mistyped has a slip of the pen in the heading.
func mistyped(d *draft) {
	d.book()
	cols := d.persons(true)
	cols[0].head = d.word([]string{"基礎年金番合", "基楚年金番号", "基礎年番号", "基礎年金番", "基礎年金番号番号", "基礎 年金番号", "基礎年金番号：", "＊基礎年金番号", "基礎年金號", "基礎年金番号\n(半角10桁)", "基礎年金番号\r\n", "基礎年金番号(4桁-6桁)", "基礎年金番号 ※ﾊｲﾌﾝなし", "基礎 年金 番号No."})
	if cols[0].head == "基礎年金號" {
		cols[0].head = "基礎年金番號"
	}
	addTable(d, laidColumns(d, cols...), drawLayout(d))
}

// sideBySide has two lists beside each other on one sheet.
func sideBySide(d *draft) {
	d.book()
	h, n := d.word(numberHeads()), d.word([]string{"氏名", "お名前", "漢字氏名", "被保険者氏名"})
	d.add(h, n, "", h, n)
	for range d.between(3, 40) {
		p, q := d.someone(), d.someone()
		for q == p {
			q = d.someone()
		}
		d.add(p.Hyphen(), kanjiOf(d, p), "", q.Hyphen(), kanjiOf(d, q))
		d.record(p, true, false, false)
		d.record(q, true, false, false)
	}
}

// prefaced has its headings far down.
func prefaced(d *draft) {
	d.book()
	for i := range d.between(8, 18) {
		d.add(d.any("１．本表は業務用である。", "・提出期限 4/30", "２．記入に当たっては手引を参照", "問い合わせ 0120-818211", "", "改訂履歴 2014/04/01 初版", fmt.Sprintf("(%d)", i+1)))
	}
	addTable(d, laidColumns(d, d.persons(true)...), layout{rows: d.between(5, 40), heads: true, dirty: d.chance(50)})
}

// placeholders says in words what is not there.
func placeholders(d *draft) {
	d.book()
	d.add(d.word(numberHeads()), d.word([]string{"氏名", "お名前", "漢字氏名", "対象者氏名"}), d.word([]string{"生年月日", "出生年月日"}), d.word([]string{"住所", "現住所"}))
	birth := drawBirthStyle(d)
	for range drawSize(d) {
		p := d.someone()
		vacant := func() string { return d.any("-", "不明", "－", "なし", "未記入", "？") }
		name, b, a := kanjiOf(d, p), birth(p), p.Address
		hasName, hasBirth, hasAddress := true, true, true
		if d.chance(20) {
			name, hasName = vacant(), false
		}
		if d.chance(20) {
			b, hasBirth = vacant(), false
		}
		if d.chance(20) {
			a, hasAddress = vacant(), false
		}
		d.add(p.Hyphen(), name, b, a)
		d.record(p, hasName, hasBirth, hasAddress)
	}
}

// wideBoxes is form paper whose boxes are merged cells, with the label above.
func wideBoxes(d *draft) {
	d.kind = d.any("xlsx", "csv")
	d.sheet("届書")
	gap := d.between(1, 3)
	for range d.between(1, 4) {
		p := d.someone()
		d.add("", d.word([]string{"基礎年金番号", "年金番号", "個人番号（または基礎年金番号）", "②基礎年金番号"}))
		row := []string{"", ""}[:d.between(1, 2)]
		for _, digit := range p.Bare() {
			row = append(row, string(digit))
			for range gap - 1 {
				row = append(row, "")
			}
		}
		d.add(row...)
		d.add()
		d.add("氏名", "", kanjiOf(d, p))
		d.add()
		d.record(p, true, false, false)
	}
}

// decorated has words and signs around the number in its cell.
func decorated(d *draft) {
	d.book()
	style := d.word([]string{"No.%s", "%s様", "（%s）", "%s（確認済）", "№%s", "番号%s", "%s *", "〒%s", "基年%s", "[%s]"})
	cols := d.persons(true)
	cols[0].value = func(p *person) string { return fmt.Sprintf(style, p.Hyphen()) }
	addTable(d, laidColumns(d, cols...), drawLayout(d))
}

// broken has a line break in the number's cell.
func broken(d *draft) {
	d.kind = "xlsx"
	d.sheet("Sheet1")
	cols := d.persons(true)
	cols[0].value = func(p *person) string { return fmt.Sprintf("%04d-\n%06d", p.Number/1e6, p.Number%1e6) }
	addTable(d, laidColumns(d, cols...), drawLayout(d))
}

// chat is a log of messages in which numbers are asked for and told.
func chat(d *draft) {
	d.kind = "text"
	for i := range d.between(3, 20) {
		p := d.someone()
		at := fmt.Sprintf("[%02d:%02d]", 9+i/10, i*7%60)
		if i > 0 && d.chance(40) {
			d.addf("%s %s: %s", at, d.any("係長", "業務2", "中島"), d.any("了解です", "折り返します 03-5344-1120", "受付番号 2014-000123 の件も", "0120-818211 を案内してください"))
			continue
		}
		d.addf(d.word([]string{"%s 窓口: 基礎年金番号 %s です", "%s 鈴木: 年金番号は%sでした", "%s 相談員> 年番%s 照会お願いします", "%s 佐藤: 手帳の基礎年金番号は「%s」とのこと"}), at, p.Hyphen())
		d.record(p, false, false, false)
	}
}

// grouped has a line for each office and headings again after it.
func grouped(d *draft) {
	d.book()
	cols := d.persons(true)
	for i := range d.between(2, 5) {
		d.addf("%s %s", d.any("◆", "【", "所属："), d.any("第一係", "業務課", "杉並事務所"))
		if d.chance(50) && i > 0 {
			d.add()
		}
		addTable(d, cols, layout{rows: d.between(2, 15), heads: true})
		addTotal(d, "計", len(cols), 9)
	}
}

// long is a list of some thousand rows.
func long(d *draft) {
	d.kind = "csv"
	addTable(d, laidColumns(d, d.persons(true)...), layout{rows: d.between(500, 2500), heads: true, repeat: true})
}

// Look-alikes of the second kind: those that stand where pension numbers do.

func headlessPhones(d *draft) {
	d.kind = "csv"
	style := d.IntN(3)
	for range d.between(5, 60) {
		p := d.someone()
		phone := fmt.Sprintf("0%d%08d", d.between(1, 9), d.between(10000000, 99999999))
		switch style {
		case 1:
			phone = fmt.Sprintf("0%03d-%06d", d.between(123, 999), d.between(200000, 999999))
		case 2:
			phone = fmt.Sprintf("0120-%06d", d.between(100000, 999999))
		}
		d.add(kanjiOf(d, p), phone, p.Address)
	}
}

func headlessCodes(d *draft) {
	d.kind = "csv"
	hyphen := d.chance(50)
	for i := range d.between(8, 60) {
		p := d.someone()
		code := fmt.Sprint(d.ten())
		if hyphen {
			code = fmt.Sprintf("%04d-%06d", d.between(1000, 9999), d.between(1, 999999))
		}
		d.add(fmt.Sprint(i+1), code, kanjiOf(d, p), p.ISO())
	}
}

func officeList(d *draft) {
	d.book()
	d.name = d.any("年金事務所一覧", "全国の年金事務所", "街角の年金相談センター")
	d.add("年金事務所 所在地・電話番号")
	d.add("事務所名", "郵便番号", "所在地", d.word([]string{"電話", "代表電話", "お客様相談室", "国民年金課"}), d.word([]string{"FAX", "専用ダイヤル", "予約受付", "ファクシミリ"}))
	for range d.between(5, 40) {
		p := d.someone()
		d.add(d.any("杉並", "札幌北", "秋田", "那覇")+"年金事務所", p.Postal, p.Address, p.Phone, fmt.Sprintf("%s-%06d", d.any("0570", "0120", "0463", "0565"), d.between(0, 999999)))
	}
}

func receptionBook(d *draft) {
	d.book()
	d.name = d.word(pensionFileNames())
	style := d.IntN(3)
	d.add(d.word([]string{"年金相談受付番号", "受付番号", "年金請求 受付No", "届書受付番号", "年金整理番号", "年金裁定請求受付番号"}), "氏名", "生年月日", "相談種別", "結果")
	for i := range d.between(4, 60) {
		p := d.someone()
		id := fmt.Sprintf("%d-%06d", 2014, 123+i)
		switch style {
		case 1:
			id = fmt.Sprintf("%04d-%06d", d.between(1000, 9999), d.between(1, 999999))
		case 2:
			id = fmt.Sprint(d.ten())
		}
		d.add(id, kanjiOf(d, p), p.Era(), d.any("老齢", "障害", "遺族"), "済")
	}
}

func corporatePension(d *draft) {
	hyphen := d.chance(50)
	d.list([]string{"企業年金加入者番号", "証券番号", "個人年金 証券番号", "確定拠出年金 加入者コード", "年金保険証券番号", "DC加入者番号", "国民年金保険料 納付書番号", "収納番号", "年金共済契約番号", "年金資産管理番号"}, func(*person) string {
		if hyphen {
			return fmt.Sprintf("%04d-%06d", d.between(1000, 9999), d.between(1, 999999))
		}
		return fmt.Sprint(d.ten())
	})
}

// emptyColumn has the heading and nothing below it, beside other numbers.
func emptyColumn(d *draft) {
	d.book()
	d.add(d.word(numberHeads()), "氏名", d.word([]string{"電話", "連絡先", "携帯電話", "電話番号"}), d.word([]string{"職員コード", "社員番号", "管理番号", "伝票番号"}), "備考")
	for range d.between(3, 50) {
		p := d.someone()
		d.add(d.any("", "", "未提出", "本人確認中"), kanjiOf(d, p), fmt.Sprintf("0%d%08d", d.between(1, 9), d.between(10000000, 99999999)), fmt.Sprint(d.ten()), d.any("", "0120-818211"))
	}
}

// otherUnder has numbers of twelve digits below a heading that would allow both.
func otherUnder(d *draft) {
	d.book()
	d.add(d.word([]string{"個人番号（基礎年金番号）", "個人番号又は基礎年金番号", "個人番号または基礎年金番号", "基礎年金番号・個人番号"}), "氏名", "生年月日")
	for range d.between(3, 50) {
		p := d.someone()
		d.add(fmt.Sprintf("%012d", d.Int64N(1e12)), kanjiOf(d, p), p.Era())
	}
}

func letters(d *draft) {
	d.kind = d.any("eml", "text")
	d.add("各位")
	d.addf("%s", d.any("年金記録の件、ご連絡ありがとうございました。", "国民年金の手続きについて", "厚生年金の届出方法をお知らせします。"))
	d.addf("お客様番号：%04d-%06d", d.between(1000, 9999), d.between(0, 999999))
	d.addf("ご注文番号 %d", d.ten())
	d.addf("基礎年金番号は電話ではお伝えできません。窓口（0120-818211）へ。")
	d.addf("TEL 0463-%06d / FAX 0463-%06d", d.between(200000, 999999), d.between(200000, 999999))
	d.addf("送信日時 %s", d.moment().Format("20060102150405"))
	d.add(strings.Repeat("-", 20))
	d.addf("会議ID: %d %04d  パスコード: %06d", d.between(100, 999), d.between(1000, 9999), d.between(0, 999999))
}

func measured(d *draft) {
	d.book()
	d.add("測定点", d.any("X", "緯度", "値1"), d.any("Y", "経度", "値2"), "備考")
	for i := range drawSize(d) {
		d.add(fmt.Sprintf("P%d", i+1), fmt.Sprintf("%04d.%06d", d.between(1000, 9999), d.between(100000, 999999)), fmt.Sprintf("%d.%06d", d.between(100, 999), d.between(100000, 999999)), "")
	}
}

func equipment(d *draft) {
	d.book()
	d.add("設置場所", d.word([]string{"製造番号", "シリアルNo", "S/N", "機器番号", "資産管理番号", "端末ID"}), "型式", d.any("導入日", "点検日"))
	style := d.IntN(2)
	for range drawSize(d) {
		id := fmt.Sprintf("%04d-%06d", d.between(1000, 9999), d.between(0, 999999))
		if style == 1 {
			id = fmt.Sprint(d.ten())
		}
		d.add(d.any("1F 受付", "2F 執務室", "地下倉庫"), id, d.any("AB-100", "XK-2"), d.moment().Format("2006/01/02"))
	}
}

func draws(d *draft) {
	d.list([]string{"抽選番号", "カードＩＤ", "入館証番号", "応募番号", "整理券番号", "申込番号", "予約番号", "受験番号", "競技者登録", "ライセンスNo", "図書カード", "バス定期番号"}, func(*person) string {
		return d.any(fmt.Sprintf("%04d-%06d", d.between(1000, 9999), d.between(1, 999999)), fmt.Sprintf("%04d-%06d", d.between(101, 999), d.between(1, 999999)))
	})
}
