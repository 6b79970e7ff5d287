package incident

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/kagiban/kagiban/scan"
)

// How a line of a list was matched with a file, best first. Of one line the files
// of the best way count: all of them, where there are several.
type How int

// The ways.
const (
	HowNot      How = iota
	HowExact        // the whole path, letter by letter
	HowBelow        // the path below the target
	HowPattern      // a line with wildcards
	HowEnd          // the line is the end of the path
	HowCopied       // the path below the target is the end of the line: a copy elsewhere, another drive
	HowSizeTime     // a line with size and time that no name fits: the file was renamed
)

var howNames = [...]string{"", "exact", "below", "pattern", "end", "copied", "size-time"}

func (h How) String() string { return howNames[h] }

// timeSlack is how far times of the same file differ after it went through an
// archive or a FAT medium: two seconds.
const timeSlack = 2 * time.Second

// A Matcher finds the files that lines mean, in one pass over all files. Nothing
// it does grows with the product of both, but for lines with wildcards.
type Matcher struct {
	lines []Line
	whole map[string][]int // lines by their path in small letters
	ends  map[string][]int // lines by each end of their path of two parts or more
	sizes map[int64][]int  // lines with size and time
	wild  []int
	found []match // by line
}

// A match is what is known of one line.
type match struct {
	how   How
	fold  bool // but for capital letters
	files []int64
}

// NewMatcher makes one for the lines of a list.
func NewMatcher(lines []Line) *Matcher {
	m := &Matcher{lines: lines, whole: map[string][]int{}, ends: map[string][]int{}, sizes: map[int64][]int{}, found: make([]match, len(lines))}
	for i, l := range lines {
		if l.Known {
			m.sizes[l.Size] = append(m.sizes[l.Size], i)
			continue
		}
		if l.wild {
			m.wild = append(m.wild, i)
			continue
		}
		key := folded(l.Parts)
		m.whole[key] = append(m.whole[key], i)
		for from := 0; from+2 <= len(l.Parts); from++ {
			end := folded(l.Parts[from:])
			m.ends[end] = append(m.ends[end], i)
		}
	}
	return m
}

func folded(parts []string) string { return strings.ToLower(strings.Join(parts, "/")) }

// File compares one file with all lines.
func (m *Matcher) File(l scan.Listed) {
	target, below := Parts(l.Entry.Target), Parts(l.Entry.Path)
	full := append(slices.Clone(target), below...)
	for from := range full {
		for _, i := range m.whole[folded(full[from:])] {
			how := HowEnd
			switch from {
			case 0:
				how = HowExact
			case len(target):
				how = HowBelow
			}
			m.hit(i, l.File, how, m.lines[i].Parts, full[from:])
		}
	}
	// A copy has what is below the target; of a file right below it also its share.
	for _, from := range []int{len(target), len(target) - 1} {
		if from < 0 || len(full)-from < 2 {
			continue
		}
		for _, i := range m.ends[folded(full[from:])] {
			parts := m.lines[i].Parts
			m.hit(i, l.File, HowCopied, parts[len(parts)-len(full)+from:], full[from:])
		}
	}
	for _, i := range m.wild {
		m.pattern(i, l.File, target, below)
	}
	for _, i := range m.sizes[l.Entry.Size] {
		if d := m.lines[i].ModTime.Sub(l.Entry.ModTime); d < -timeSlack || d > timeSlack {
			continue
		}
		m.sized(i, l.File, full)
	}
}

// hit takes a file that fits a line but for capital letters.
func (m *Matcher) hit(i int, file int64, how How, line, file2 []string) {
	m.take(i, file, how, !slices.Equal(line, file2))
}

func (m *Matcher) take(i int, file int64, how How, fold bool) {
	f := &m.found[i]
	if f.how != HowNot && (f.how < how || f.how == how && !f.fold && fold) {
		return
	}
	if f.how != how || f.fold != fold {
		f.how, f.fold, f.files = how, fold, f.files[:0]
	}
	if !slices.Contains(f.files, file) {
		f.files = append(f.files, file)
	}
}

// literal keeps what is no wildcard in a list from being one.
var literal = strings.NewReplacer("[", `\[`, "]", `\]`, "{", `\{`, "}", `\}`)

// pattern compares a line with wildcards: with the whole path, and with the path
// below the target.
func (m *Matcher) pattern(i int, file int64, target, below []string) {
	pattern := literal.Replace(strings.Join(m.lines[i].Parts, "/"))
	path := strings.Join(below, "/")
	whole := strings.Join(target, "/") + "/" + path
	for _, name := range []string{whole, path} {
		if ok, err := doublestar.Match(pattern, name); ok && err == nil {
			m.take(i, file, HowPattern, false)
			return
		}
	}
	for _, name := range []string{whole, path} {
		if ok, err := doublestar.Match(strings.ToLower(pattern), strings.ToLower(name)); ok && err == nil {
			m.take(i, file, HowPattern, true)
			return
		}
	}
}

// sized takes a file of the size and the time of a line.
func (m *Matcher) sized(i int, file int64, full []string) {
	parts := m.lines[i].Parts
	switch n := len(full) - len(parts); {
	case len(parts) == 0 || n < 0:
		m.take(i, file, HowSizeTime, false)
	case slices.Equal(parts, full[n:]):
		m.take(i, file, HowExact, false)
	case folded(parts) == folded(full[n:]):
		m.take(i, file, HowExact, true)
	default:
		m.take(i, file, HowSizeTime, false)
	}
}

// A Matched is a file with the line that means it.
type Matched struct {
	File int64
	Line *Line // nil: no list was given
	How  How
	Fold bool // it fits but for capital letters
	// Several says that the line means more files than this one.
	Several bool
}

// Result returns the files that lines mean, each once, and the lines that mean
// none.
func (m *Matcher) Result() (files []Matched, unmatched []string) {
	seen := map[int64]int{}
	for i, f := range m.found {
		if f.how == HowNot {
			unmatched = append(unmatched, m.lines[i].Text)
		}
		for _, file := range f.files {
			at, again := seen[file]
			if !again {
				seen[file] = len(files)
				files = append(files, Matched{file, &m.lines[i], f.how, f.fold, len(f.files) > 1 && !m.lines[i].wild})
			} else if f.how < files[at].How {
				files[at] = Matched{file, &m.lines[i], f.how, f.fold, len(f.files) > 1 && !m.lines[i].wild}
			}
		}
	}
	slices.SortFunc(files, func(a, b Matched) int { return cmp.Compare(a.File, b.File) })
	return files, unmatched
}
