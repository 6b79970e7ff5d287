package smb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	_ "unsafe" // for go:linkname

	smb2 "github.com/cloudsoda/go-smb2"
)

// A Stream is an alternate data stream of a file, MS-FSCC 2.4.49.
type Stream struct {
	Name string // as it stands behind the name of the file and a ':'
	Size int64
}

// ErrNoStreams says that the server, or the file system behind it, has no
// alternate data streams.
var ErrNoStreams = errors.New("no alternate data streams here")

// streamsMost bounds the answer, bytes: some hundred streams.
const streamsMost = 64 << 10

// Streams lists the alternate data streams of an open file.
//
// The library asks such questions itself but lets nobody else ask: what is behind
// its File.Stat is called here by name. It reads; the version of the library is
// fixed in go.mod, and the tests against Samba fail where the question changed.
func (f *File) Streams() ([]Stream, error) {
	const infoFile, fileStreamInformation = 1, 22 // MS-SMB2 2.2.37, MS-FSCC 2.4
	answer, err := queryInfo(f.file, &infoQuestion{infoType: infoFile, class: fileStreamInformation, most: streamsMost})
	if status := (*smb2.ResponseError)(nil); errors.As(err, &status) {
		switch status.Code {
		case 0xC0000002, 0xC0000003, 0xC000000D, 0xC0000010, 0xC00000BB:
			// NOT_IMPLEMENTED, INVALID_INFO_CLASS, INVALID_PARAMETER, INVALID_DEVICE_REQUEST, NOT_SUPPORTED
			return nil, fmt.Errorf("%w (%w)", ErrNoStreams, err)
		case 0x80000005: // BUFFER_OVERFLOW
			return nil, fmt.Errorf("the file has more alternate data streams than fit into an answer (%w)", err)
		}
	}
	if err != nil {
		return nil, translate(err)
	}
	return parseStreams(answer)
}

// infoQuestion has the layout of the library's smb2.QueryInfoRequest. What has no
// name is the library's to fill in.
type infoQuestion struct {
	_               [6]uint64 // header
	infoType, class uint8
	most            uint32
	_, _            uint32     // additional information, flags
	_               *[2]uint64 // the file
	_               any        // input: none
}

//go:linkname queryInfo github.com/cloudsoda/go-smb2.(*File).queryInfo
func queryInfo(f *smb2.File, q *infoQuestion) ([]byte, error)

// parseStreams reads the list: offset of the next (4 bytes), length of the name in
// bytes (4), size (8), allocated (8), and the name as ":name:$DATA". What the file
// itself holds is "::$DATA".
func parseStreams(list []byte) (streams []Stream, err error) {
	const fixed = 24
	for len(list) >= fixed {
		next, length := binary.LittleEndian.Uint32(list), binary.LittleEndian.Uint32(list[4:])
		if int64(length) > int64(len(list)-fixed) || length%2 != 0 || next != 0 && (next < fixed || int64(next) > int64(len(list))) {
			return nil, errors.New("list of alternate data streams is damaged")
		}
		units := make([]uint16, length/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(list[fixed+2*i:])
		}
		name, kind, _ := strings.Cut(strings.TrimPrefix(string(utf16.Decode(units)), ":"), ":")
		if name != "" && (kind == "" || strings.EqualFold(kind, "$DATA")) {
			streams = append(streams, Stream{name, int64(binary.LittleEndian.Uint64(list[8:]))})
		}
		if next == 0 {
			return streams, nil
		}
		list = list[next:]
	}
	if len(list) > 0 {
		return nil, errors.New("list of alternate data streams is damaged")
	}
	return streams, nil
}
