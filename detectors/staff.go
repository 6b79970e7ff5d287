package detectors

// staffField is numbers of employees, members and customers.
func staffField() field {
	return field{
		kind:        kindOther,
		headings:    []string{"社員番号", "社員no", "社員コード", "職員番号", "職員コード", "従業員", "会員番号", "顧客番号", "顧客コード", "学籍番号", "利用者番号", "お客様番号", "患者番号", "employee", "customer", "staffno", "staffid", "userid", "memberid"},
		yesHeadings: []string{"社員番号", "職員 番号", "従業員コード", "お客様番号", "Employee No.", "社員No"},
		noHeadings:  []string{"基礎年金番号", "氏名", "社員氏名"},
	}
}
