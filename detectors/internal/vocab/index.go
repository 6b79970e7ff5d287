package vocab

import "strings"

// An index finds which of some sets a text holds a word of, in one pass over the
// text: each line of a document is asked for several hundred words, of which it
// holds none as a rule.
type index struct {
	slots [1 << slotBits]uint16 // by the hash of three bytes: a bucket, plus one
	words [][]indexed           // the buckets
	short []indexed             // words of less than three bytes
}

// An indexed word belongs to the sets of a mask.
type indexed struct {
	text string
	sets uint64
}

const slotBits = 12

// slot hashes three bytes.
func slot(a, b, c byte) uint32 {
	return (uint32(a) | uint32(b)<<8 | uint32(c)<<16) * 0x9E3779B1 >> (32 - slotBits)
}

// add adds a word to the sets of a mask.
func (x *index) add(text string, sets uint64) {
	if len(text) < 3 {
		x.short = append(x.short, indexed{text, sets})
		return
	}
	at := &x.slots[slot(text[0], text[1], text[2])]
	if *at == 0 {
		x.words = append(x.words, nil)
		*at = uint16(len(x.words))
	}
	bucket := &x.words[*at-1]
	*bucket = append(*bucket, indexed{text, sets})
}

// in returns the sets of which a text holds a word.
func (x *index) in(text string) (sets uint64) {
	for i := range x.short {
		if strings.Contains(text, x.short[i].text) {
			sets |= x.short[i].sets
		}
	}
	for i := 0; i+2 < len(text); i++ {
		bucket := x.slots[slot(text[i], text[i+1], text[i+2])]
		if bucket == 0 {
			continue
		}
		for k := range x.words[bucket-1] {
			if word := &x.words[bucket-1][k]; sets&word.sets != word.sets && strings.HasPrefix(text[i:], word.text) {
				sets |= word.sets
			}
		}
	}
	return sets
}

// indexFields makes the index of the words without which no heading is a field's,
// by the place of the field: but for those that hold the name of one mistyped or cut.
func indexFields(fields []Field) (x index) {
	for i := range fields {
		f, set := &fields[i], uint64(1)<<i
		if f.Full != "" {
			x.add(f.Full, set)
		}
		for _, word := range f.Headings {
			x.add(word.Text, set)
		}
		for _, first := range f.Compound.First {
			x.add(first, set)
		}
	}
	return x
}
