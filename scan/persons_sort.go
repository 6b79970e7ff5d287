package scan

import (
	"cmp"
	"slices"
)

// fewSightings are sorted by comparing them.
const fewSightings = 48

// sortSightings sorts by hash, from the byte at shift downwards. Hashes are spread
// evenly, so two bytes part hundreds of thousands of them into groups of a few: this
// takes a third of the time of comparing them.
func sortSightings(s []sighting, shift int) {
	if len(s) <= fewSightings || shift < 0 {
		slices.SortFunc(s, func(a, b sighting) int { return cmp.Compare(a.hash, b.hash) })
		return
	}
	var next, end [256]int // of each byte: the place to fill, and the one behind its group
	for i := range s {
		end[s[i].hash>>shift&0xFF]++
	}
	at := 0
	for b := range end {
		next[b] = at
		at += end[b]
		end[b] = at
	}
	for b := range next {
		for next[b] < end[b] {
			v := s[next[b]]
			for to := v.hash >> shift & 0xFF; int(to) != b; to = v.hash >> shift & 0xFF {
				s[next[to]], v = v, s[next[to]]
				next[to]++
			}
			s[next[b]] = v
			next[b]++
		}
	}
	from := 0
	for _, to := range end {
		if to-from > 1 {
			sortSightings(s[from:to], shift-8)
		}
		from = to
	}
}
