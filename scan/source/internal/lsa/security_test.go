package lsa

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// descriptor makes a security descriptor around the bytes of a DACL.
func descriptor(acl string) []byte {
	owner := []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}
	sd := []byte{1, 0, controlDACL, 0x80, 20, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0}
	return append(append(sd, owner...), acl...)
}

// ace makes one entry; sub are the numbers of a SID of authority 5, or of
// authority 1 if there is one number 0.
func ace(kind, flags byte, mask uint32, guids int, sub ...uint32) string {
	sid := []byte{1, byte(len(sub)), 0, 0, 0, 0, 0, 5}
	if len(sub) == 1 && sub[0] == 0 {
		sid[7] = 1
	}
	for _, n := range sub {
		sid = binary.LittleEndian.AppendUint32(sid, n)
	}
	body := binary.LittleEndian.AppendUint32(nil, mask)
	if kind == aceAllowObject || kind == aceDenyObject {
		body = binary.LittleEndian.AppendUint32(body, uint32(1<<guids-1))
		body = append(body, make([]byte, 16*guids)...)
	}
	body = append(body, sid...)
	head := binary.LittleEndian.AppendUint16([]byte{kind, flags}, uint16(4+len(body)))
	return string(append(head, body...))
}

func acl(aces ...string) string {
	body := strings.Join(aces, "")
	head := binary.LittleEndian.AppendUint16([]byte{2, 0}, uint16(8+len(body)))
	head = binary.LittleEndian.AppendUint16(head, uint16(len(aces)))
	return string(head) + "\x00\x00" + body
}

func TestParseSecurity(t *testing.T) {
	const read, write, full = 0x1200A9, 0x116, 0x1F01FF
	for name, tt := range map[string]struct{ acl, want string }{
		"empty list":           {acl(), ""},
		"everyone reads":       {acl(ace(aceAllow, 0, read, 0, 0)), "S-1-1-0:r"},
		"group writes":         {acl(ace(aceAllow, 0, write|read, 0, 21, 1, 2, 3, 513)), "S-1-5-21-1-2-3-513:rw"},
		"generic":              {acl(ace(aceAllow, 0, 0x80000000, 0, 11), ace(aceAllow, 0, 0x10000000, 0, 18)), "S-1-5-11:r S-1-5-18:rw"},
		"may change the list":  {acl(ace(aceAllow, 0, 0x40000, 0, 11)), "S-1-5-11:w"},
		"only sees the name":   {acl(ace(aceAllow, 0, 0x100080, 0, 11)), ""},
		"denied before":        {acl(ace(aceDeny, 0, read, 0, 11), ace(aceAllow, 0, full, 0, 11)), "S-1-5-11:w"},
		"denied after":         {acl(ace(aceAllow, 0, read, 0, 11), ace(aceDeny, 0, read, 0, 11)), "S-1-5-11:r"},
		"denied to everyone":   {acl(ace(aceDeny, 0, full, 0, 0), ace(aceAllow, 0, full, 0, 11)), ""},
		"for what is below":    {acl(ace(aceAllow, aceInherited|3, full, 0, 0), ace(aceAllow, 0, read, 0, 18)), "S-1-5-18:r"},
		"object entries":       {acl(ace(aceAllowObject, 0, read, 0, 11), ace(aceAllowObject, 0, read, 2, 18)), "S-1-5-11:r S-1-5-18:r"},
		"under a condition":    {acl(ace(aceAllowCallback, 0, read, 0, 11)), "S-1-5-11:r"},
		"audit is no right":    {acl(ace(2, 0, full, 0, 0)), ""},
		"two entries, one SID": {acl(ace(aceAllow, 0, read, 0, 11), ace(aceAllow, 0, write, 0, 11)), "S-1-5-11:rw"},
	} {
		s, err := ParseSecurity(descriptor(tt.acl))
		var got []string
		for _, g := range s.Grants {
			rights := ""
			if g.Read {
				rights += "r"
			}
			if g.Write {
				rights += "w"
			}
			got = append(got, fmt.Sprintf("%s:%s", SIDText(g.SID), rights))
		}
		if text := strings.Join(got, " "); text != tt.want || err != nil || SIDText(s.Owner) != "S-1-5-18" {
			t.Errorf("%s: %q, owner %s, %v; want %q", name, text, SIDText(s.Owner), err, tt.want)
		}
	}
	null := descriptor("")
	null[16], null[2] = 0, 0
	if s, err := ParseSecurity(null); err != nil || len(s.Grants) != 1 || !s.Grants[0].Write || SIDText(s.Grants[0].SID) != "S-1-1-0" {
		t.Errorf("no list at all: %+v, %v; want all rights for everyone", s, err)
	}
	whole := descriptor(acl(ace(aceAllow, 0, read, 0, 0), ace(aceAllow, 0, read, 0, 11)))
	for n := range len(whole) {
		if s, err := ParseSecurity(whole[:n]); !errors.Is(err, ErrMalformed) {
			t.Errorf("cut after %d of %d bytes: %+v, %v", n, len(whole), s, err)
		}
	}
}
