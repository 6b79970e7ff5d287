package detectors

import "github.com/kagiban/kagiban/detectors/internal/lex"

// nameField is names of persons.
func nameField() field {
	return field{
		kind:        kindName,
		headings:    []string{"氏名", "名前", "姓名", "氏", "=姓", "=名", "=せい", "=めい", "フリガナ", "$漢字", "ふりがな", "カナ", "シメイ", "受給者名", "被保険者名", "加入者名", "請求者名", "本人名", "申請者", "=受給者", "=被保険者", "=対象者", "=請求者", "=届出者", "=加入者", "=受給権者", "届出人", "世帯主", "name", "shimei", "simei"},
		not:         []string{"会社", "事業", "部署", "担当", "作成", "病院", "銀行", "支店", "品名", "件名", "ファイル", "file", "user", "company", "所在", "住所", "項目", "種別", "hostname"},
		like:        lex.NameLike,
		yesHeadings: []string{"氏名", "氏　名", "被保険者氏名（漢字）", "ｶﾅ氏名", "ﾌﾘｶﾞﾅ", "Name", "受給者名"},
		noHeadings:  []string{"基礎年金番号", "事業所名称", "担当者名", "ファイル名", "品名"},
	}
}
