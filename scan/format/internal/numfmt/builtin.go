package numfmt

// Builtin returns the format code that a file names by number without writing
// them out (ECMA-376 part 1, section 18.8.30; 27–36 and 50–58 as for Japanese).
// "" means General.
func Builtin(id int) string {
	switch {
	case id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return "yyyy-mm-dd"
	case id == 32 || id == 33:
		return "h:mm:ss"
	case id == 34 || id == 35, id == 55 || id == 56:
		return "yyyy-mm-dd"
	}
	return builtinCode(id)
}

func builtinCode(id int) string {
	switch id {
	case 1:
		return "0"
	case 2:
		return "0.00"
	case 3, 37, 38:
		return "#,##0"
	case 4, 39, 40:
		return "#,##0.00"
	case 5, 6:
		return `"¥"#,##0`
	case 7, 8:
		return `"¥"#,##0.00`
	case 9:
		return "0%"
	case 10:
		return "0.00%"
	case 11:
		return "0.00E+00"
	case 14, 15, 16, 17:
		return "yyyy-mm-dd"
	case 18, 19, 20, 21:
		return "h:mm:ss"
	case 22:
		return "yyyy-mm-dd h:mm"
	case 45, 47:
		return "mm:ss"
	case 46:
		return "[h]:mm:ss"
	case 48:
		return "##0.0E+0"
	case 49:
		return "@"
	}
	return ""
}
