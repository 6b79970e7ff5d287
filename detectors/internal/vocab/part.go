package vocab

import "strings"

// PartOf returns which part of the number a column holds, by the end of a folded
// heading that is known to be the number's.
func PartOf(folded string) Role {
	if strings.Contains(folded, "4桁") && strings.Contains(folded, "6桁") || strings.Contains(folded, "課所") && strings.Contains(folded, "一連") {
		return Pension
	}
	for _, end := range [...]string{"課所符号", "課所", "記号", "前4桁", "上4桁", "4桁", "頭4桁", "番号1", "番号上", "番号前", "上", "前半", "no1", "num1", "number1", "bango1", "bangou1", "symbol", "prefix", "first4", "upper", "upper4", "head4", "first", "firsthalf", "no4", "num4", "number4", "nenkin1", "nenkin4", "基年1", "kigou", "kigo", "fugo", "fugou"} {
		if strings.HasSuffix(folded, end) {
			return Office
		}
	}
	for _, end := range [...]string{"一連番号", "一連", "番号番号", "後6桁", "下6桁", "6桁", "番号2", "番号下", "番号後", "下", "後半", "no2", "num2", "number2", "bango2", "bangou2", "seq", "serial", "last6", "lower", "lower6", "tail6", "second", "secondhalf", "no6", "num6", "number6", "nenkin2", "nenkin6", "基年2", "renban"} {
		if strings.HasSuffix(folded, end) {
			return Serial
		}
	}
	return Pension
}

// PartBelow returns the part that a heading names below the number's own.
func PartBelow(heading string) Role { return PartOf("番号" + Fold(heading)) }

// PartWord reports whether a folded heading below another one names a part of it.
func PartWord(folded string) bool {
	switch folded {
	case "番号", "記号", "課所", "一連", "符号", "前4桁", "後6桁", "上4桁", "下6桁", "4桁", "6桁", "記号番号", "1", "2", "上", "下", "前", "後", "前半", "後半", "課所符号", "一連番号":
		return true
	}
	return false
}
