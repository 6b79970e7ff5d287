package vocab

import "unicode/utf8"

// RoleByAll is Role without the index: each field is asked.
func (v *Vocabulary) RoleByAll(folded string) (r Role, exact bool) {
	if folded == "" {
		return None, false
	}
	if named, ok := v.fields[0].named(folded); named && ok {
		_, exact := v.fields[0].Matches(folded)
		return v.fields[0].Role, exact
	}
	if r := endRole(folded); r != None && !v.forbids(r, folded) {
		return r, utf8.RuneCountInString(folded) <= 8
	}
	for i := range v.fields {
		if ok, exact := v.fields[i].Matches(folded); ok {
			return v.fields[i].Role, exact
		}
	}
	if foreignNumber(folded) {
		return Other, false
	}
	return None, false
}
