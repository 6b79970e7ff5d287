package state

import (
	"bufio"
	"cmp"
	"context"
	"encoding/binary"
	"io"
	"iter"
	"slices"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/spool"
)

const (
	// sightingsInMemory are sorted at a time: 32 MiB.
	sightingsInMemory = 1 << 20
	sightingSize      = packedSize + 8 // bytes in a spool: a packed person and the version
)

// Sightings implements scan.HistoryReader, by an external sort in bounded memory.
func (p past) Sightings(ctx context.Context, versions []int64) iter.Seq2[scan.Sighting, error] {
	return func(yield func(scan.Sighting, error) bool) {
		sorting := &sightings{most: sightingsInMemory}
		defer sorting.close()
		for _, v := range versions {
			if err := p.sort(ctx, v, sorting); err != nil {
				yield(scan.Sighting{}, p.db.wrap(err))
				return
			}
		}
		sorting.each(yield)
	}
}

// sort adds the persons of a version.
func (p past) sort(ctx context.Context, version int64, to *sightings) error {
	rows, err := p.db.read.QueryContext(ctx, "SELECT packed FROM persons WHERE result = ? ORDER BY part", version)
	if err != nil {
		return err
	}
	defer rows.Close()
	var packed []byte
	for rows.Next() {
		if err := rows.Scan(&packed); err != nil {
			return err
		}
		for person, err := range unpack(packed) {
			if err == nil {
				err = to.add(scan.Sighting{Person: person, Version: version})
			}
			if err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

// sightings are sorted by hash in runs; full runs go to a spool.
type sightings struct {
	most int
	buf  []scan.Sighting
	runs []*spool.Spool
}

func byHash(a, b scan.Sighting) int {
	return cmp.Or(cmp.Compare(a.Hash, b.Hash), cmp.Compare(a.Version, b.Version))
}

func (s *sightings) add(one scan.Sighting) error {
	if s.buf = append(s.buf, one); len(s.buf) < s.most {
		return nil
	}
	slices.SortFunc(s.buf, byHash)
	run := spool.New(0)
	s.runs = append(s.runs, run)
	w := bufio.NewWriterSize(run, 64<<10)
	var b []byte
	for _, v := range s.buf {
		b = binary.BigEndian.AppendUint64(appendPerson(b[:0], v.Person), uint64(v.Version))
		if _, err := w.Write(b); err != nil {
			return scan.Errorf("sorting persons: %w", err)
		}
	}
	s.buf = s.buf[:0]
	return w.Flush()
}

func (s *sightings) close() {
	for _, run := range s.runs {
		_ = run.Close() // it has no name any more
	}
}

// each merges the runs.
func (s *sightings) each(yield func(scan.Sighting, error) bool) {
	slices.SortFunc(s.buf, byHash)
	heads := []*sightingHead{{rest: s.buf}}
	for _, run := range s.runs {
		heads = append(heads, &sightingHead{r: bufio.NewReaderSize(io.NewSectionReader(run, 0, run.Size()), 64<<10)})
	}
	for _, h := range heads {
		h.next()
	}
	for {
		heads = slices.DeleteFunc(heads, func(h *sightingHead) bool { return h.err == io.EOF })
		if len(heads) == 0 {
			return
		}
		least := slices.MinFunc(heads, func(a, b *sightingHead) int { return byHash(a.value, b.value) })
		if !yield(least.value, least.err) || least.err != nil {
			return
		}
		least.next()
	}
}

// A sightingHead is the next one of a sorted run.
type sightingHead struct {
	rest  []scan.Sighting
	r     io.Reader
	value scan.Sighting
	err   error
}

func (h *sightingHead) next() {
	if h.r == nil {
		if len(h.rest) == 0 {
			h.err = io.EOF
			return
		}
		h.value, h.rest = h.rest[0], h.rest[1:]
		return
	}
	var b [sightingSize]byte
	if _, h.err = io.ReadFull(h.r, b[:]); h.err != nil {
		return
	}
	for person, err := range unpack(b[:packedSize]) {
		h.value.Person, h.err = person, err
	}
	h.value.Version = int64(binary.BigEndian.Uint64(b[packedSize:]))
}
