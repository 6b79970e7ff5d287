package tnef

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// attribute writes one with its sum.
func attribute(level byte, id uint32, data string) string {
	b := binary.LittleEndian.AppendUint32([]byte{level}, id)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return string(b) + data + "\x00\x00"
}

func TestAttributes(t *testing.T) {
	head := Magic + "\x01\x00"
	two := head + attribute(1, Body, "text") + attribute(2, AttachData, "data")
	for _, c := range []struct {
		name, in, want string
		end            int
		ok             bool
	}{
		{"two", two, "0x2800c text, 0x6800f data, ", len(two), true},
		{"something behind", two + "\x07behind the stream", "0x2800c text, 0x6800f data, ", len(two), true},
		{"none", head, "", len(head), true},
		{"breaks off", two[:len(two)-3], "0x2800c text, ", len(head) + 15, false},
	} {
		var got strings.Builder
		end, err := Attributes(strings.NewReader(c.in), int64(len(c.in)), func(a Attribute) error {
			fmt.Fprintf(&got, "%#x %s, ", a.ID, c.in[a.Off:a.Off+a.Size])
			return nil
		})
		if got.String() != c.want || end != int64(c.end) || (err == nil) != c.ok || err != nil && !errors.Is(err, scan.ErrMalformed) {
			t.Errorf("%s: %q up to %d, %v", c.name, got.String(), end, err)
		}
	}
}

// property writes one, its value filled up.
func property(kind, id uint16, values ...string) string {
	b := binary.LittleEndian.AppendUint16(nil, kind)
	b = binary.LittleEndian.AppendUint16(b, id)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(values)))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(v)))
		b = append(append(b, v...), make([]byte, (4-len(v)%4)%4)...)
	}
	return string(b)
}

func TestList(t *testing.T) {
	named := property(String, 0x8001, "v")
	named = named[:4] + strings.Repeat("g", 16) + "\x01\x00\x00\x00\x03\x00\x00\x00abc\x00" + named[4:]
	numbered := property(String8, 0x8002, "w")
	numbered = numbered[:4] + strings.Repeat("g", 16) + "\x00\x00\x00\x00\x07\x00\x00\x00" + numbered[4:]
	for _, c := range []struct {
		name, in, want string
		ok             bool
	}{
		{"values", "\x03\x00\x00\x00\x03\x00\x01\x00abcd" + property(Binary, 0x1009, "x") + property(0x101E, 0x0E, "one", "two"), "0x1 abcd, 0x1009 x, 0xe one, 0xe two, ", true},
		{"names", "\x02\x00\x00\x00" + named + numbered, "0x8001 v, 0x8002 w, ", true},
		{"unknown type", "\x02\x00\x00\x00" + property(String8, 1, "a") + property(0x00FD, 2, "b"), "0x1 a, ", false},
		{"breaks off", "\x02\x00\x00\x00" + property(String8, 1, "a"), "0x1 a, ", false},
		{"nothing", "", "", false},
	} {
		var got strings.Builder
		err := List([]byte(c.in), func(p Property) error {
			fmt.Fprintf(&got, "%#x %s, ", p.ID, p.Value)
			return nil
		})
		if got.String() != c.want || (err == nil) != c.ok || err != nil && !errors.Is(err, scan.ErrMalformed) {
			t.Errorf("%s: %q, %v", c.name, got.String(), err)
		}
	}
}

func FuzzAttributes(f *testing.F) {
	names, err := filepath.Glob("../../../../testdata/formats/tnef/*.dat")
	if err != nil || len(names) == 0 {
		f.Fatal("no samples", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		bytesOfValues := 0
		end, _ := Attributes(bytes.NewReader(data), int64(len(data)), func(a Attribute) error {
			if a.Off < 0 || a.Size < 0 || a.Off+a.Size > int64(len(data)) {
				t.Fatalf("%+v of %d bytes", a, len(data))
			}
			_ = List(data[a.Off:a.Off+a.Size], func(p Property) error {
				bytesOfValues += len(p.Value)
				return nil
			})
			return nil
		})
		if bytesOfValues > len(data) || end > max(int64(len(data)), headSize) {
			t.Fatalf("%d bytes of values up to %d of %d", bytesOfValues, end, len(data))
		}
	})
}
