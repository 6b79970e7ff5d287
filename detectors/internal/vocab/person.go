package vocab

import "slices"

// birthField is dates of birth, of the calendar of eras (和暦) and the western
// one.
func birthField() Field {
	return Field{
		Role: Birth,
		Headings: slices.Concat(
			Within("生年月日", "誕生日", "出生年月日", "生年", "セイネンガッピ", "せいねんがっぴ", "birth", "seinengappi", "seinengapi"),
			Whole("生月日", "dob"),
		),
		Yes: []string{"生年月日", "生 年 月 日", "生年月日（和暦）", "ｾｲﾈﾝｶﾞｯﾋﾟ", "Date of Birth", "birthday"},
		No:  []string{"基礎年金番号", "資格取得年月日", "受付日"},
	}
}

// nameField is names of persons.
func nameField() Field {
	return Field{
		Role: Name,
		Headings: slices.Concat(
			Within("氏名", "名前", "姓名", "氏", "フリガナ", "ふりがな", "カナ", "シメイ", "受給者名", "被保険者名", "加入者名", "請求者名", "本人名", "申請者", "届出人", "世帯主", "name", "shimei", "simei"),
			Whole("姓", "名", "せい", "めい", "受給者", "被保険者", "対象者", "請求者", "届出者", "加入者", "受給権者"),
			Ending("漢字"),
		),
		Not: []string{"会社", "事業", "部署", "担当", "作成", "病院", "銀行", "支店", "品名", "件名", "ファイル", "file", "user", "company", "所在", "住所", "項目", "種別", "hostname"},
		Yes: []string{"氏名", "氏　名", "被保険者氏名（漢字）", "ｶﾅ氏名", "ﾌﾘｶﾞﾅ", "Name", "受給者名"},
		No:  []string{"基礎年金番号", "事業所名称", "担当者名", "ファイル名", "品名"},
	}
}

// addressField is addresses and postal codes.
func addressField() Field {
	return Field{
		Role: Address,
		Headings: slices.Concat(
			Within("住所", "居所", "所在地", "番地", "homeaddress", "postaladdress", "jusho", "juusho", "jyusho", "町名", "市区町村", "丁目", "address1", "addressline", "streetaddress", "fulladdress"),
			Whole("address", "addr", "addr1", "street", "city", "adr"),
		),
		Not: []string{"事業所", "会社", "勤務先", "メール", "mail", "ipaddress", "コード", "macaddress"},
		Yes: []string{"住所", "現住所", "住　所", "Address", "居所", "市区町村", "郵便番号・住所"},
		No:  []string{"基礎年金番号", "メールアドレス", "事業所所在地", "IP Address", "郵便番号", "都道府県"},
	}
}

// postalField is postal codes and prefectures. Alone they are no address: thousands
// of people share one.
func postalField() Field {
	return Field{
		Role: Plain,
		Headings: slices.Concat(
			Within("郵便番号", "postalcode", "zipcode"),
			Whole("zip", "postcode", "postal", "yubin", "yubinbango", "zip1", "zip2", "zipcode1", "zipcode2", "都道府県", "prefecture", "pref"),
		),
		Not: []string{"番号住所", "番号及び住所", "番号所在地", "番号居所"},
		Yes: []string{"郵便番号", "郵便番号（本人）", "家族1 住所（郵便番号）", "postal_code", "ZIP", "都道府県"},
		No:  []string{"住所", "番号", "基礎年金番号"},
	}
}

// plainField is what stands over columns of many lists and says nothing of a
// number; it shows that a row is one of headings, and that names in such a
// column are not those of the persons in the list.
func plainField() Field {
	return Field{
		Role: Plain,
		Headings: slices.Concat(
			Within("備考", "区分", "続柄", "担当", "処理", "状況", "結果", "所属", "部署", "内容", "摘要", "事業所", "会社", "勤務先", "status", "remarks", "対応", "確認者", "作成者", "メモ", "理由"),
			Whole("性別", "年齢", "種別", "課", "係", "項目", "月", "年度", "sex", "kbn", "note", "flg"),
		),
		Yes: []string{"備考", "性別", "担当者", "処理状況", "続柄", "status"},
		No:  []string{"基礎年金番号", "氏名", "番号", "令和6年度分"},
	}
}
