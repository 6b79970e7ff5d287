package vocab

// Fields is the table of what a column can be besides the number that is
// searched. The first whose heading fits wins: the order is the rank.
func Fields() []Field {
	return []Field{
		insuranceField(),
		careField(),
		individualField(),
		phoneField(),
		staffField(),
		accountField(),
		slipField(),
		birthField(),
		timeField(),
		amountField(),
		nameField(),
		postalField(),
		addressField(),
		plainField(),
	}
}

// endings are ends of headings that leave no doubt, whatever the words before
// them: 請求者氏名 is no number of a claim.
func endings() []ending {
	return []ending{
		{"氏名", Name},
		{"name", Name},
		{"生年月日", Birth},
		{"住所", Address},
	}
}

type ending struct {
	text string
	role Role
}
