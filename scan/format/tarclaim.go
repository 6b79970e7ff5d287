package format

import (
	"archive/tar"
	"bytes"
	"strconv"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

const tarBlock = 512

// tarSlack searches what an archive has room for besides headers and content: fields
// behind their terminating zero, and what fills up a block, where some writers leave
// what was in memory.
type tarSlack struct {
	file *scan.File
	w    *grid.Writer
	at   int64 // the end of what has been searched
}

func newTarSlack(f *scan.File, out scan.Sink) *tarSlack {
	w := grid.New(f, out)
	w.Table = "!slack"
	return &tarSlack{file: f, w: w}
}

// headers searches up to a place what was read before it: what fills up the last block
// of a member, and the headers of the next one.
func (s *tarSlack) headers(end int64) error {
	if over := s.at % tarBlock; over > 0 {
		if err := s.spare(s.at, min(tarBlock-over, end-s.at)); err != nil {
			return err
		}
		s.at += tarBlock - over
	}
	block := make([]byte, tarBlock)
	for s.at+tarBlock <= end {
		if n, err := s.file.ReadAt(block, s.at); n < tarBlock {
			return err
		}
		if err := s.fields(block); err != nil {
			return err
		}
		s.at += tarBlock
		switch block[156] {
		case 'x', 'g', 'L', 'K': // records, and names that are too long for the field
			size, err := strconv.ParseInt(strings.Trim(string(block[124:136]), " \x00"), 8, 62)
			if err != nil || size < 0 || size > end-s.at {
				size = end - s.at // the reader has taken it for something
			}
			s.at += size
			if over := s.at % tarBlock; over > 0 {
				if err := s.spare(s.at, min(tarBlock-over, end-s.at)); err != nil {
					return err
				}
				s.at += tarBlock - over
			}
		}
	}
	s.at = end
	return nil
}

// fields searches what the fields of a header leave (POSIX.1-2017, pax, "ustar
// Interchange Format"): texts end at a zero.
func (s *tarSlack) fields(block []byte) error {
	type field struct{ from, to int }
	texts, end := []field{{0, 100}, {157, 257}}, 257 // the first form ends here
	if string(block[257:262]) == "ustar" {
		texts, end = append(texts, field{265, 297}, field{297, 329}), 500
		if block[262] == 0 {
			texts = append(texts, field{345, 500})
		} else { // GNU: behind the times of access and change
			end = 369
		}
	}
	for _, t := range append(texts, field{end, tarBlock}) {
		n := 0
		if t.to < tarBlock {
			if n = bytes.IndexByte(block[t.from:t.to], 0); n < 0 {
				continue
			}
		}
		if err := s.spare(s.at+int64(t.from+n), int64(t.to-t.from-n)); err != nil {
			return err
		}
	}
	return nil
}

// content passes over the content of a member. That of a file with holes ends where
// the next header begins, wherever that is.
func (s *tarSlack) content(h *tar.Header) {
	switch h.Typeflag {
	case tar.TypeDir, tar.TypeLink, tar.TypeSymlink, tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return
	}
	s.at += h.Size
}

func (s *tarSlack) spare(off, size int64) error { return searchSpare(s.file, s.w, off, size) }
