package vocab

import (
	"slices"
	"strings"
	"unicode"
)

// elsewhere are words of keys around a name, a date or an address that are not those
// of a person: the name of a company in the record of its employee.
var elsewhere = []string{"会社", "法人", "事業", "勤務先", "銀行", "金融", "支店", "口座", "部署", "部門", "所属", "役職", "職種", "商品", "製品", "病院", "学校"}

// elsewhereWords are those of keys in English, which are known as whole words.
var elsewhereWords = []string{"company", "employer", "bank", "branch", "account", "office", "department", "dept", "division", "position", "product", "item", "organization", "organisation", "school", "project", "role", "group", "team", "category", "file", "host", "server", "plugin", "package", "module", "job"}

// ofAnother reports whether a key is of something else than a person.
func ofAnother(key string) bool {
	if holdsOne(Fold(key), elsewhere) {
		return true
	}
	return slices.ContainsFunc(keyWords(key), func(word string) bool { return slices.Contains(elsewhereWords, word) })
}

// keyWords returns the words of a key, which stand apart by signs or capitals.
func keyWords(key string) (words []string) {
	from, was := 0, ' '
	for i, r := range key {
		if !unicode.IsLetter(r) || unicode.IsUpper(r) && unicode.IsLower(was) {
			if i > from {
				words = append(words, strings.ToLower(key[from:i]))
			}
			if from = i; !unicode.IsLetter(r) {
				from += len(string(r))
			}
		}
		was = r
	}
	if from < len(key) {
		words = append(words, strings.ToLower(key[from:]))
	}
	return words
}

// Path returns the role of a column by the keys that lead to it, the outermost
// first, parted by '/', and the roles that its own key forbids. The own key decides;
// where it says little those around it do.
func (r *Reader) Path(text string) (Role, Roles) {
	keys := strings.Split(text, "/")
	leaf := keys[len(keys)-1]
	role, barred := r.Column(leaf)
	around := keys[max(0, len(keys)-3) : len(keys)-1]
	switch role {
	case Name, Birth, Address:
		if len(around) > 0 && ofAnother(around[len(around)-1]) {
			return Plain, barred
		}
		return role, barred
	case None:
	case Other:
		if !r.foreign(leaf) {
			return role, barred
		}
	default:
		return role, barred
	}
	folded := Fold(leaf)
	open := Neutral(folded) || PartWord(folded) || len(folded) <= 2 || leafWord(folded)
	for i := len(around) - 1; i >= 0; i-- {
		joined, _ := r.Column(around[i] + " " + leaf)
		switch {
		case joined == Pension || joined == Office || joined == Serial:
			if open || !holdsOne(folded, idWords) {
				return joined, barred
			}
		case joined.Negative() && Neutral(folded):
			return joined, barred
		}
		switch whole, _ := r.Column(around[i]); whole {
		case Birth, Address, Name:
			return whole, barred
		case Pension:
			if open {
				return whole, barred
			}
		}
	}
	return role, barred
}

// foreign reports whether a key is that of some number and of no field.
func (r *Reader) foreign(key string) bool {
	i, _ := r.field(Fold(key))
	return i < 0
}

// idWords are keys of things beside a number and not of the number.
var idWords = []string{"date", "type", "status", "flag", "name", "日", "区分", "種別", "有無", "状態", "image", "file", "count", "comment", "memo"}

// leafWord reports whether a folded key says no more than that it holds a value.
func leafWord(folded string) bool {
	switch folded {
	case "value", "values", "text", "val", "content", "data", "number", "num", "no", "code", "seq", "symbol", "first", "second", "upper", "lower", "値", "内容", "string":
		return true
	}
	return false
}
