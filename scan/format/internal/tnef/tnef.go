// Package tnef reads the wrapping in which Outlook sends the rich parts of a mail,
// winmail.dat (MS-OXTNEF): attributes one after another, some of which hold lists of
// properties (MS-OXTNEF 2.1.3.4).
package tnef

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// Magic is what a stream begins with (2.1.3.1).
const Magic = "\x78\x9F\x3E\x22"

// Attributes that hold what people wrote (2.1.3.2).
const (
	Body        = 0x0002800C
	Subject     = 0x00018004
	Properties  = 0x00069003 // of the message
	RenderData  = 0x00069002 // an attachment begins
	Title       = 0x00018010 // its name
	AttachData  = 0x0006800F
	AttachProps = 0x00069005
)

const (
	headSize      = 6      // magic and key
	attributeHead = 9      // level, attribute, length
	attributesMax = 100000 // of one stream
	propertiesMax = 100000
)

// An Attribute is one of the stream.
type Attribute struct {
	ID   uint32
	Off  int64 // of its data
	Size int64
}

// Attributes visits the attributes of a stream and returns where the last one ends.
// One that breaks off is an error that wraps scan.ErrMalformed.
func Attributes(r io.ReaderAt, size int64, visit func(Attribute) error) (end int64, err error) {
	at := int64(headSize)
	var head [attributeHead]byte
	for n := 0; size-at >= attributeHead+2; n++ {
		if n == attributesMax {
			return at, malformed("more than %d attributes", attributesMax)
		}
		if _, err := r.ReadAt(head[:], at); err != nil {
			return at, err
		}
		if head[0] != 1 && head[0] != 2 { // of the message, of an attachment
			return at, nil // what follows is of no attribute
		}
		a := Attribute{binary.LittleEndian.Uint32(head[1:]), at + attributeHead, int64(binary.LittleEndian.Uint32(head[5:]))}
		if a.Size > size-a.Off-2 { // and its sum
			return at, malformed("attribute %#x breaks off", a.ID)
		}
		if err := visit(a); err != nil {
			return at, err
		}
		at = a.Off + a.Size + 2
	}
	return at, nil
}

// A Property is one of a list (2.1.3.4).
type Property struct {
	ID, Type uint16
	Value    []byte
}

// Kinds of values (MS-OXCDATA 2.11.1).
const (
	String8 = 0x001E
	String  = 0x001F
	Object  = 0x000D
	Binary  = 0x0102
	several = 0x1000
)

// List visits the properties of a list.
func List(b []byte, visit func(Property) error) error {
	l := &list{b: b}
	for n := min(l.number(), propertiesMax); n > 0 && !l.cut; n-- {
		p := Property{Type: l.short(), ID: l.short()}
		if p.ID >= 0x8000 { // a name follows
			l.take(16)
			if l.number() == 0 {
				l.take(4)
			} else {
				l.padded(l.number())
			}
		}
		kind := p.Type &^ several
		size, fixed := sizes(kind)
		times := uint32(1)
		if !fixed || p.Type&several != 0 {
			times = l.number()
		}
		if !fixed && size < 0 {
			return malformed("property of type %#x", p.Type)
		}
		for ; times > 0 && !l.cut; times-- {
			if fixed {
				p.Value = l.padded(uint32(size))
			} else {
				p.Value = l.padded(l.number())
			}
			if l.cut {
				break
			}
			if err := visit(p); err != nil {
				return err
			}
		}
	}
	if l.cut {
		return malformed("list of properties breaks off")
	}
	return nil
}

// sizes returns how long a value is whose length is fixed; less than 0 for unknown.
func sizes(kind uint16) (n int, fixed bool) {
	switch kind {
	case 0x0002, 0x0003, 0x0004, 0x000A, 0x000B:
		return 4, true
	case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040:
		return 8, true
	case 0x0048:
		return 16, true
	case 0x0001:
		return 0, true
	case String8, String, Object, Binary:
		return 0, false
	}
	return -1, false
}

type list struct {
	b   []byte
	cut bool
}

func (l *list) take(n uint32) []byte {
	if uint64(n) > uint64(len(l.b)) {
		l.cut, l.b = true, nil
		return nil
	}
	v := l.b[:n]
	l.b = l.b[n:]
	return v
}

// padded takes a value that is filled up to four bytes; the last one may not be.
func (l *list) padded(n uint32) []byte {
	v := l.take(n)
	if over := n % 4; over > 0 && !l.cut {
		l.take(min(4-over, uint32(len(l.b))))
	}
	return v
}

func (l *list) number() uint32 {
	v := l.take(4)
	if v == nil {
		return 0
	}
	return binary.LittleEndian.Uint32(v)
}

func (l *list) short() uint16 {
	v := l.take(2)
	if v == nil {
		return 0
	}
	return binary.LittleEndian.Uint16(v)
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("tnef: %s: %w", fmt.Sprintf(format, args...), scan.ErrMalformed)
}
