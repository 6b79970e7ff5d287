package scan

import "time"

// StallTime is the processor time in which something of a file must have been
// read or handed on; else its examination is given up with the LimitError
// "progress".
const StallTime = 10 * time.Second

// Limits bound what one top-level file may cost, whatever is inside it. A zero
// field means: no limit of this kind.
type Limits struct {
	Depth    int           // files in files in files
	Members  int64         // members at all depths together
	Expanded int64         // bytes after unpacking, at all depths together
	Ratio    int64         // expanded : size of the file, once RatioFrom bytes came out
	Rows     int64         // rows at all depths together
	Cell     int           // bytes of text in one cell
	RowCells int           // cells of one row
	RowText  int           // bytes of text in one row; a text that several cells share counts in each of them
	Decoder  int64         // bytes that the decoders of all files under examination take at one time for dictionaries and windows
	Spool    int64         // bytes held in temporary files at one time
	Memory   int64         // bytes a member may take in memory before it goes to a temporary file
	Hits     int           // pieces of evidence kept
	Time     time.Duration // of work on one file at most; a small file gets less, see scan/engine/clock.go
}

// RatioFrom is how many expanded bytes are allowed before Limits.Ratio counts:
// a small file of zeros is no attack.
const RatioFrom = 1 << 30

// DefaultLimits are generous for files that people make and closed to bombs.
func DefaultLimits() Limits {
	return Limits{
		Depth:    16,
		Members:  5_000_000,
		Expanded: 100 << 30,
		Ratio:    300,
		Rows:     200_000_000,
		Cell:     1 << 20,
		RowCells: 1 << 18,
		RowText:  16 << 20,
		Decoder:  160 << 20,
		Spool:    16 << 30,
		Memory:   8 << 20,
		Hits:     10,
		Time:     30 * time.Minute,
	}
}

// PasswordHints say where people write a password down beside what it protects.
type PasswordHints struct {
	Words []string                   // announce one on their line or the next, in lower case
	Files func(name string) []string // names of text files beside a protected file
}
