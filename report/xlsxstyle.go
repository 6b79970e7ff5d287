package report

import "github.com/xuri/excelize/v2"

// styles are the numbers that a workbook gives its styles.
type styles struct {
	title, section, heading, fillHeading                  int
	text, wrapped, count, percent, day, minute, fill, bad int
	sumText, sumCount, sumNone, note                      int
	alarm, wrappedAlarm                                   int
}

// newStyles makes them. 49 is the built-in number format "text".
func newStyles(f *excelize.File, font string, c clock) (styles, error) {
	var s styles
	face := func(size float64, bold bool, color string) *excelize.Font {
		return &excelize.Font{Family: font, Size: size, Bold: bold, Color: color}
	}
	paint := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	line := []excelize.Border{{Type: "bottom", Color: "D0D7DE", Style: 1}}
	over := []excelize.Border{{Type: "top", Color: "57606A", Style: 1}}
	top := &excelize.Alignment{Vertical: "top"}
	wrap := &excelize.Alignment{Vertical: "top", WrapText: true}
	head := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "top"}
	right := &excelize.Alignment{Horizontal: "right"}
	days, minutes := c.cellFormats()
	share := "0.0%"
	for _, one := range []struct {
		id    *int
		style excelize.Style
	}{
		{&s.title, excelize.Style{Font: face(16, true, "")}},
		{&s.section, excelize.Style{Font: face(12, true, "1F3A5F")}},
		{&s.heading, excelize.Style{Font: face(10, true, "FFFFFF"), Fill: paint("1F3A5F"), Alignment: head}},
		{&s.fillHeading, excelize.Style{Font: face(10, true, "3D2E00"), Fill: paint("FFE08A"), Alignment: head}},
		{&s.text, excelize.Style{Font: face(10, false, ""), NumFmt: 49, Alignment: top, Border: line}},
		{&s.wrapped, excelize.Style{Font: face(10, false, ""), NumFmt: 49, Alignment: wrap, Border: line}},
		{&s.count, excelize.Style{Font: face(10, false, ""), NumFmt: 3, Alignment: top, Border: line}},
		{&s.percent, excelize.Style{Font: face(10, false, ""), CustomNumFmt: &share, Alignment: top, Border: line}},
		{&s.day, excelize.Style{Font: face(10, false, ""), CustomNumFmt: &days, Alignment: middle, Border: line}},
		{&s.minute, excelize.Style{Font: face(10, false, ""), CustomNumFmt: &minutes, Alignment: middle, Border: line}},
		{&s.fill, excelize.Style{Font: face(10, false, ""), Fill: paint("FFF9E5"), Alignment: wrap, Border: line}},
		{&s.bad, excelize.Style{Font: face(10, true, "B42318")}},
		{&s.alarm, excelize.Style{Font: face(10, true, "B42318"), NumFmt: 49, Alignment: top, Border: line}},
		{&s.wrappedAlarm, excelize.Style{Font: face(10, true, "B42318"), NumFmt: 49, Alignment: wrap, Border: line}},
		{&s.sumText, excelize.Style{Font: face(10, true, ""), NumFmt: 49, Border: over}},
		{&s.sumNone, excelize.Style{Font: face(10, true, ""), NumFmt: 49, Border: over, Alignment: right}},
		{&s.note, excelize.Style{Font: face(10, false, "57606A"), NumFmt: 49}},
		{&s.sumCount, excelize.Style{Font: face(10, true, ""), NumFmt: 3, Border: over}},
	} {
		id, err := f.NewStyle(&one.style)
		if err != nil {
			return s, err
		}
		*one.id = id
	}
	return s, nil
}
