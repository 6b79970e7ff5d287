package kind

import (
	"slices"

	"github.com/kagiban/kagiban/detectors/internal/vocab"
)

// Pension is the words of the pension number (基礎年金番号).
func Pension() vocab.Number {
	return vocab.Number{
		Fields: []vocab.Field{pensionField(), officeField(), serialField()},
		Labels: []string{"基礎年金番号", "基礎年金", "年金番号", "年金手帳", "年金証書", "基礎番号", "年番", "ｷｿﾈﾝｷﾝ", "キソネンキン", "記号番号", "pension", "Pension", "PENSION", "nenkin", "Nenkin", "NENKIN"},
		Leads:  []string{"番号", "no", "number", "は", "が", "の", "等", "について", "記号", "手帳", "基礎年金", "年金", "本人", "確認", "お客様", "bango", "td", "th", "span", "value", "b", "p"},
		Hints:  []string{"年金", "年番", "基礎番号", "記号番号", "課所", "ﾈﾝｷﾝ", "ネンキン", "ねんきん", "enkin", "ension", "NKIN", "NSION"},
		Titles: []string{"年金番号", "年金手帳", "年金証書"},
		Files:  []string{"年金", "受給者", "被保険者", "資格取得", "資格喪失", "算定基礎", "月額変更", "賞与支払", "shfd0006", "nenkin", "pension"},
		InName: "年金",
	}
}

// firstWords are those by which a heading of the number in two words begins, and
// betweenWords those that may stand between them.
func firstWords() []string {
	return []string{"年金", "国年", "厚年", "基年", "共済年金", "ねんきん", "ネンキン", "nenkin", "pension", "annuity", "kounen", "kokunen"}
}

func betweenWords() []string {
	return []string{"の", "手帳", "証書", "保険", "被保険者", "受給権者", "受給者", "記号", "基礎", "本人", "book", "handbook", "card", "certificate", "techo", "techou", "tetyo", "shosho", "kigo", "insurance", "kiso", "basic", "base", "pocketbook", "pocket", "note", "notebook", "insured", "insurant", "person", "persons", "holder", "fund", "plan", "welfare", "national", "employees", "public", "cert", "member", "account", "er", "serial", "register", "registration", "identification", "reference", "shosho", "kousei", "kosei", "kokumin"}
}

// pensionField is the number itself, under the headings that forms, systems and
// people give it.
func pensionField() vocab.Field {
	return vocab.Field{
		Role: vocab.Pension,
		Full: "基礎年金番号",
		Tail: "年金コード", // 基礎年金番号・年金コード
		Cut:  []string{"kisonenkinbango", "kisonenkinnumber", "nenkinbango", "nenkinnumber", "basicpensionnumber", "basicpensionno", "pensionnumber", "kisonenbango", "nenkinshoshobango", "nenkintechobango", "nenkintecho"},
		Or:   []string{"または", "又は", "もしくは", "若しくは", "あるいは", "or", "及び", "および"},
		Ends: []string{
			"日", "日時", "時刻", "時間", "有無", "件数", "人数", "種別", "区分", "状況", "状態", "結果", "理由", "一覧", "一覧表", "リスト", "名簿", "確認表", "確認欄", "様式", "交付", "返納", "方法", "担当", "担当者", "確認者", "フラグ", "flg", "flag", "画像",
			"ファイル", "ファイル名", "について", "案内", "届", "届出", "申請書", "通知書", "発送番号", "電話番号", "受付番号", "管理番号", "相談番号", "照会番号", "伝票番号", "お問合せ番号", "問合せ番号", "発行番号", "文書番号", "要否", "可否", "チェック", "備考", "メモ",
			"提出", "添付", "誤り", "不明", "相違", "不一致", "未登録", "氏名", "住所", "生年月日", "電話", "番地", "事務所", "名", "数", "date", "status", "image", "name", "type", "count", "at",
		},
		Headings: slices.Concat(
			vocab.Within("基礎年金番号", "年金番号", "年金手帳", "年金証書", "基礎番号", "基年番", "年基番", "年金no", "手帳番号", "手帳記号番号", "年金記号番号", "年金の記号番号", "キソネンキン", "ネンキンバンゴウ", "きそねんきん", "ねんきんばんごう", "kisonenkin", "basicpension", "basepension", "pensioncode", "basicannuity", "nkbango", "kisonenno"),
			vocab.Whole("年番", "nenkin", "nenkin1", "nenkin2", "nenkin4", "nenkin6", "基年1", "基年2"),
		),
		Compound: vocab.Compound{
			First:   firstWords(),
			Between: betweenWords(),
			Last: slices.Concat(
				vocab.Within("番号", "ナンバー", "バンゴウ", "bango", "number", "num", "no1", "no2", "no4", "no6"),
				vocab.Ending("no", "id"),
			),
		},
		Not:    []string{"有無", "年月日", "交付", "事務所", "コード", "金額", "種別", "件数", "返納", "様式", "の日", "一覧", "リスト", "について", "名簿", "確認表", "事業所", "電話", "ダイヤル", "基金番号", "支店", "口座", "障害者手帳", "療育", "母子", "健康手帳", "福祉手帳", "付番", "人数", "雇用", "受付番号", "整理番号", "管理番号", "相談番号", "員番号", "会員", "案内", "変更", "担当"},
		Unless: []string{"企業年金", "個人年金", "確定拠出", "確定給付", "年金基金", "証券", "保険証券"},
		Yes:    []string{"基礎年金番合", "基楚年金番号", "変更後基礎年金番号", "変更前の基礎年金番号", "会員基礎年金番号", "従業員基礎年金番号", "基礎年金番号（または厚年整理番号）", "基礎年金番号コード", "KISO_NENKI", "NENKINBANG", "PENSION_NU", "基礎年金番", "基礎年金番号（電話確認済）", "pensionPocketbookNo", "pensionInsuredNumber", "base_pension_num", "pension_code", "基礎年金番号（4桁-6桁）", "基礎年金番号", "基 礎 年 金\n番 号", "個人番号（基礎年金番号）", "個人番号又は基礎年金番号", "年金手帳の記号番号", "年金証書番号", "ｷｿﾈﾝｷﾝﾊﾞﾝｺﾞｳ", "ｋｉｓｏ＿ｎｅｎｋｉｎ", "NKISO_NENKIN_NO", "Pension Number", "配偶者の基礎年金番号", "厚生年金番号", "年番", "国年手帳番号", "ねんきん番号", "NENKIN_NO", "基礎年金番号・年金コード", "年金№"},
		No:     []string{"年金コード", "年金手帳の有無", "年金事務所", "年金額", "基礎年金番号の件数", "基礎年金番号確認日", "基礎年金番号 確認日時", "基礎年金番号の有無", "基礎年金番号通知書 発送番号", "基礎年金番号 お問合せ電話番号", "雇用保険被保険者番号", "電話番号", "番号", "", "年金証書交付年月日", "基礎年金番号 確認リスト", "年金相談 受付番号", "企業年金加入者番号", "厚生年金 伝票番号", "年金保険 証券番号", "国民年金 納付書番号", "基礎控除番号"},
	}
}

// officeField is the first part of a number written in two columns.
func officeField() vocab.Field {
	return vocab.Field{
		Role: vocab.Office,
		Headings: slices.Concat(
			vocab.Within("課所", "年金記号", "kasho", "pensionsymbol", "pensionprefix"),
			vocab.Whole("年金番号記号", "kasyo"),
		),
		Compound: vocab.Compound{First: firstWords(), Between: betweenWords(), Last: vocab.Ending("記号", "kigo", "kigou", "symbol", "prefix", "first", "firsthalf", "upper")},
		Not:      []string{"番号一連", "年金記号番号", "の記号番号"},
		Yes:      []string{"課所符号", "課所符号（年番）", "課所 符号", "KASHO_FUGO", "年金記号"},
		No:       []string{"郡市区符号", "記号", "年金記号番号"},
	}
}

// serialField is the second part.
func serialField() vocab.Field {
	return vocab.Field{
		Role: vocab.Serial,
		Headings: slices.Concat(
			vocab.Within("一連番号", "ichiren", "pensionseq", "pensionserial", "pensionsequence"),
			vocab.Ending("一連"),
		),
		Compound: vocab.Compound{First: firstWords(), Between: betweenWords(), Last: vocab.Ending("suffix", "seq", "sequence", "second", "secondhalf", "lower", "renban")},
		Yes:      []string{"一連番号", "一連番号（年番）", "ICHIREN_BANGO"},
		No:       []string{"連番", "番号", "通し番号"},
	}
}
