package cfb

// Spare visits, up to a place of the file, the ranges that belong to nothing: sectors
// to which no chain leads from an entry of the tree, mini sectors likewise, what
// sectors have behind the end of their stream, and numbers of tables for sectors that
// do not exist. Programs leave there what was deleted, and what their memory held;
// others may put there what they like. The directory is among them, since its names
// are text and what it does not use is not. Ranges come in the order of the file.
func (f *File) Spare(end int64, visit func(off, size int64) error) error {
	s := sparing{file: f, used: newSectorSet(f.sectors()), mini: newSectorSet(f.rootSize/miniSize + 1)}
	s.index()
	s.streams()
	return s.report(end, visit)
}

// spareLeast is how short a range is passed over, bytes: it holds no number.
const spareLeast = 10

func newSectorSet(n int64) *sectorSet { return &sectorSet{bits: make([]uint64, n/64+1)} }

// A sparing finds out what is in use.
type sparing struct {
	file      *File
	used      *sectorSet // sectors that are in use to their end
	mini      *sectorSet // and mini sectors
	directory *sectorSet
	part      map[uint32]int64 // sectors in use, up to an offset in them
	tail      map[uint32]int64 // and mini sectors
}

// chain marks the sectors of a stream of some size; less than 0: all of its chain.
func (s *sparing) chain(start uint32, size int64) []uint32 {
	f := s.file
	var list []uint32
	for n := start; n < lastRegular && size != 0 && int64(len(list)) < f.sectors() && !s.used.has(n); {
		s.used.add(n)
		list = append(list, n)
		switch {
		case size < 0:
		case size < f.sector:
			s.part[n], size = size, 0
		default:
			size -= f.sector
		}
		next, err := f.after(n)
		if err != nil {
			break // whoever reads the stream reports it
		}
		n = next
	}
	return list
}

// index marks what is no stream: the tables and the directory (2.3 to 2.6).
func (s *sparing) index() {
	f := s.file
	s.part, s.tail = map[uint32]int64{}, map[uint32]int64{}
	per := f.sector / 4
	for i := int64(0); i*per < f.sectors(); i++ {
		n, err := f.tableSector(i)
		if err != nil {
			break
		}
		s.used.add(n)
		if left := f.sectors() - i*per; left < per {
			s.part[n] = 4 * left
		}
	}
	for _, n := range f.lists {
		s.used.add(n)
	}
	s.directory = newSectorSet(f.sectors())
	for _, n := range s.chain(f.start, -1) {
		s.directory.add(n)
	}
	if f.loadMini() != nil {
		return
	}
	for i, n := range f.miniTable {
		s.used.add(n)
		if left := f.rootSize/miniSize - int64(i)*per; left < per {
			s.part[n] = 4 * max(left, 0)
		}
	}
	for _, n := range f.mini {
		s.used.add(n)
	}
}

// streams marks what the entries of the tree lead to.
func (s *sparing) streams() {
	f := s.file
	for _, e := range f.Entries {
		switch {
		case e.Dir:
		case e.Size >= f.cutoff:
			s.chain(e.start, e.Size)
		default:
			s.small(e.start, e.Size)
		}
	}
}

// small marks the mini sectors of a stream.
func (s *sparing) small(start uint32, size int64) {
	f := s.file
	per := f.sector / 4
	for n := start; size > 0 && !s.mini.has(n); size -= miniSize {
		t := int64(n) / per
		if t >= int64(len(f.miniTable)) {
			return
		}
		s.mini.add(n)
		if size < miniSize {
			s.tail[n] = size
		}
		next, err := f.link(f.offset(f.miniTable[t]), int64(n)%per)
		if err != nil {
			return
		}
		n = next
	}
}

// report visits what is not marked.
func (s *sparing) report(end int64, visit func(off, size int64) error) error {
	f := s.file
	places := map[uint32]int64{} // of the mini stream, by the sector that holds them
	for i, n := range f.mini {
		places[n] = int64(i) * (f.sector / miniSize)
	}
	r := ranges{visit: visit}
	if tables := (f.sectors() + f.sector/4 - 1) / (f.sector / 4); tables < headerDIFAT { // the list in the header
		r.add(0x4C+4*tables, 4*(headerDIFAT-tables))
	}
	if f.sector > headerSize {
		r.add(headerSize, f.sector-headerSize)
	}
	for n := uint32(0); f.offset(n) < end && r.err == nil; n++ {
		off := f.offset(n)
		first, isMini := places[n]
		from, isPart := s.part[n]
		switch {
		case s.directory.has(n):
			r.add(off, min(f.sector, end-off))
		case isMini:
			for i := range f.sector / miniSize {
				used := int64(0)
				if m := uint32(first + i); s.mini.has(m) {
					used = miniSize
					if n, ok := s.tail[m]; ok {
						used = n
					}
				}
				r.add(off+i*miniSize+used, min(miniSize-used, end-off-i*miniSize-used))
			}
		case isPart:
			r.add(off+from, min(f.sector, end-off)-from)
		case !s.used.has(n):
			r.add(off, min(f.sector, end-off))
		}
	}
	r.add(end, 0)
	r.flush()
	return r.err
}

// ranges joins ranges that follow each other.
type ranges struct {
	visit     func(off, size int64) error
	off, size int64
	err       error
}

func (r *ranges) add(off, size int64) {
	switch {
	case size <= 0:
	case off == r.off+r.size:
		r.size += size
	default:
		r.flush()
		r.off, r.size = off, size
	}
}

func (r *ranges) flush() {
	if r.err == nil && r.size >= spareLeast {
		r.err = r.visit(r.off, r.size)
	}
	r.size = 0
}
