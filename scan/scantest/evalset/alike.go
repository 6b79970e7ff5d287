package evalset

import (
	"fmt"
	"strings"
)

// alikes are the scenarios without a pension number, a family of look-alikes
// each.
func alikes() []scenario {
	return []scenario{
		{"電話帳", "free-dial", false, phoneBook},
		{"固定電話", "land-line", false, landLines},
		{"雇用保険", "employment-insurance", false, employment},
		{"介護保険", "care-insurance", true, care},
		{"医療機関", "medical-office", false, medical},
		{"税", "tax", true, taxNumbers},
		{"健康保険", "health-insurance", false, health},
		{"マイナンバー", "my-number", false, myNumbers},
		{"法人番号", "corporate", true, corporate},
		{"免許", "licence", false, licences},
		{"口座", "account", false, accounts},
		{"日時", "date-time", false, dateTimes},
		{"UNIX時刻", "unix-time", true, unixTimes},
		{"金額", "amount", false, amounts},
		{"伝票", "slip", false, slips},
		{"社員番号", "staff", false, staffNumbers},
		{"JAN", "jan", false, products},
		{"UUID", "uuid-url", true, identifiers},
		{"ログ", "log", false, logs},
		{"通帳", "bank-statement", false, statements},
		{"注文", "orders", false, orders},
		{"報道発表", "press-release", false, pressRelease},
		{"統計", "statistics", false, statistics},
		{"様式", "blank-form", true, blankForms},
		{"二項目", "merged-fields", false, mergedFields},
		{"見本", "specimen", false, specimens},
		{"文書番号", "document-number", false, documents},
		{"会員", "members", true, members},
		{"図書", "isbn-patent", false, books},
		{"住民票コード", "resident-code", false, residents},
		{"手引", "manual", true, manuals},
		{"伏字", "masked", false, masked},
		{"計器", "meters", true, meters},
		{"見出しのない電話", "land-line", true, headlessPhones},
		{"見出しのない番号", "members", false, headlessCodes},
		{"事務所一覧", "free-dial", false, officeList},
		{"受付簿", "slip", true, receptionBook},
		{"企業年金", "corporate-pension", false, corporatePension},
		{"空欄", "blank-form", false, emptyColumn},
		{"十二桁", "my-number", true, otherUnder},
		{"案内文", "letters", false, letters},
		{"測定値", "measurements", false, measured},
		{"機器", "equipment", true, equipment},
		{"抽選", "members", false, draws},
	}
}

// list writes a table of people with one other column in place of the number.
func (d *draft) list(heads []string, value func(p *person) string) {
	d.book()
	cols := []column{{head: d.word(heads), value: value}}
	if d.chance(70) {
		cols = append(cols, nameColumn(d))
	}
	if d.chance(35) {
		cols = append(cols, birthColumn(d))
	}
	if d.chance(25) {
		cols = append(cols, addressColumn(d))
	}
	addTable(d, laidColumns(d, cols...), drawLayout(d))
}

func (d *draft) ten() uint64 { return uint64(d.Int64N(9_000_000_000)) + 1_000_000_000 }

func phoneBook(d *draft) {
	d.list([]string{"電話番号", "連絡先", "TEL", "フリーダイヤル", "お問合せ先", "問い合わせ窓口", "窓口", "コールセンター", "電話", "代表番号", "受付", "ナビダイヤル"}, func(*person) string {
		return d.any(fmt.Sprintf("0120-%06d", d.between(100000, 999999)), fmt.Sprintf("0570-%06d", d.between(0, 999999)), fmt.Sprintf("0120-%03d-%03d", d.between(100, 999), d.between(0, 999)), fmt.Sprintf("0800-%03d-%04d", d.between(100, 999), d.between(0, 9999)))
	})
}

func landLines(d *draft) {
	bare := d.chance(60)
	d.list([]string{"電話番号", "TEL", "電話", "連絡先電話番号", "ＴＥＬ", "自宅電話", "Phone", "tel_no", "FAX", "昼間の連絡先", "番号", "電話(自宅)"}, func(*person) string {
		if bare {
			return fmt.Sprintf("0%d%08d", d.between(1, 9), d.between(10000000, 99999999))
		}
		return fmt.Sprintf("0%03d-%06d", d.between(123, 999), d.between(200000, 999999))
	})
}

func employment(d *draft) {
	style := d.IntN(3)
	d.list([]string{"雇用保険被保険者番号", "雇用保険番号", "雇保番号", "被保険者番号", "雇用保険適用事業所番号", "雇用保険 被保番", "koyo_hoken_no", "雇用保険No"}, func(*person) string {
		a, b, c := d.between(1000, 9999), d.between(100000, 999999), d.between(0, 9)
		return []string{fmt.Sprintf("%d-%d-%d", a, b, c), fmt.Sprintf("%d%d%d", a, b, c), fmt.Sprintf("%d－%d－%d", a, b, c)}[style]
	})
}

func care(d *draft) {
	d.list([]string{"介護保険被保険者番号", "被保険者番号", "要介護者番号", "介護被保番号", "介護保険番号", "被保番", "介護 被保険者証番号", "KAIGO_NO"}, func(*person) string {
		return fmt.Sprintf("000%07d", d.between(100000, 9999999))
	})
}

func medical(d *draft) {
	codes := make([]string, d.between(2, 5))
	for i := range codes {
		codes[i] = fmt.Sprintf("%02d%d%07d", d.between(1, 47), d.any("1", "3", "7")[0]-'0', d.between(1000000, 9999999))
	}
	d.list([]string{"医療機関コード", "介護事業所番号", "事業所番号", "施設コード", "指定事業所番号", "医療機関等番号", "サービス事業所番号", "機関コード"}, func(*person) string { return d.any(codes...) })
}

func taxNumbers(d *draft) {
	d.list([]string{"税務署整理番号", "整理番号", "利用者識別番号", "納税者番号", "整理番号１", "賦課番号", "宛名番号", "通知書番号"}, func(*person) string {
		return d.any(fmt.Sprint(d.ten()), fmt.Sprint(d.ten()), fmt.Sprintf("%d%06d", d.ten(), d.between(0, 999999)))
	})
}

func health(d *draft) {
	d.list([]string{"健康保険証記号番号", "保険証番号", "国保記号番号", "健保 記号-番号", "保険者番号", "被保険者証 記号・番号", "健保番号", "保険証記号"}, func(*person) string {
		return d.any(fmt.Sprintf("%d-%d", d.between(1000, 9999), d.between(1, 99999)), fmt.Sprintf("%08d", d.between(1000000, 99999999)), fmt.Sprintf("%d・%d", d.between(10000000, 99999999), d.between(1, 9999)))
	})
}

func myNumbers(d *draft) {
	gap := d.any("", "-", " ")
	d.list([]string{"個人番号", "マイナンバー", "個人番号（マイナンバー）", "ﾏｲﾅﾝﾊﾞｰ", "my_number", "個人番号(12桁)"}, func(*person) string {
		return fmt.Sprintf("%04d%s%04d%s%04d", d.between(0, 9999), gap, d.between(0, 9999), gap, d.between(0, 9999))
	})
}

func corporate(d *draft) {
	prefix := d.any("", "T")
	d.list([]string{"法人番号", "登録番号", "インボイス番号", "適格請求書発行事業者登録番号", "法人番号(13桁)", "取引先法人番号"}, func(*person) string {
		return fmt.Sprintf("%s%d%012d", prefix, d.between(1, 9), d.Int64N(1e12))
	})
}

func licences(d *draft) {
	d.list([]string{"運転免許証番号", "旅券番号", "免許番号", "在留カード番号", "本人確認書類番号", "パスポート番号"}, func(*person) string {
		return d.any(fmt.Sprintf("%012d", d.Int64N(1e12)), fmt.Sprintf("TK%07d", d.between(0, 9999999)), fmt.Sprintf("AB%08dCD", d.between(0, 99999999)))
	})
}

func residents(d *draft) {
	d.list([]string{"住民票コード", "住基コード", "住民コード", "住民票ｺｰﾄﾞ"}, func(*person) string { return fmt.Sprintf("%011d", d.Int64N(1e11)) })
}

func accounts(d *draft) {
	d.list([]string{"口座番号", "ゆうちょ記号番号", "振込口座", "通帳記号-番号", "振込先", "金融機関口座", "口座", "貯金通帳番号"}, func(*person) string {
		return d.any(fmt.Sprintf("%07d", d.between(0, 9999999)), fmt.Sprintf("1%04d-%08d", d.between(0, 9999), d.between(1000000, 99999999)), fmt.Sprintf("普通 %07d", d.between(0, 9999999)), fmt.Sprintf("%04d-%03d-%07d", d.between(1, 9999), d.between(1, 999), d.between(0, 9999999)))
	})
}

func staffNumbers(d *draft) {
	base := uint64(d.between(1000, 9999)) * 1_000_000
	style := d.IntN(3)
	d.list([]string{"社員番号", "職員番号", "社員コード", "従業員番号", "社員ID", "employee_no", "職員コード", "staff_id", "学籍番号", "受験番号", "番号", "個人コード"}, func(*person) string {
		switch style {
		case 0:
			return fmt.Sprint(base + uint64(d.between(1, 999999)))
		case 1:
			return fmt.Sprintf("%d-%06d", d.between(1985, 2014), d.between(1, 999999))
		}
		return fmt.Sprint(d.ten())
	})
}

func members(d *draft) {
	style := d.IntN(3)
	d.list([]string{"会員番号", "お客様番号", "顧客ID", "診察券番号", "会員No", "患者ID", "利用者番号", "カード番号", "ポイントカード", "登録者番号", "契約者番号", "加入者番号（共済）"}, func(*person) string {
		switch style {
		case 0:
			return fmt.Sprintf("%04d-%06d", d.between(1000, 9999), d.between(1, 999999))
		case 1:
			return fmt.Sprint(d.ten())
		}
		return fmt.Sprintf("%04d-%04d-%04d", d.between(0, 9999), d.between(0, 9999), d.between(0, 9999))
	})
}

func mergedFields(d *draft) {
	d.book()
	d.add(d.any("市町村別人口 世帯", "地区別 面積 人口", "路線別 利用者数"))
	d.add("地区", "面積・人口", "備考")
	for i := range drawSize(d) {
		d.add(fmt.Sprintf("第%d地区", i+1), fmt.Sprintf("%04d %06d", d.between(1000, 9999), d.between(100000, 999999)), d.any("", "増", "減"))
	}
}

func masked(d *draft) {
	d.list([]string{"基礎年金番号", "年金番号", "基礎年金番号（マスク）", "年金手帳番号"}, func(p *person) string {
		h := p.Hyphen()
		return d.any(h[:5]+"****"+h[9:], "****-**"+h[7:], strings.Repeat("*", 10), h[:4]+"-XXXXXX", "○○○○-○○○○○○")
	})
}

func specimens(d *draft) {
	d.list([]string{"基礎年金番号", "年金番号", "基礎年金番号（例）", "サンプル番号"}, func(*person) string {
		return d.any("1234-567890", "0000-000000", "9999-999999", "1111-111111")
	})
}
