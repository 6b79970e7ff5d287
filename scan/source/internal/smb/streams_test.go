package smb

import (
	"encoding/binary"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// streamList is an answer with these streams.
func streamList(streams ...Stream) []byte {
	var list []byte
	for i, s := range streams {
		name := utf16.Encode([]rune(s.Name))
		one := make([]byte, 24, 24+2*len(name))
		binary.LittleEndian.PutUint32(one[4:], uint32(2*len(name)))
		binary.LittleEndian.PutUint64(one[8:], uint64(s.Size))
		for _, u := range name {
			one = binary.LittleEndian.AppendUint16(one, u)
		}
		for len(one)%8 != 0 {
			one = append(one, 0)
		}
		if i < len(streams)-1 {
			binary.LittleEndian.PutUint32(one, uint32(len(one)))
		}
		list = append(list, one...)
	}
	return list
}

func TestParseStreams(t *testing.T) {
	got, err := parseStreams(streamList(Stream{"::$DATA", 5}, Stream{":名簿.csv:$DATA", 70}, Stream{":short", 3}, Stream{":index:$INDEX_ALLOCATION", 9}))
	if diff := cmp.Diff([]Stream{{"名簿.csv", 70}, {"short", 3}}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, err := parseStreams(nil); len(got) != 0 || err != nil {
		t.Errorf("of a folder: %v, %v", got, err)
	}
}

// A server may answer anything: no answer is read beyond its end, or for ever.
func FuzzParseStreams(f *testing.F) {
	f.Add(streamList(Stream{"::$DATA", 5}, Stream{":a:$DATA", 70}))
	f.Add([]byte("\x18\x00\x00\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, list []byte) {
		got, err := parseStreams(list)
		if err == nil && len(got) > len(list)/24 {
			t.Errorf("%d streams in %d bytes", len(got), len(list))
		}
	})
}
