package layout

import (
	"strings"

	"github.com/kagiban/kagiban/detectors/internal/lex"
)

// A lone name is a line that is nothing but a name, as the head of what is said of a
// person below it.
type lone struct {
	at    int  // its row; 0 for none
	first bool // a blank line stands before it: another person begins
}

const (
	loneReach = 2 // rows from a lone name to the first label
	loneCells = 4 // of a row with a label
)

// below takes the lone name above a row that begins with a label.
func (f *forms) below(r *row) error {
	name := f.lone
	if f.lone = (lone{}); name.at == 0 || r.N > name.at+loneReach {
		return nil
	}
	if name.first && len(f.numbers) > 0 {
		if err := f.flush(); err != nil {
			return err
		}
	}
	return f.addFact(name.at, -1, lex.Name, nil)
}

// personAlone reports whether a line is a name and nothing else: with the word of
// respect that is written to persons, or as lists hold names.
func personAlone(line string) bool {
	for _, respect := range [...]string{"様", "さん", "殿"} {
		if name, ok := strings.CutSuffix(line, respect); ok {
			line = strings.TrimRight(name, " 　")
			return lex.NameLike(line) || lex.WordLike(line) && !strings.ContainsAny(line, "お御客皆各者位")
		}
	}
	if !lex.NameLike(line) {
		return false
	}
	for _, title := range [...]string{"情報", "記録", "一覧", "詳細", "資料", "台帳", "名簿", "内容", "事項", "照会", "確認", "通知", "案内", "結果", "明細", "報告", "様式", "控", "分", "者", "データ", "リスト", "番号", "届", "年金", "保険"} {
		if strings.HasSuffix(line, title) {
			return false
		}
	}
	return true
}
