package vocab

import "strings"

// foreignNumber reports whether a folded heading names a number of some other
// kind: it ends as such headings do and begins with what the number is for.
func foreignNumber(folded string) bool {
	if i := strings.Index(folded, "番号"); i > 0 {
		return foreign(folded[:i]) && !strings.HasSuffix(folded, "記号番号")
	}
	for _, end := range [...]string{"no", "コード", "code", "id", "ナンバー", "number"} {
		if what, ok := strings.CutSuffix(folded, end); ok {
			return foreign(what)
		}
	}
	return false
}

// foreign reports whether what a number is for is not the person whom a list is
// about.
func foreign(what string) bool {
	switch what {
	case "本人", "対象者", "対象", "受給者", "証書", "記録", "照会", "記号", "者", "row", "rec", "seq":
		return false
	}
	return len(what) >= 2
}

// Neutral reports whether a folded heading may stand over any number.
func Neutral(folded string) bool {
	switch folded {
	case "番号", "no", "id", "本人番号", "対象者番号", "受給者番号", "証書番号", "記録番号", "照会番号":
		return true
	}
	return strings.HasSuffix(folded, "記号番号")
}
