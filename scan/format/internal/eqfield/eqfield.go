// Package eqfield takes the text out of the fields by which Word writes
// furigana in its old formats: EQ \o\ad(\s\up 9(reading),text).
package eqfield

import "bytes"

// Text returns what an instruction of a field shows beside its reading; nil for
// fields of other kinds, whose result stands elsewhere.
func Text(instruction []byte) []byte {
	if !bytes.HasPrefix(bytes.ToUpper(bytes.TrimSpace(instruction)), []byte("EQ")) {
		return nil
	}
	_, rest, found := bytes.Cut(instruction, []byte(`\up`))
	_, base, closed := bytes.Cut(rest, []byte("),"))
	if end := bytes.LastIndexByte(base, ')'); found && closed && end >= 0 {
		return base[:end]
	}
	return nil
}
