package cfb

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"github.com/kagiban/kagiban/scan"
)

// How sectors hang together: the FAT names for each sector the one after it
// (2.3), the DIFAT names the sectors of the FAT (2.5), the mini FAT does for
// the small sectors in the mini stream what the FAT does for the file (2.4).

// tablesKept is how many sectors of allocation tables are remembered: reading
// one stream wants two, a stream in the mini stream two more.
const tablesKept = 4

type tables struct {
	at   [tablesKept]int64 // offsets in the file, 0 for none
	data [tablesKept][]byte
	old  int
}

// link reads the n-th number of a table sector that lies at an offset.
func (f *File) link(at int64, n int64) (uint32, error) {
	t := &f.table
	slot := -1
	for i := range t.at {
		if t.at[i] == at {
			slot = i
		}
	}
	if slot < 0 {
		slot = t.old
		t.old = (t.old + 1) % tablesKept
		if t.data[slot] == nil {
			t.data[slot] = make([]byte, f.sector)
		}
		t.at[slot] = 0
		if k, err := f.r.ReadAt(t.data[slot], at); err != nil && (err != io.EOF || int64(k) < 4*(n+1)) {
			return 0, broken(err, "allocation table")
		} else if int64(k) < f.sector { // the last sector of the file may be short
			clear(t.data[slot][k:])
		}
		t.at[slot] = at
	}
	return binary.LittleEndian.Uint32(t.data[slot][4*n:]), nil
}

// after returns the sector that follows another.
func (f *File) after(n uint32) (uint32, error) {
	per := f.sector / 4
	at, err := f.tableSector(int64(n) / per)
	if err != nil {
		return 0, err
	}
	return f.link(f.offset(at), int64(n)%per)
}

// tableSector finds the i-th sector of the FAT.
func (f *File) tableSector(i int64) (uint32, error) {
	var place uint32
	if i < int64(len(f.difat)) {
		place = f.difat[i]
	} else {
		per := f.sector/4 - 1
		i -= int64(len(f.difat))
		list, err := f.list(i / per)
		if err != nil {
			return 0, err
		}
		if place, err = f.link(f.offset(list), i%per); err != nil {
			return 0, err
		}
	}
	if place >= lastRegular {
		return 0, malformed("sector outside of the allocation table")
	}
	return place, nil
}

// list finds the i-th DIFAT sector. Each names the next at its end; in a large
// file they lie megabytes apart, and of those before it nothing else is read.
func (f *File) list(i int64) (uint32, error) {
	for i >= int64(len(f.lists)) {
		next := f.firstList
		if n := len(f.lists); n > 0 {
			var b [4]byte
			if err := f.exactly(b[:], f.offset(f.lists[n-1])+f.sector-4); err != nil {
				return 0, broken(err, "list of allocation tables")
			}
			next = binary.LittleEndian.Uint32(b[:])
		}
		if next >= lastRegular || int64(len(f.lists)) > f.sectors() {
			return 0, malformed("sector outside of the allocation table")
		}
		f.lists = append(f.lists, next)
	}
	return f.lists[i], nil
}

// exactly reads so many bytes, and no more of the file than those if it can be helped.
func (f *File) exactly(p []byte, off int64) error {
	read := f.r.ReadAt
	if e, ok := f.r.(interface {
		ReadExactly([]byte, int64) (int, error)
	}); ok {
		read = e.ReadExactly
	}
	n, err := read(p, off)
	if n == len(p) {
		return nil
	}
	return err
}

// A reader reads a chain of sectors.
type reader struct {
	file *File
	next uint32 // the sector that begins the run after the present one
	at   int64  // of the present run
	run  int64  // bytes left in it
	left int64  // bytes of the stream
	open bool   // the chain, not left, says where it ends
}

// longest is how many bytes of sectors in a row are taken for one run.
const longest = 1 << 20

func (r *reader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	if r.run == 0 {
		if err := r.advance(); err != nil {
			return 0, err
		}
	}
	n, err := r.file.r.ReadAt(p[:min(int64(len(p)), r.run, r.left)], r.at)
	r.at += int64(n)
	r.run -= int64(n)
	r.left -= int64(n)
	if n > 0 || len(p) == 0 {
		return n, nil
	}
	if r.open && err == io.EOF && r.run < r.file.sector && r.next == endOfChain { // the file's last sector may be short
		return 0, io.EOF
	}
	return 0, broken(err, "stream")
}

// advance goes on to the next run of sectors that lie in a row.
func (r *reader) advance() error {
	f := r.file
	if r.open && r.next == endOfChain {
		r.left = 0
		return io.EOF
	}
	if r.next >= lastRegular {
		return malformed("stream ends before its size")
	}
	first, n := r.next, r.next
	for {
		r.run += f.sector
		if r.run >= r.left {
			break // what follows is not needed
		}
		next, err := f.after(n)
		if err != nil {
			return err
		}
		if r.next = next; next != n+1 || r.run >= longest {
			break
		}
		n = next
	}
	r.at = f.offset(first)
	return nil
}

// A miniReader reads a chain of mini sectors.
type miniReader struct {
	file   *File
	next   uint32
	left   int64 // bytes of the stream that are not in rest yet
	rest   []byte
	sector [miniSize]byte
}

func (r *miniReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.left <= 0 {
			return 0, io.EOF
		}
		if err := r.advance(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// advance reads the next mini sector. A chain that loops ends with the size of
// the stream, which is no larger than the mini stream.
func (r *miniReader) advance() error {
	f := r.file
	if err := f.loadMini(); err != nil {
		return err
	}
	place := int64(r.next) * miniSize
	i := place / f.sector
	if i >= int64(len(f.mini)) || r.left > int64(len(f.mini))*f.sector {
		return malformed("stream outside of the mini stream")
	}
	r.rest = r.sector[:min(miniSize, r.left)]
	if n, err := f.r.ReadAt(r.rest, f.offset(f.mini[i])+place%f.sector); n < len(r.rest) {
		r.rest = nil
		return broken(err, "stream")
	}
	if r.left -= int64(len(r.rest)); r.left == 0 {
		return nil
	}
	per := f.sector / 4
	t := int64(r.next) / per
	if t >= int64(len(f.miniTable)) {
		return malformed("mini sector outside of its table")
	}
	next, err := f.link(f.offset(f.miniTable[t]), int64(r.next)%per)
	r.next = next
	return err
}

// loadMini finds the sectors of the mini stream and of its table, once.
func (f *File) loadMini() error {
	if f.mini != nil {
		return nil
	}
	var err error
	if f.miniTable, err = f.chain(f.tableStart, f.sectors()); err != nil {
		return err
	}
	f.mini, err = f.chain(f.miniStart, min(f.rootSize/f.sector+1, f.sectors()))
	return err
}

// chain lists the sectors of a chain, no more than a limit.
func (f *File) chain(start uint32, limit int64) ([]uint32, error) {
	list := []uint32{}
	for n := start; n < lastRegular && int64(len(list)) < limit; {
		list = append(list, n)
		next, err := f.after(n)
		if err != nil {
			return nil, err
		}
		n = next
	}
	return list, nil
}

// End returns where the last sector ends that is in use (2.3): what the file has
// behind it is of no stream. Some writers mark sectors that do not exist as the
// last of a chain: such a mark counts only if a chain leads to it.
func (f *File) End() (int64, error) {
	var led *sectorSet // by chains; made for the first mark that nothing near explains
	end := f.sector
	err := f.entries(func(n uint32, next uint32) (bool, error) {
		used := next != noEntry
		if next == endOfChain {
			switch before, err := f.after(n - 1); {
			case err != nil && !errors.Is(err, scan.ErrMalformed):
				return false, err
			case err == nil && before == n:
			case led == nil && f.begins(n):
			case led == nil:
				if led, err = f.led(); err != nil {
					return false, err
				}
				fallthrough
			default:
				used = led.has(n)
			}
		}
		if used && f.offset(n) < f.size {
			end = min(f.offset(n)+f.sector, f.size)
			return false, nil
		}
		return true, nil
	})
	return end, err
}

// entries visits what the allocation table says of each sector, from the last
// one down, until visit returns false.
func (f *File) entries(visit func(n, next uint32) (bool, error)) error {
	per := f.sector / 4
	for n := f.size/f.sector - 1; n >= 0; n-- {
		at, err := f.tableSector(n / per)
		if errors.Is(err, scan.ErrMalformed) { // no table, so none of its sectors is in use
			n -= n % per
			continue
		}
		if err != nil {
			return err
		}
		next, err := f.link(f.offset(at), n%per)
		if err != nil {
			return err
		}
		if on, err := visit(uint32(n), next); !on || err != nil {
			return err
		}
	}
	return nil
}

// begins reports whether a chain begins at a sector.
func (f *File) begins(n uint32) bool {
	if n == f.miniStart || n == f.tableStart || n == f.start {
		return true
	}
	return slices.ContainsFunc(f.Entries, func(e *Entry) bool { return !e.Dir && e.start == n && e.Size >= f.cutoff })
}

// led returns the sectors at which a chain begins or that another one leads to.
func (f *File) led() (*sectorSet, error) {
	set := &sectorSet{bits: make([]uint64, f.size/f.sector/64+1)}
	for _, n := range []uint32{f.miniStart, f.tableStart, f.start} {
		set.add(n)
	}
	for _, e := range f.Entries {
		if !e.Dir && e.Size >= f.cutoff {
			set.add(e.start)
		}
	}
	err := f.entries(func(_, next uint32) (bool, error) {
		set.add(next)
		return true, nil
	})
	return set, err
}

// A sectorSet holds sectors that the file has, a bit for each.
type sectorSet struct{ bits []uint64 }

func (s *sectorSet) add(n uint32) {
	if int(n/64) < len(s.bits) {
		s.bits[n/64] |= 1 << (n % 64)
	}
}

func (s *sectorSet) has(n uint32) bool {
	return int(n/64) < len(s.bits) && s.bits[n/64]&(1<<(n%64)) != 0
}
