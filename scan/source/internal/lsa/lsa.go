// Package lsa asks a server's Local Security Authority two questions over the
// named pipe "lsarpc": who am I, and what are the names of these accounts. It
// speaks just as much DCE/RPC (MS-RPCE, connection-oriented) and MS-LSAT as
// that takes. The pipe is the caller's, and so are time limits.
package lsa

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Errors of this package.
var (
	ErrMalformed = errors.New("answer of the security authority is damaged")
	ErrRefused   = errors.New("security authority refused")
)

const (
	fragment = 4280 // bytes of a PDU, as Windows offers
	// maxAnswer bounds a reassembled answer. 1,000 names of 256 characters
	// and as many domains fit.
	maxAnswer = 4 << 20

	opGetUserName = 45 // MS-LSAT 3.1.4.4
	opOpenPolicy2 = 44 // MS-LSAD 3.1.4.4.1
	opLookupSids  = 15 // MS-LSAT 3.1.4.11

	policyLookupNames = 0x800 // MS-LSAD 2.2.1.1.2
	lookupWksta       = 1     // MS-LSAT 2.2.16: this server, its domain, trusted ones

	statusSomeNotMapped = 0x00000107
	statusNoneMapped    = 0xC0000073
)

// PDU types and flags, C706 12.6.
const (
	pduRequest  = 0
	pduResponse = 2
	pduFault    = 3
	pduBind     = 11
	pduBindAck  = 12

	pduFirst = 1
	pduLast  = 2

	headerSize   = 16
	responseSize = headerSize + 8
)

// A Client is a bound pipe. It may be used by one goroutine at a time.
type Client struct {
	pipe   io.ReadWriter
	callID uint32
	policy []byte // handle for lookups, opened at need
	buf    []byte
}

// Bind binds the pipe to the LSARPC interface.
func Bind(pipe io.ReadWriter) (*Client, error) {
	c := &Client{pipe: pipe, buf: make([]byte, 64<<10)}
	body := []byte{
		fragment & 0xff, fragment >> 8, fragment & 0xff, fragment >> 8, // max_xmit_frag, max_recv_frag
		0, 0, 0, 0, // assoc_group_id
		1, 0, 0, 0, // one context
		0, 0, 1, 0, // its id, one transfer syntax
		// 12345778-1234-abcd-ef00-0123456789ab, version 0.0: lsarpc
		0x78, 0x57, 0x34, 0x12, 0x34, 0x12, 0xcd, 0xab, 0xef, 0x00, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0, 0, 0, 0,
		// 8a885d04-1ceb-11c9-9fe8-08002b104860, version 2.0: NDR
		0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60, 2, 0, 0, 0,
	}
	if err := c.send(pduBind, body); err != nil {
		return nil, err
	}
	pdu, err := c.receive()
	if err != nil {
		return nil, err
	}
	if pdu[2] != pduBindAck || len(pdu) < headerSize+10 {
		return nil, fmt.Errorf("%w: bind was answered with PDU type %d", ErrRefused, pdu[2])
	}
	// The result list follows the secondary address, aligned to 4.
	at := headerSize + 10 + int(binary.LittleEndian.Uint16(pdu[headerSize+8:]))
	at = (at+3)&^3 + 4
	if at+2 > len(pdu) {
		return nil, ErrMalformed
	}
	if result := binary.LittleEndian.Uint16(pdu[at:]); result != 0 {
		return nil, fmt.Errorf("%w: bind result %d", ErrRefused, result)
	}
	return c, nil
}

// UserName returns whom the server takes the caller for: LsarGetUserName.
func (c *Client) UserName() (user, domain string, err error) {
	r, err := c.call(opGetUserName, []byte{
		0, 0, 0, 0, // SystemName: null
		0, 0, 0, 0, // UserName: null, to be filled in
		0, 0, 2, 0, // DomainName: asked for,
		0, 0, 0, 0, // null, to be filled in
	})
	if err != nil {
		return "", "", err
	}
	if r.u32() != 0 {
		user = r.unicode(r.unicodeHeader())
	}
	outer := r.u32() // a pointer to a pointer
	if outer != 0 && r.u32() != 0 {
		domain = r.unicode(r.unicodeHeader())
	}
	if err := r.status(); err != nil {
		return "", "", err
	}
	return user, domain, nil
}

// LookupSIDs returns the names of accounts as DOMAIN\name, in the order of sids;
// "" for those the server does not know.
func (c *Client) LookupSIDs(sids [][]byte) ([]string, error) {
	if c.policy == nil {
		if err := c.openPolicy(); err != nil {
			return nil, err
		}
	}
	w := &writer{}
	w.bytes(c.policy)
	w.u32(uint32(len(sids)))
	w.pointer()
	w.u32(uint32(len(sids)))
	for range sids {
		w.pointer()
	}
	for _, sid := range sids {
		if !ValidSID(sid) {
			return nil, fmt.Errorf("%w: SID of %d bytes", ErrMalformed, len(sid))
		}
		w.u32(uint32(sid[1])) // the conformant array's size stands before the structure
		w.bytes(sid)
	}
	w.u32(0) // TranslatedNames: none, to be filled in
	w.u32(0)
	w.u32(lookupWksta) // 16 bits and their padding
	w.u32(0)           // MappedCount
	r, err := c.call(opLookupSids, w.b)
	if err != nil {
		return nil, err
	}
	return r.lookedUp(len(sids))
}

func (c *Client) openPolicy() error {
	w := &writer{}
	w.u32(0) // SystemName: null
	w.u32(24)
	for range 5 {
		w.u32(0) // ObjectAttributes: its length, and nothing else
	}
	w.u32(policyLookupNames)
	r, err := c.call(opOpenPolicy2, w.b)
	if err != nil {
		return err
	}
	handle := r.take(20)
	if err := r.status(); err != nil {
		return err
	}
	c.policy = append([]byte(nil), handle...)
	return nil
}

// call sends a request in one fragment and puts its answer together.
func (c *Client) call(opnum uint16, stub []byte) (*reader, error) {
	body := binary.LittleEndian.AppendUint32(nil, uint32(len(stub))) // alloc_hint
	body = append(body, 0, 0, byte(opnum), byte(opnum>>8))           // context, opnum
	if err := c.send(pduRequest, append(body, stub...)); err != nil {
		return nil, err
	}
	var answer []byte
	for {
		pdu, err := c.receive()
		if err != nil {
			return nil, err
		}
		if len(pdu) < responseSize {
			return nil, ErrMalformed
		}
		if pdu[2] == pduFault && len(pdu) >= responseSize+4 {
			return nil, fmt.Errorf("%w: fault 0x%08x", ErrRefused, binary.LittleEndian.Uint32(pdu[responseSize:]))
		}
		if pdu[2] != pduResponse || len(answer)+len(pdu) > maxAnswer {
			return nil, ErrMalformed
		}
		answer = append(answer, pdu[responseSize:]...)
		if pdu[3]&pduLast != 0 {
			return &reader{b: answer}, nil
		}
	}
}

func (c *Client) send(kind byte, body []byte) error {
	c.callID++
	pdu := []byte{5, 0, kind, pduFirst | pduLast, 0x10, 0, 0, 0} // version 5.0, little endian
	pdu = binary.LittleEndian.AppendUint16(pdu, uint16(headerSize+len(body)))
	pdu = append(pdu, 0, 0) // auth_length
	pdu = binary.LittleEndian.AppendUint32(pdu, c.callID)
	pdu = append(pdu, body...)
	if len(pdu) > fragment {
		return fmt.Errorf("request of %d bytes is larger than a fragment", len(pdu))
	}
	_, err := c.pipe.Write(pdu)
	return err
}

// receive reads one PDU. A pipe hands out whole messages or parts of them.
func (c *Client) receive() ([]byte, error) {
	n := 0
	for {
		if n >= headerSize {
			size := int(binary.LittleEndian.Uint16(c.buf[8:]))
			if c.buf[0] != 5 || size < headerSize || binary.LittleEndian.Uint32(c.buf[12:]) != c.callID {
				return nil, ErrMalformed
			}
			if n > size { // the client library hands out one message at a time
				return nil, ErrMalformed
			}
			if n == size {
				return c.buf[:n], nil
			}
		}
		more, err := c.pipe.Read(c.buf[n:])
		if more == 0 && err == nil {
			err = io.ErrNoProgress
		}
		if more == 0 {
			return nil, err
		}
		n += more
	}
}
