package biff

import (
	"io"

	"github.com/kagiban/kagiban/scan/format/internal/excel"
	"github.com/kagiban/kagiban/scan/format/internal/offcrypto"
)

// A Lock is the encryption of a stream, as its FILEPASS record says (MS-XLS
// 2.4.117 and 2.2.10).
type Lock struct {
	Scheme string
	// Default says that the password that Excel tries by itself opens it.
	Default bool
	make    func() decrypter // nil: no password that opens it is known
	try     func(password string) func() decrypter
}

// Open returns the lock as a password opens it; nil if it does not.
func (l *Lock) Open(password string) *Lock {
	maker := l.try(password)
	if maker == nil {
		return nil
	}
	opened := *l
	opened.make = maker
	return &opened
}

// lock tries the default password.
func lock(scheme string, try func(password string) func() decrypter) *Lock {
	l := &Lock{Scheme: scheme, try: try, make: try(offcrypto.DefaultPassword)}
	l.Default = l.make != nil
	return l
}

// Locked looks for a FILEPASS record at the beginning of a stream: it stands
// before all but BOF and WRITEPROT. Nil means that the stream is in the clear.
func Locked(r io.Reader) (*Lock, error) {
	in := newReader(r)
	if err := in.next(); err != nil {
		return nil, broken(err)
	}
	v, _, ok := bof(in.id, in.data)
	if !ok {
		return nil, malformed("stream does not begin with BOF")
	}
	for range 8 {
		if err := in.next(); err != nil {
			return nil, broken(err)
		}
		switch in.id {
		case recWriteProt:
		case recFilePass:
			return parseFilePass(in.data, v)
		default:
			return nil, nil
		}
	}
	return nil, nil
}

func parseFilePass(data []byte, v version) (*Lock, error) {
	if v < biff8 || excel.U16(data, 0) == 0 {
		if v == biff8 {
			data = data[min(2, len(data)):]
		}
		if len(data) < 4 {
			return nil, malformed("FILEPASS of %d bytes", len(data))
		}
		key, verifier := uint16(excel.U16(data, 0)), uint16(excel.U16(data, 2))
		return lock("xor", func(password string) func() decrypter {
			s, ok := offcrypto.NewXOR(password, key, verifier)
			if !ok {
				return nil
			}
			return func() decrypter { return xorRecords{s} }
		}), nil
	}
	s, err := offcrypto.ParseBinary(data[2:])
	if err != nil {
		return nil, err
	}
	return lock(s.Name, func(password string) func() decrypter {
		key := s.Blocks(password)
		if key == nil {
			return nil
		}
		return func() decrypter { return &rc4Records{offcrypto.NewBlockStream(key, rc4Block)} }
	}), nil
}

const rc4Block = 1024 // bytes under one key (MS-XLS 2.2.10)

// plainBytes returns how many bytes of a record's data are never encrypted; -1 means
// all (MS-XLS 2.2.10).
func plainBytes(id uint16) int {
	switch id {
	case 0x0009, 0x0209, 0x0409, 0x0809, recFilePass, 0x00E1, 0x0194, 0x0195, 0x0196, 0x0138:
		return -1
	case recBoundSheet:
		return 4
	}
	return 0
}

type xorRecords struct{ s *offcrypto.XORStream }

func (x xorRecords) record(id uint16, data []byte, pos int64) {
	if n := plainBytes(id); n >= 0 && n <= len(data) {
		x.s.Record(data[n:], pos, len(data), n)
	}
}

type rc4Records struct{ s *offcrypto.BlockStream }

func (x *rc4Records) record(id uint16, data []byte, pos int64) {
	if n := plainBytes(id); n >= 0 && n <= len(data) {
		x.s.XOR(data[n:], pos+int64(n))
	}
}

func broken(err error) error {
	if err == io.EOF {
		return malformed("stream without content")
	}
	return err
}
