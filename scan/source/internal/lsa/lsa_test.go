package lsa

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// A fakePipe answers each message with the PDUs given for it, one by one. That
// the questions are right is shown by the tests against a real server.
type fakePipe struct {
	answers [][]byte
	asked   int
}

func (p *fakePipe) Write(b []byte) (int, error) { p.asked++; return len(b), nil }

func (p *fakePipe) Read(b []byte) (int, error) {
	if len(p.answers) == 0 {
		return 0, errors.New("no more answers")
	}
	pdu := bytes.Clone(p.answers[0])
	p.answers = p.answers[1:]
	if len(pdu) >= headerSize && binary.LittleEndian.Uint32(pdu[12:]) == 0 {
		binary.LittleEndian.PutUint32(pdu[12:], uint32(p.asked))
	}
	return copy(b, pdu), nil
}

func pdu(kind, flags byte, body []byte) []byte {
	b := []byte{5, 0, kind, flags, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	b = append(b, body...)
	binary.LittleEndian.PutUint16(b[8:], uint16(len(b)))
	return b
}

func response(flags byte, stub []byte) []byte {
	return pdu(pduResponse, flags, append(make([]byte, 8), stub...))
}

// bindAck has a secondary address of 13 bytes, which needs padding.
func bindAck(result byte) []byte {
	body := append([]byte{0xb8, 0x10, 0xb8, 0x10, 1, 0, 0, 0, 13, 0}, "\\pipe\\lsarpc\x00"...)
	body = append(body, 0) // to a multiple of 4
	body = append(body, 1, 0, 0, 0, result, 0, 0, 0)
	return pdu(pduBindAck, 3, append(body, make([]byte, 20)...))
}

func (w *writer) chars(s string) {
	units := utf16.Encode([]rune(s))
	w.u32(uint32(len(units)))
	w.u32(0)
	w.u32(uint32(len(units)))
	for _, u := range units {
		w.b = binary.LittleEndian.AppendUint16(w.b, u)
	}
	for len(w.b)%4 != 0 {
		w.b = append(w.b, 0)
	}
}

func (w *writer) header(s string) {
	n := uint32(2 * len(utf16.Encode([]rune(s))))
	w.u32(n | n<<16)
	w.pointer()
}

func userName(user, domain string) []byte {
	w := &writer{}
	w.pointer()
	w.header(user)
	w.chars(user)
	w.pointer()
	w.pointer()
	w.header(domain)
	w.chars(domain)
	w.u32(0)
	return w.b
}

func TestUserName(t *testing.T) {
	stub := userName("鈴木", "総務課")
	c, err := Bind(&fakePipe{answers: [][]byte{bindAck(0), response(pduFirst, stub[:20]), response(0, stub[20:21]), response(pduLast, stub[21:])}})
	if err != nil {
		t.Fatal(err)
	}
	user, domain, err := c.UserName()
	if user != "鈴木" || domain != "総務課" || err != nil {
		t.Errorf("UserName = %q, %q, %v", user, domain, err)
	}
}

func lookupAnswer() []byte {
	w := &writer{}
	w.pointer()
	w.u32(1)
	w.pointer()
	w.u32(32)
	w.u32(1) // domains
	w.header("CORP")
	w.pointer()
	w.chars("CORP")
	w.u32(4)
	w.bytes([]byte{1, 4, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0})
	w.u32(3)
	w.pointer()
	w.u32(3) // names
	for _, n := range []struct {
		name   string
		domain uint32
	}{{"suzuki", 0}, {"", 0xffffffff}, {"Everyone", 0xffffffff}} {
		w.u32(1)
		if n.name == "" {
			w.u32(0)
			w.u32(0)
		} else {
			w.header(n.name)
		}
		w.u32(n.domain)
	}
	w.chars("suzuki")
	w.chars("Everyone")
	w.u32(2)
	w.u32(statusSomeNotMapped)
	return w.b
}

func TestLookupSIDs(t *testing.T) {
	policy := append(make([]byte, 20), 0, 0, 0, 0)
	pipe := &fakePipe{answers: [][]byte{bindAck(0), response(3, policy), response(3, lookupAnswer()), response(3, lookupAnswer())}}
	c, err := Bind(pipe)
	if err != nil {
		t.Fatal(err)
	}
	sid := []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}
	for range 2 { // the policy handle is kept
		got, err := c.LookupSIDs([][]byte{sid, sid, sid})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{`CORP\suzuki`, "", "Everyone"}, got); diff != "" {
			t.Errorf("LookupSIDs (-want +got):\n%s", diff)
		}
	}
}

func TestAnswersThatAreWrong(t *testing.T) {
	stub := userName("suzuki", "CORP")
	for name, answers := range map[string][][]byte{
		"bind refused":    {bindAck(2)},
		"bind nak":        {pdu(13, 3, make([]byte, 20))},
		"no answer":       {bindAck(0)},
		"fault":           {bindAck(0), pdu(pduFault, 3, append(make([]byte, 8), 5, 0, 0, 0x1c))},
		"short":           {bindAck(0), response(3, stub[:len(stub)-5])},
		"empty":           {bindAck(0), response(3, nil)},
		"refusing status": {bindAck(0), response(3, append(make([]byte, 8), 0x22, 0, 0, 0xc0))},
		"length too big":  {bindAck(0), response(3, []byte{1, 0, 0, 0, 8, 0, 8, 0, 1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 127})},
		"another call":    {bindAck(0), {5, 0, 2, 3, 16, 0, 0, 0, 24, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
		"not a PDU":       {[]byte("HTTP/1.1 400 Bad Request\r\n\r\n")},
	} {
		c, err := Bind(&fakePipe{answers: answers})
		if err == nil {
			_, _, err = c.UserName()
		}
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSIDs(t *testing.T) {
	for packed, want := range map[string]string{
		"010500000000000515000000010000000200000003000000f4010000": "S-1-5-21-1-2-3-500",
		"0101000000000001" + "00000000":                            "S-1-1-0",
		"010201020304050601000000ffffffff":                         "S-1-0x010203040506-1-4294967295",
		"0102000000000001" + "00000000":                            "",
		"":                                                         "",
	} {
		b, err := hex.DecodeString(packed)
		if err != nil {
			t.Fatal(err)
		}
		if got := SIDText(b); got != want {
			t.Errorf("SIDText(%s) = %q, want %q", packed, got, want)
		}
		sd := append([]byte{1, 0, 0, 0x80, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, b...)
		if s, err := ParseSecurity(append(sd, 0xff)); err != nil || SIDText(s.Owner) != want {
			t.Errorf("owner in %s = %q, %v, want %q", packed, SIDText(s.Owner), err, want)
		}
	}
}

// A server's answer must not make us fail in any other way than by an error.
func FuzzAnswers(f *testing.F) {
	f.Add(userName("suzuki", "CORP"), lookupAnswer())
	f.Add([]byte{}, []byte{})
	f.Fuzz(func(t *testing.T, name, lookup []byte) {
		if len(name)+len(lookup) > 60_000 {
			return
		}
		policy := append(make([]byte, 20), 0, 0, 0, 0)
		c, err := Bind(&fakePipe{answers: [][]byte{bindAck(0), response(3, name), response(3, policy), response(3, lookup)}})
		if err != nil {
			t.Fatal(err)
		}
		_, _, _ = c.UserName()
		names, err := c.LookupSIDs([][]byte{{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}})
		if err == nil && len(names) != 1 {
			t.Errorf("%d names for one SID", len(names))
		}
		_, _ = ParseSecurity(name)
		_, _ = ParseSecurity(descriptor(string(name)))
	})
}
