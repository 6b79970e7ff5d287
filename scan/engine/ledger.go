package engine

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

const (
	// gapLeast is the shortest rest that is looked at, bytes: less holds no number
	// of ten digits.
	gapLeast = 10
	// gapsMost is how many rests of one file are looked at.
	gapsMost = 1000
	// restsMost is how many rests may lie in each other.
	restsMost = 4
)

// settle looks at what no format has accounted for. Padding is passed over. The
// rest is visited as a member: something that somebody appended, or put into a
// place that no index names. What is of no known form is a problem, since nobody
// can say that nothing is in it.
func (s *sink) settle() error {
	if s.visit.engine.cfg.LowHits {
		s.item.Account = s.file.Ledger().Accounts(s.file.Size())
	}
	gaps, known := s.file.Ledger().Gaps(s.file.Size())
	if len(gaps) > 0 && s.restsAround() >= restsMost {
		s.Problem(fmt.Errorf("rests of the file in rests: %w", scan.ErrUnaccounted))
		return s.stop
	}
	if !known {
		s.Problem(fmt.Errorf("parts of the file in more pieces than can be kept: %w", scan.ErrUnaccounted))
	}
	for i, g := range gaps {
		if s.stop != nil {
			return s.stop
		}
		if i == gapsMost {
			s.Problem(fmt.Errorf("%d bytes at %d and %d more places: %w", g.Size, g.Off, len(gaps)-i-1, scan.ErrUnaccounted))
			break
		}
		inner, err := unpadded(s.file, g)
		if err != nil {
			return err
		}
		switch {
		case inner.Size < gapLeast:
		case s.omitted && g.Size == s.file.Size():
		case g.Size == s.file.Size(): // it would be the same again
			s.Problem(fmt.Errorf("%d bytes: %w", g.Size, scan.ErrUnaccounted))
		default:
			g.Size -= inner.Off - g.Off
			s.rest(scan.Span{Off: inner.Off, Size: g.Size}, inner)
		}
	}
	return s.stop
}

// restsAround returns how many rests a file lies in.
func (s *sink) restsAround() int {
	n := 0
	for _, name := range s.file.Inner {
		if strings.HasPrefix(name, scan.RestName) {
			n++
		}
	}
	return n
}

// rest visits one range that nobody accounted for, with the padding behind it,
// which may belong to it, and then without.
func (s *sink) rest(padded, inner scan.Span) {
	nested := s.nested // a rest makes no container of the file
	item, err := s.visitRest(padded)
	if err != nil && inner != padded && item.Findings.Confidence() == "" && !s.visit.stops(err) {
		item, err = s.visitRest(inner)
	}
	s.nested = nested
	if item.Findings.Confidence() == "" {
		if s.omitted && (item.Skipped != "" || unknown(item, err)) {
			return
		}
		if errors.Is(err, scan.ErrUnsupported) {
			s.Problem(fmt.Errorf("%d bytes at %d: %w", inner.Size, inner.Off, scan.ErrUnaccounted))
			return
		}
	}
	s.stop = s.keepMember(item, err)
}

// unknown reports whether a rest is of no known form.
func unknown(item *scan.Item, err error) bool {
	if errors.Is(err, scan.ErrUnsupported) {
		return true
	}
	for _, p := range item.Problems {
		if p.Kind == scan.KindUnaccounted {
			return true
		}
	}
	return false
}

func (s *sink) visitRest(g scan.Span) (*scan.Item, error) {
	return s.visitMember(scan.Member{
		Name: scan.RestName + strconv.FormatInt(g.Off, 10), Size: g.Size, At: io.NewSectionReader(s.file, g.Off, g.Size),
	})
}

// behind visits what somebody put behind a file that is out of scope.
func (v *visit) behind(format scan.Format, f *scan.File, item *scan.Item) error {
	if format.Claim == nil {
		return nil
	}
	format.Claim(f)
	if err := f.Failed(); err != nil {
		return err
	}
	s := &sink{visit: v, file: f, item: item, omitted: true}
	return v.blame(f, s.settle())
}

// padding are the bytes with which programs fill up: zeros, ones, blanks, ends of
// lines, and the end mark of CP/M.
func padding(c byte) bool {
	switch c {
	case 0, 0xFF, ' ', '\t', '\r', '\n', 0x1A:
		return true
	}
	return false
}

// unpadded returns a range without the padding at its ends.
func unpadded(f *scan.File, g scan.Span) (scan.Span, error) {
	buf := make([]byte, min(g.Size, 32<<10))
	for g.Size > 0 {
		b := buf[:min(g.Size, int64(len(buf)))]
		if n, err := f.ReadAt(b, g.Off); n < len(b) {
			return g, err
		}
		n := 0
		for n < len(b) && padding(b[n]) {
			n++
		}
		g.Off, g.Size = g.Off+int64(n), g.Size-int64(n)
		if n < len(b) {
			break
		}
	}
	for g.Size > 0 {
		b := buf[:min(g.Size, int64(len(buf)))]
		if n, err := f.ReadAt(b, g.Off+g.Size-int64(len(b))); n < len(b) {
			return g, err
		}
		n := len(b)
		for n > 0 && padding(b[n-1]) {
			n--
		}
		g.Size -= int64(len(b) - n)
		if n > 0 {
			break
		}
	}
	return g, nil
}
