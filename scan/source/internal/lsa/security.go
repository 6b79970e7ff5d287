package lsa

import (
	"encoding/binary"
)

// A Security is a security descriptor taken apart, MS-DTYP 2.4.6.
type Security struct {
	Owner, Group []byte // SIDs, nil for none
	Grants       []Grant
}

// A Grant is what the list of permissions allows to one SID.
type Grant struct {
	SID         []byte
	Read, Write bool
}

const (
	dataRead  = 0x1 | 0x80000000 | 0x10000000                           // FILE_READ_DATA, GENERIC_READ, GENERIC_ALL
	dataWrite = 0x2 | 0x4 | 0x40000 | 0x80000 | 0x40000000 | 0x10000000 // WRITE_DATA, APPEND_DATA, WRITE_DAC, WRITE_OWNER, GENERIC_WRITE, GENERIC_ALL
	wide      = uint32(dataRead | dataWrite)                            // all that is looked at

	controlDACL  = 0x4  // SE_DACL_PRESENT
	aceInherited = 0x08 // INHERIT_ONLY_ACE: says nothing about the file itself

	aceAllow, aceDeny             = 0, 1
	aceAllowObject, aceDenyObject = 5, 6
	aceAllowCallback              = 9 // under a condition, which may hold
)

// everyone is S-1-1-0.
func everyone() []byte { return []byte{1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0} }

// ParseSecurity reads a self-relative security descriptor in which owner, group
// and DACL were asked for. One without a list allows everything to everyone.
func ParseSecurity(sd []byte) (Security, error) {
	if len(sd) < 20 {
		return Security{}, ErrMalformed
	}
	s := Security{Owner: sidAt(sd, 4), Group: sidAt(sd, 8)}
	at := int64(binary.LittleEndian.Uint32(sd[16:]))
	if binary.LittleEndian.Uint16(sd[2:])&controlDACL == 0 || at == 0 {
		s.Grants = []Grant{{everyone(), true, true}}
		return s, nil
	}
	if at < 20 || at+8 > int64(len(sd)) {
		return s, ErrMalformed
	}
	acl := sd[at:]
	size, count := int(binary.LittleEndian.Uint16(acl[2:])), int(binary.LittleEndian.Uint16(acl[4:]))
	if size < 8 || size > len(acl) {
		return s, ErrMalformed
	}
	return s, s.list(acl[8:size], count)
}

// list reads the entries in their order: what was denied before is not allowed
// any more, to the same SID or if it was denied to everyone.
func (s *Security) list(aces []byte, count int) error {
	type rights struct{ allowed, denied uint32 }
	known := map[string]*rights{}
	var order []string
	of := func(sid []byte) *rights {
		if known[string(sid)] == nil {
			known[string(sid)] = &rights{}
			order = append(order, string(sid))
		}
		return known[string(sid)]
	}
	all := of(everyone())
	for range count {
		if len(aces) < 8 {
			return ErrMalformed
		}
		kind, flags, size := aces[0], aces[1], int(binary.LittleEndian.Uint16(aces[2:]))
		if size < 8 || size > len(aces) {
			return ErrMalformed
		}
		sid, mask := aceSID(kind, aces[:size]), binary.LittleEndian.Uint32(aces[4:])&wide
		aces = aces[size:]
		if sid == nil || flags&aceInherited != 0 {
			continue
		}
		r := of(sid)
		if kind == aceDeny || kind == aceDenyObject {
			r.denied |= mask &^ r.allowed
		} else {
			r.allowed |= mask &^ (r.denied | all.denied)
		}
	}
	for _, sid := range order {
		g := Grant{[]byte(sid), known[sid].allowed&dataRead != 0, known[sid].allowed&dataWrite != 0}
		if g.Read || g.Write {
			s.Grants = append(s.Grants, g)
		}
	}
	return nil
}

// aceSID returns the SID of an entry that matters here, MS-DTYP 2.4.4.
func aceSID(kind byte, ace []byte) []byte {
	at := 8
	switch kind {
	case aceAllow, aceDeny, aceAllowCallback:
	case aceAllowObject, aceDenyObject:
		if len(ace) < 12 {
			return nil
		}
		flags := binary.LittleEndian.Uint32(ace[8:])
		at = 12 + 16*int(flags&1) + 16*int(flags>>1&1)
	default:
		return nil
	}
	return sidOf(ace, at)
}

// sidAt follows the offset that stands at a place in a descriptor.
func sidAt(sd []byte, place int) []byte {
	at := int64(binary.LittleEndian.Uint32(sd[place:]))
	if at < 20 || at > int64(len(sd)) {
		return nil
	}
	return sidOf(sd, int(at))
}

func sidOf(b []byte, at int) []byte {
	if at+8 > len(b) {
		return nil
	}
	b = b[at:]
	if size := 8 + 4*int(b[1]); size <= len(b) && ValidSID(b[:size]) {
		return b[:size]
	}
	return nil
}
