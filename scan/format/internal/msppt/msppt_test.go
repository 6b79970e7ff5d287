package msppt_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"testing"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/msppt"
	"github.com/kagiban/kagiban/scan/scantest"
)

// record makes a record; a version of 15 makes it a container.
func record(version, instance, kind int, data ...[]byte) []byte {
	body := bytes.Join(data, nil)
	b := binary.LittleEndian.AppendUint16(nil, uint16(version|instance<<4))
	b = binary.LittleEndian.AppendUint16(b, uint16(kind))
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(body))), body...)
}

func wide(s string) []byte {
	var b []byte
	for _, r := range s {
		b = binary.LittleEndian.AppendUint16(b, uint16(r))
	}
	return b
}

func packed(text string) []byte {
	var b bytes.Buffer
	b.Write([]byte{byte(len(text)), 0, 0, 0})
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.Bytes()
}

func TestRead(t *testing.T) {
	chars, narrow := record(0, 0, 0x0FA0, wide("山田\r1234-567890")), record(0, 0, 0x0FA8, []byte("M\xFCller"))
	cut := record(15, 0, 0x03E8, chars)
	cut = cut[:len(cut)-2]
	binary.LittleEndian.PutUint32(cut[4:], uint32(len(cut)-8)) // its record reaches out of it
	for _, c := range []struct {
		name string
		in   []byte
		want string
	}{
		{"texts", record(15, 0, 0x03E8, chars, record(15, 0, 0x0FF0, narrow)), "1: 0=山田\n2: 0=1234-567890\n3: 0=Müller"},
		{"objects", record(15, 0, 0x03E8, record(0, 0, 0x1011, []byte("plain")), record(0, 1, 0x1011, packed("was packed"))), "member object 1: plain\nmember object 2: was packed"},
		{"packages of later versions are searched", record(15, 0, 0x040E, chars), "1: 0=q\\0u\n2: 0=1234-567890"},
		{"torn", append(cut, narrow...), "1: 0=山田\n2: 0=1234-56789\n3: 0=Müller\nproblem malformed"},
		{"breaks off", chars[:len(chars)-1], "error malformed"},
	} {
		out := &scantest.Recorder{}
		room := scantest.NewScratch(1 << 20)
		w := grid.New(scantest.FileOf(t, "x", nil), out)
		err := msppt.Read(bytes.NewReader(c.in), w, room, func(n int, open func() io.Reader, data *io.SectionReader) error {
			if open == nil {
				open = func() io.Reader { return data }
			}
			text, err := io.ReadAll(open())
			out.Lines = append(out.Lines, "member object "+string(rune('0'+n))+": "+string(text))
			return err
		})
		out.End(err).Want(t, c.name, c.want)
		_ = room.Close()
	}
}

func TestEncrypted(t *testing.T) {
	user := func(token uint32) []byte {
		return binary.LittleEndian.AppendUint32(make([]byte, 12), token)
	}
	for name, c := range map[string]struct {
		in            []byte
		encrypted, ok bool
	}{
		"open": {user(0xE391C05F), false, true}, "encrypted": {user(0xF3D1C4DF), true, true}, "strange": {user(1), false, false}, "short": {user(1)[:15], false, false},
	} {
		if encrypted, ok := msppt.Encrypted(c.in); encrypted != c.encrypted || ok != c.ok {
			t.Errorf("%s: %v, %v", name, encrypted, ok)
		}
	}
}

func TestCrypt(t *testing.T) {
	header := bytes.Repeat([]byte{7}, 100)
	in := append(bytes.Repeat([]byte{0x0F, 0, 0x99}, 50), record(15, 0, 0x2F14, header)...)
	if got := msppt.Crypt(bytes.NewReader(in)); !bytes.Equal(got, header) {
		t.Errorf("%d bytes of header, want %d", len(got), len(header))
	}
	if msppt.Crypt(bytes.NewReader(in[:len(in)-1])) != nil {
		t.Error("a header that breaks off is found")
	}
}
