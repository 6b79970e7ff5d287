package score

import "github.com/kagiban/kagiban/scan"

// Flags are what is odd about a number.
type Flags uint8

// The flags.
const (
	FlagNine    Flags = 1 << iota // nine digits, a leading zero may be lost
	FlagPhone                     // begins like a free-dial number
	FlagSpaced                    // a space between four and six digits
	FlagMended                    // a zero was put back in one of two columns
	FlagSample                    // looks made up
	FlagRounded                   // all but its first digits are lost
)

// Record returns the confidence in a number that stands in the columns of a set,
// by the assessments of the columns; false if it is not even alike.
func Record(assessed []Assessment, columns uint64, f Flags) (scan.Confidence, bool) {
	best, ok := scan.ConfidenceLow, false
	for i := range assessed {
		if columns&(1<<i) == 0 {
			continue
		}
		v := &assessed[i]
		if f&FlagNine != 0 && !v.Nine {
			continue
		}
		ok = true
		if f&FlagRounded != 0 {
			if v.Header && best == scan.ConfidenceLow {
				best = scan.ConfidenceMedium
			}
			continue
		}
		if f&FlagSample != 0 || f&(FlagPhone|FlagSpaced) != 0 && !v.Header {
			continue
		}
		if v.Confidence == scan.ConfidenceHigh || best == scan.ConfidenceLow {
			best = v.Confidence
		}
	}
	return best, ok
}
