package detectors

// amountField is amounts of money and other quantities.
func amountField() field {
	return field{
		kind:        kindOther,
		headings:    []string{"金額", "残高", "合計", "単価", "数量", "年金額", "支給額", "総額", "円", "予算", "人口", "件数", "=額", "amount", "price", "total"},
		yesHeadings: []string{"金額（円）", "残高", "年金額", "合計", "Total"},
		noHeadings:  []string{"基礎年金番号", "氏名"},
	}
}
