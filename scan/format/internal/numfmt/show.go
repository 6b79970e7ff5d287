package numfmt

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"
)

// Append appends what a person sees for a stored number to dst. Raw is the
// number as the file writes it; what is no number is appended as it is.
func (f *Format) Append(dst, raw []byte, date1904 bool) []byte {
	if len(f.sections) == 1 {
		s := &f.sections[0]
		if integer(raw) && len(raw) <= 15 && !s.hasCond {
			switch {
			case s.kind == general || s.kind == text && len(s.parts) == 1:
				return append(dst, raw...)
			case s.plain:
				return s.fill(dst, raw)
			}
		}
	}
	v, err := strconv.ParseFloat(string(bytes.TrimSpace(raw)), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, raw...)
	}
	return f.AppendFloat(dst, v, date1904)
}

// AppendFloat is Append for a number that the file holds in binary.
func (f *Format) AppendFloat(dst []byte, v float64, date1904 bool) []byte {
	s, negate := f.choose(v)
	switch s.kind {
	case general:
		return appendGeneral(dst, v)
	case date:
		return s.appendDate(dst, v, date1904)
	case text:
		return s.appendText(dst, appendGeneral(nil, v))
	}
	if negate && v < 0 {
		dst = append(dst, '-')
	}
	return s.appendNumber(dst, math.Abs(v))
}

func integer(raw []byte) bool {
	for _, c := range raw {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(raw) > 0 && (raw[0] != '0' || len(raw) == 1)
}

// choose picks the section for a value, and says whether a minus sign is still to be put.
func (f *Format) choose(v float64) (*section, bool) {
	n := len(f.sections)
	if n == 4 {
		n = 3 // the fourth is for text
	}
	for i := range n {
		if s := &f.sections[i]; s.hasCond && s.holds(v) {
			return s, true
		}
	}
	switch {
	case f.sections[0].hasCond:
		return &f.sections[n-1], true
	case v < 0 && n > 1:
		return &f.sections[1], false
	case v == 0 && n > 2:
		return &f.sections[2], false
	}
	return &f.sections[0], true
}

func (s *section) holds(v float64) bool {
	switch s.op {
	case ">":
		return v > s.limit
	case ">=":
		return v >= s.limit
	case "<":
		return v < s.limit
	case "<=":
		return v <= s.limit
	case "=":
		return v == s.limit
	case "<>":
		return v != s.limit
	}
	return false
}

// appendGeneral shows up to 11 digits as a cell of ordinary width does, and
// keeps whole numbers of up to 15 digits: a narrow column hides nothing here.
func appendGeneral(dst []byte, v float64) []byte {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.AppendFloat(dst, v, 'f', 0, 64)
	}
	if a := math.Abs(v); a >= 1e-4 && a < 1e15 {
		text := strconv.FormatFloat(v, 'g', 15, 64)
		if r, err := strconv.ParseFloat(text, 64); err == nil {
			return strconv.AppendFloat(dst, r, 'f', -1, 64)
		}
	}
	text := strconv.FormatFloat(v, 'E', -1, 64)
	return append(dst, text...)
}

// fill puts the digits of a whole number into a template like 0000-000000.
func (s *section) fill(dst, digits []byte) []byte {
	missing := s.intDigits - len(digits)
	extra := max(-missing, 0)
	place, seenZero := 0, false
	for _, p := range s.parts {
		switch {
		case p.place == 0:
			dst = append(dst, p.literal...)
			continue
		case place == 0 && extra > 0:
			dst = append(dst, digits[:extra]...)
		}
		seenZero = seenZero || p.place == '0'
		if place >= missing {
			dst = append(dst, digits[place-missing])
		} else if seenZero {
			dst = append(dst, '0')
		} else if p.place == '?' {
			dst = append(dst, ' ')
		}
		place++
	}
	return dst
}

func (s *section) appendText(dst, value []byte) []byte {
	for _, p := range s.parts {
		if p.place == '@' {
			dst = append(dst, value...)
		} else {
			dst = append(dst, p.literal...)
		}
	}
	return dst
}

// appendNumber shows a value that is not negative.
func (s *section) appendNumber(dst []byte, v float64) []byte {
	if s.intDigits+s.decimals == 0 { // literals only
		return s.appendText(dst, nil)
	}
	if s.scale != 0 {
		v *= math.Pow10(s.scale)
	}
	exp := 0
	if s.exponent && v != 0 {
		exp = int(math.Floor(math.Log10(v)))
		step := max(s.intDigits, 1)
		exp -= ((exp % step) + step) % step
		v /= math.Pow10(exp)
	}
	decimals := min(s.decimals, 30)
	whole, frac := round(v, decimals)
	if whole == "0" {
		whole = ""
	}
	for len(frac) > s.minDec && frac[len(frac)-1] == '0' {
		frac = frac[:len(frac)-1]
	}
	digits := []byte(whole)
	if s.group {
		digits = append(bytes.Repeat([]byte{'0'}, max(s.minInt-len(digits), 0)), digits...)
		return s.assemble(dst, groups(digits), frac, exp)
	}
	if s.intDigits == 0 {
		return s.assemble(dst, digits, frac, exp)
	}
	return s.assemble(dst, nil, frac, exp, digits...)
}

// round returns the digits before and after the point, a half rounded up in
// decimal as spreadsheets do: 0.125 is 0.13, though the number in binary is no
// more than that half.
func round(v float64, decimals int) (whole, frac string) {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	whole, frac, _ = strings.Cut(text, ".")
	if len(frac) > decimals && frac[decimals] == '5' {
		up := []byte(text[:len(whole)+1+decimals] + "6") // beyond the half
		v, _ = strconv.ParseFloat(string(up), 64)
	}
	whole, frac, _ = strings.Cut(strconv.FormatFloat(v, 'f', decimals, 64), ".")
	return whole, frac
}

// assemble goes through the parts. The whole part is either ready (grouped) or
// digits to be spread over the placeholders.
func (s *section) assemble(dst, ready []byte, frac string, exp int, digits ...byte) []byte {
	afterPoint, done, fracDone, places := false, false, 0, 0
	whole := section{intDigits: s.intDigits}
	for _, p := range s.parts {
		switch p.place {
		case '.':
			if !done {
				dst, done = append(whole.fill(dst, digits), ready...), true
			}
			afterPoint = true
			if frac != "" || s.minDec > 0 {
				dst = append(dst, '.')
			}
		case 'E':
			if !done {
				dst, done = append(whole.fill(dst, digits), ready...), true
			}
			dst = appendExponent(dst, exp, len(p.literal))
		case 0:
			if !done && len(whole.parts) > 0 && len(whole.parts) < s.intDigits+8 && places > 0 && places < s.intDigits { // more placeholders follow
				whole.parts = append(whole.parts, p)
				continue
			}
			if !done && len(whole.parts) > 0 {
				dst, done = append(whole.fill(dst, digits), ready...), true
			}
			dst = append(dst, p.literal...)
		default:
			if afterPoint {
				if fracDone < len(frac) {
					dst = append(dst, frac[fracDone])
				}
				fracDone++
			} else if ready == nil {
				whole.parts = append(whole.parts, p)
				places++
			} else if len(whole.parts) == 0 {
				whole.parts = []part{{}} // marks that the number begins here
			}
		}
	}
	if !done && !afterPoint {
		dst = append(whole.fill(dst, digits), ready...)
	}
	return dst
}

func appendExponent(dst []byte, exp, width int) []byte {
	sign := byte('+')
	if exp < 0 {
		sign, exp = '-', -exp
	}
	digits := strconv.Itoa(exp)
	dst = append(dst, 'E', sign)
	for range width - len(digits) {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}

func groups(digits []byte) []byte {
	var out []byte
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, d)
	}
	return out
}

// appendDate shows a serial date (ECMA-376 part 1, section 18.17.4) as ISO 8601.
func (s *section) appendDate(dst []byte, v float64, date1904 bool) []byte {
	if v < 0 || v >= 2958466 { // 9999-12-31 is the last that a cell can show
		return appendGeneral(dst, v)
	}
	if s.elapsed && !s.hasDate {
		seconds := int64(math.Round(v * 86400))
		dst = strconv.AppendInt(dst, seconds/3600, 10)
		return append(dst, time.Unix(seconds%3600, 0).UTC().Format(":04:05")...)
	}
	day := math.Floor(v)
	seconds := math.Round((v - day) * 86400)
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case v < 60:
		epoch = epoch.AddDate(0, 0, 1) // there never was a 29th of February 1900
	}
	t := epoch.Add(time.Duration(day*86400+seconds) * time.Second)
	switch {
	case s.hasDate && s.hasTime:
		return t.AppendFormat(dst, "2006-01-02 15:04:05")
	case s.hasTime:
		return t.AppendFormat(dst, "15:04:05")
	}
	return t.AppendFormat(dst, "2006-01-02")
}
