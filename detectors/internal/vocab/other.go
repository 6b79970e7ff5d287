package vocab

import "slices"

// insuranceField is employment insurance (雇用保険, 4-6-1) and health insurance.
func insuranceField() Field {
	return Field{
		Role:     Other,
		Headings: Within("雇用保険", "雇保", "労働保険", "健康保険", "健保", "国保", "保険証", "保険者番号", "被保険者整理番号", "koyohoken", "koyou", "koyo", "kenpo", "kempo", "rousai"),
		Yes:      []string{"雇用保険被保険者番号", "雇用保険番号", "健保記号", "国民健康保険 記号番号", "被保険者整理番号"},
		No:       []string{"基礎年金番号", "被保険者氏名", "氏名"},
	}
}

// careField is long-term care insurance: ten digits, most with leading zeros.
func careField() Field {
	return Field{
		Role:     Other,
		Headings: Within("介護", "後期高齢", "被保険者番号", "医療機関", "事業所番号", "施設番号", "kaigo"),
		Yes:      []string{"介護保険被保険者番号", "要介護者番号", "介護事業所番号", "医療機関コード", "被保険者番号"},
		No:       []string{"基礎年金番号", "被保険者名", "住所"},
	}
}

// individualField is the individual number (マイナンバー, 12 digits) and other
// numbers of persons that are not pension numbers.
func individualField() Field {
	return Field{
		Role:     Other,
		Headings: Within("個人番号", "マイナンバー", "法人番号", "住民票コード", "免許証", "旅券番号", "在留カード", "利用者識別番号", "登録番号", "mynumber", "kojinbango", "hojinbango"),
		Yes:      []string{"個人番号", "マイナンバー", "ﾏｲﾅﾝﾊﾞｰ", "個人番号（12桁）", "My Number", "法人番号"},
		No:       []string{"番号", "氏名"},
	}
}

// phoneField is telephone numbers. Free dial (0120-…) and navigation dial
// (0570-…) have the shape of a pension number.
func phoneField() Field {
	return Field{
		Role: Phone,
		Headings: slices.Concat(
			Within("電話", "携帯", "フリーダイヤル", "フリーアクセス", "ナビダイヤル", "連絡先", "デンワ", "ファックス", "ファクシミリ", "fax", "tel番号", "telno", "phone", "mobile", "denwa", "keitai", "内線", "お問い合わせ", "お問合せ", "問合せ先"),
			Whole("tel"),
		),
		Yes: []string{"電話番号", "ＴＥＬ", "TEL/FAX", "携帯電話", "連絡先", "緊急連絡先", "ﾃﾞﾝﾜ", "FAX番号", "Phone"},
		No:  []string{"基礎年金番号", "hotel", "番号"},
	}
}

// staffField is numbers of employees, members and customers.
func staffField() Field {
	return Field{
		Role:     Other,
		Headings: Within("社員番号", "社員no", "社員コード", "職員番号", "職員コード", "従業員", "会員番号", "顧客番号", "顧客コード", "学籍番号", "利用者番号", "お客様番号", "患者番号", "employee", "customer", "staffno", "staffid", "userid", "memberid", "shain", "syain", "shokuin", "syokuin", "kaiin", "kokyaku"),
		Yes:      []string{"社員番号", "職員 番号", "従業員コード", "お客様番号", "Employee No.", "社員No"},
		No:       []string{"基礎年金番号", "氏名", "社員氏名"},
	}
}

// accountField is bank accounts and postal savings.
func accountField() Field {
	return Field{
		Role:     Other,
		Headings: Within("口座", "預金", "貯金", "通帳", "銀行", "支店", "金融機関", "カード番号", "account", "koza", "kouza"),
		Yes:      []string{"口座番号", "ゆうちょ 通帳記号", "振込先口座", "金融機関コード", "Account No"},
		No:       []string{"基礎年金番号", "住所"},
	}
}

// slipField is numbers of things: slips, orders, products, receipts, serials.
func slipField() Field {
	return Field{
		Role: Other,
		Headings: slices.Concat(
			Within("伝票", "注文", "管理番号", "通し番号", "受付番号", "整理番号", "受注", "発注", "請求書", "請求番号", "請求no", "請求金額", "契約番号", "案件", "商品", "製品", "品番", "型番", "資産", "備品", "シリアル", "ロット", "文書番号", "起案", "決裁番号", "jan", "barcode", "バーコード", "order", "invoice", "serial", "ticket", "チケット", "追跡番号", "問合せ番号", "送り状", "項番", "回線", "カード", "整理券", "抽選", "応募", "予約", "端末", "製造", "denpyo", "chumon", "chuumon", "uketsuke", "seiribango", "kanribango", "keiyaku", "shohin", "syohin", "seihin", "juchu", "hacchu"),
			Whole("連番", "no"),
		),
		Yes: []string{"伝票番号", "注文No", "管理番号", "連番", "受付番号", "JANコード", "整理番号", "商品コード", "No.", "文書番号", "Serial Number"},
		No:  []string{"基礎年金番号", "一連番号（年番）", "番号", "氏名"},
	}
}

// timeField is dates and times other than the date of birth. As ten digits they
// appear as yymmddhhmm, as a date with a counter, or as seconds since 1970.
func timeField() Field {
	return Field{
		Role: Other,
		Headings: slices.Concat(
			Within("日時", "年月日", "日付", "時刻", "タイムスタンプ", "timestamp", "更新日", "登録日", "作成日", "入社日", "取得日", "喪失日", "受付日", "期限", "datetime", "createdat", "updatedat", "unixtime", "epoch"),
			Whole("date", "time", "日"),
		),
		Yes: []string{"受付日時", "資格取得年月日", "created_at", "Timestamp", "更新日"},
		No:  []string{"基礎年金番号", "氏名", "日本名"},
	}
}

// amountField is amounts of money and other quantities.
func amountField() Field {
	return Field{
		Role: Other,
		Headings: slices.Concat(
			Within("金額", "残高", "合計", "単価", "数量", "年金額", "支給額", "総額", "円", "予算", "人口", "件数", "amount", "price", "total"),
			Whole("額"),
		),
		Yes: []string{"金額（円）", "残高", "年金額", "合計", "Total"},
		No:  []string{"基礎年金番号", "氏名"},
	}
}
