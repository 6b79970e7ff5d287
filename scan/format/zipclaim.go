package format

import (
	"encoding/binary"

	"github.com/kagiban/kagiban/scan"
)

// What of a zip file its index accounts for: the directory, and for each entry
// the local header, the data and the descriptor behind it. Bytes before, between
// and behind these, and comments, are of no part.

const (
	zipLocalSize = 30 // of a local header, before its name and extra fields
	// zipExtraSame is how many bytes of extra fields are taken for the same in the
	// local header, where writers mostly repeat them (APPNOTE section 4.5).
	zipExtraSame = 64
	// zipSlack is the rest between two entries that is not looked into where there
	// are too many entries to look at each: extra fields that are in the local
	// header alone.
	zipSlack = 64
)

// zipClaims collects what a directory accounts for.
type zipClaims struct {
	ledger scan.Ledger
	ends   map[int64]int64 // of an entry, as estimated → its local header; nil: too many entries
}

// directoryEntry claims an entry of the directory, which stands at off, and the
// local entry that it is of.
func (c *zipClaims) directoryEntry(raw []byte, off, base int64) {
	le := binary.LittleEndian
	name, extra := int64(le.Uint16(raw[28:])), int64(le.Uint16(raw[30:]))
	c.ledger.Claim(scan.UseStructure, off, zipHeaderSize+name)
	fields := raw[zipHeaderSize+name:][:extra]
	c.extra(fields, off+zipHeaderSize+name)
	packed, local := uint64(le.Uint32(raw[20:])), uint64(le.Uint32(raw[42:]))
	wide := packed == 0xFFFFFFFF
	if long := zipExtra(fields, 1); long != nil { // in this order, those that do not fit (section 4.5.3)
		if le.Uint32(raw[24:]) == 0xFFFFFFFF && len(long) >= 8 {
			long = long[8:]
		}
		if wide && len(long) >= 8 {
			packed, long = le.Uint64(long), long[8:]
		}
		if local == 0xFFFFFFFF && len(long) >= 8 {
			local = le.Uint64(long)
		}
	}
	if packed > 1<<62 || local > 1<<62 {
		return
	}
	start := base + int64(local)
	size := zipLocalSize + name + min(extra, zipExtraSame) + int64(packed)
	if le.Uint16(raw[8:])&8 != 0 { // a descriptor follows (section 4.3.9)
		if size += 16; wide {
			size += 8
		}
	}
	c.ledger.Claim(scan.UseRead, start, size)
	if c.ends != nil {
		c.ends[start+size] = start
	}
}

// extra claims the extra fields that are known; in an unknown one may stand anything.
func (c *zipClaims) extra(fields []byte, off int64) {
	for len(fields) >= 4 {
		size := min(4+int(binary.LittleEndian.Uint16(fields[2:])), len(fields))
		if zipExtraKnown(binary.LittleEndian.Uint16(fields)) && !listIn(fields[4:size]) {
			c.ledger.Claim(scan.UseStructure, off, int64(size))
		}
		fields, off = fields[size:], off+int64(size)
	}
	c.ledger.Claim(scan.UseStructure, off, int64(len(fields)))
}

// zipExtraKnown selects the extra fields of sizes, times, owners, names,
// encryption and alignment (sections 4.5.2 and 4.6).
func zipExtraKnown(id uint16) bool {
	switch id {
	case 0x0001, 0x0007, 0x0009, 0x000A, 0x000C, 0x000D, 0x000E, 0x0014, 0x0015, 0x0016, 0x0017, 0x0019,
		0x5455, 0x5855, 0x7855, 0x7875, 0x6375, 0x7075, 0x6C78, 0x756E, 0x9901, 0xA220, 0xCAFE, 0xD935, 0x4453, 0x4341:
		return true
	}
	return false
}

// claim hands what the directory accounts for to the ledger of the file.
func (d *zipDirectory) claim() {
	f, c := d.file, &d.claims
	for _, s := range d.ends {
		c.ledger.Claim(scan.UseStructure, s.Off, s.Size)
	}
	if hasPrefix(f, "MZ", "\x7fELF") { // the program before it
		if gaps, _ := c.ledger.Gaps(d.start); len(gaps) > 0 && gaps[0].Off == 0 {
			c.ledger.Claim(scan.UseOmitted, 0, gaps[0].Size)
		}
	}
	if hasPrefix(f, "PK00PK\x03\x04") || hasPrefix(f, "PK\x07\x08PK\x03\x04") { // a set in one volume (section 8.5.4)
		c.ledger.Claim(scan.UseStructure, 0, 4)
	}
	gaps, _ := c.ledger.Gaps(d.start)
	for _, g := range gaps {
		if c.ends == nil {
			if g.Size <= zipSlack {
				c.ledger.Claim(scan.UseStructure, g.Off, g.Size)
			}
			continue
		}
		if local, ok := c.ends[g.Off]; ok && g.Size > 4 {
			d.claimLocal(local, g)
		}
	}
	spans, whole := c.ledger.Spans()
	f.Ledger().Adopt(spans, whole, scan.UseRead)
}

// claimLocal claims the extra fields of a local header that the directory does
// not have, which moves the data of the entry into the gap behind it.
func (d *zipDirectory) claimLocal(local int64, gap scan.Span) {
	le := binary.LittleEndian
	head := make([]byte, zipLocalSize)
	if n, _ := d.file.ReadExactly(head, local); n < len(head) || string(head[:4]) != "PK\x03\x04" {
		return
	}
	name, size := int64(le.Uint16(head[26:])), int64(le.Uint16(head[28:]))
	extra := make([]byte, size)
	if n, _ := d.file.ReadExactly(extra, local+zipLocalSize+name); int64(n) < size {
		return
	}
	fields := zipClaims{}
	at := local + zipLocalSize + name
	fields.extra(extra, at)
	unknown, _ := fields.ledger.Gaps(at + size)
	lost := int64(0)
	for _, u := range unknown {
		if u.Off >= at {
			lost += u.Size
		}
	}
	if lost == 0 && gap.Size <= size {
		d.claims.ledger.Claim(scan.UseStructure, gap.Off, gap.Size)
	}
}
