package detectors

import "github.com/kagiban/kagiban/detectors/internal/lex"

// birthField is dates of birth, of the calendar of eras (和暦) and the western
// one.
func birthField() field {
	return field{
		kind:        kindBirth,
		headings:    []string{"生年月日", "誕生日", "出生年月日", "生年", "=生月日", "セイネンガッピ", "せいねんがっぴ", "birth", "seinengappi", "seinengapi", "=dob"},
		like:        lex.BirthLike,
		yesHeadings: []string{"生年月日", "生 年 月 日", "生年月日（和暦）", "ｾｲﾈﾝｶﾞｯﾋﾟ", "Date of Birth", "birthday"},
		noHeadings:  []string{"基礎年金番号", "資格取得年月日", "受付日"},
	}
}
