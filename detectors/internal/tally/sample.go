package tally

import "github.com/kagiban/kagiban/detectors/internal/score"

// A Sample is one piece of evidence, masked when it is taken.
type Sample struct {
	Row    int
	masked [11]byte
}

// Masked returns the number as evidence shows it.
func (s *Sample) Masked() string { return string(s.masked[:]) }

// A TextSample is a piece of evidence from running text.
type TextSample struct {
	Sample
	Col   int
	Class score.TextClass
}

// mask keeps the last two digits: enough to find the cell again in its row, too
// little to tell the office that gave the number, or a person in a small list.
func mask(v uint64) (m [11]byte) {
	copy(m[:], "****-****00")
	m[9], m[10] = byte('0'+v/10%10), byte('0'+v%10)
	return m
}

// Masked returns a number as evidence shows it.
func Masked(v uint64) string {
	m := mask(v)
	return string(m[:])
}
