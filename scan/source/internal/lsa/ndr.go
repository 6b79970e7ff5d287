package lsa

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"unicode/utf16"
)

// A writer writes NDR. All that is written here is a multiple of 4 bytes.
type writer struct {
	b        []byte
	referent uint32
}

func (w *writer) u32(v uint32)   { w.b = binary.LittleEndian.AppendUint32(w.b, v) }
func (w *writer) bytes(p []byte) { w.b = append(w.b, p...) }

func (w *writer) pointer() {
	w.referent += 4
	w.u32(0x20000 + w.referent)
}

// A reader reads NDR. After an error everything is zero, and status says so.
type reader struct {
	b   []byte
	off int
	bad bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || r.bad || n > len(r.b)-r.off {
		r.bad = true
		return make([]byte, min(max(n, 0), 32))
	}
	r.off += n
	return r.b[r.off-n : r.off]
}

func (r *reader) align() {
	r.take(-r.off & 3)
}

func (r *reader) u32() uint32 {
	r.align()
	return binary.LittleEndian.Uint32(r.take(4))
}

// A unicodeString is the fixed part of an RPC_UNICODE_STRING, MS-DTYP 2.3.10;
// its characters follow later.
type unicodeString struct {
	length  uint16 // bytes
	present bool
}

func (r *reader) unicodeHeader() unicodeString {
	lengths := r.u32()
	return unicodeString{uint16(lengths), r.u32() != 0}
}

// unicode reads the deferred characters: a conformant varying array.
func (r *reader) unicode(s unicodeString) string {
	if !s.present {
		return ""
	}
	r.u32() // maximum
	r.u32() // offset
	units := r.u32()
	if int(units) > len(r.b) || units*2 < uint32(s.length) {
		r.bad = true
	}
	if r.bad {
		return ""
	}
	chars := r.take(int(units) * 2)
	if r.bad {
		return ""
	}
	chars = chars[:s.length&^1]
	text := make([]uint16, len(chars)/2)
	for i := range text {
		text[i] = binary.LittleEndian.Uint16(chars[2*i:])
	}
	return string(utf16.Decode(text))
}

// status reads the NTSTATUS at the end.
func (r *reader) status() error {
	status := r.u32()
	switch {
	case r.bad:
		return ErrMalformed
	case status == 0 || status == statusSomeNotMapped || status == statusNoneMapped:
		return nil
	}
	return fmt.Errorf("%w: status 0x%08x", ErrRefused, status)
}

// count reads the number of elements of an array of which each takes at least
// size bytes, so that a number from outside allocates nothing.
func (r *reader) count(size int) int {
	n := r.u32()
	if int64(n)*int64(size) > int64(len(r.b)-r.off) {
		r.bad = true
		return 0
	}
	return int(n)
}

// lookedUp reads the answer of LsarLookupSids, MS-LSAT 3.1.4.11: the domains
// (2.2.12), then the names (2.2.20) that refer to them by number.
func (r *reader) lookedUp(asked int) ([]string, error) {
	domains := r.domains()
	if r.bad {
		return nil, ErrMalformed
	}
	r.u32() // Entries; the array has its own size
	type name struct {
		header unicodeString
		domain int32
	}
	var names []name
	if r.u32() != 0 {
		for range r.count(16) {
			r.u32() // Use and padding
			names = append(names, name{r.unicodeHeader(), int32(r.u32())})
		}
	}
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = r.unicode(n.header)
	}
	r.u32() // MappedCount
	if err := r.status(); err != nil {
		return nil, err
	}
	out := make([]string, asked)
	for i := range min(asked, len(names)) {
		out[i] = texts[i]
		d := names[i].domain
		if texts[i] != "" && d >= 0 && int(d) < len(domains) && domains[d] != "" {
			out[i] = domains[d] + `\` + texts[i]
		}
	}
	return out, nil
}

func (r *reader) domains() []string {
	if r.u32() == 0 {
		return nil
	}
	r.u32() // Entries
	array := r.u32()
	r.u32() // MaxEntries
	if array == 0 {
		return nil
	}
	type domain struct {
		header unicodeString
		sid    bool
	}
	var list []domain
	for range r.count(12) {
		list = append(list, domain{r.unicodeHeader(), r.u32() != 0})
	}
	names := make([]string, len(list))
	for i, d := range list {
		names[i] = r.unicode(d.header)
		if d.sid {
			subs := r.count(4)
			r.take(8 + 4*subs)
		}
	}
	return names
}

// ValidSID says whether b is one SID as MS-DTYP 2.4.2.2 packs it.
func ValidSID(b []byte) bool {
	return len(b) >= 8 && b[0] == 1 && b[1] <= 15 && len(b) == 8+4*int(b[1])
}

// SIDText writes a SID as "S-1-5-21-…", MS-DTYP 2.4.2.1.
func SIDText(b []byte) string {
	if !ValidSID(b) {
		return ""
	}
	var authority uint64
	for _, c := range b[2:8] {
		authority = authority<<8 | uint64(c)
	}
	s := "S-1-" + strconv.FormatUint(authority, 10)
	if authority >= 1<<32 {
		s = fmt.Sprintf("S-1-0x%012X", authority)
	}
	for at := 8; at < len(b); at += 4 {
		s += "-" + strconv.FormatUint(uint64(binary.LittleEndian.Uint32(b[at:])), 10)
	}
	return s
}
