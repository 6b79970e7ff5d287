package reach

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"
)

func picture() *image.Paletted {
	m := image.NewPaletted(image.Rect(0, 0, 60, 40), color.Palette{color.RGBA{A: 255}, color.RGBA{R: 255, A: 255}, color.RGBA{G: 200, A: 255}})
	random := rand.New(rand.NewPCG(1, 1))
	for i := range m.Pix {
		m.Pix[i] = uint8(random.IntN(3))
	}
	return m
}

func encoded(t *testing.T, encode func(b *bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// files are whole ones of each kind that can be made here.
func files(t *testing.T) map[string][]byte {
	le, be := binary.LittleEndian, binary.BigEndian
	bmp := make([]byte, 54+16*3*4)
	copy(bmp, "BM")
	for at, v := range map[int]uint32{10: 54, 14: 40, 18: 16, 22: 4, 26: 1 | 24<<16} {
		le.PutUint32(bmp[at:], v)
	}
	bmp = bmp[:54+16*3*4]
	icon := append([]byte{0, 0, 1, 0, 1, 0}, make([]byte, 16+44)...)
	le.PutUint32(icon[14:], 44)
	le.PutUint32(icon[18:], 22)
	le.PutUint32(icon[22:], 40)
	wav := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00"), make([]byte, 16)...)
	wav = append(wav, "data\x08\x00\x00\x00ABCDEFGH"...)
	le.PutUint32(wav[4:], uint32(len(wav)-8))
	mp4 := append([]byte{0, 0, 0, 16}, "ftypmp42\x00\x00\x00\x00"...)
	mp4 = append(mp4, 0, 0, 0, 24)
	mp4 = append(mp4, "mdat0123456789012345"...)
	font := make([]byte, 12+16+8)
	copy(font, "\x00\x01\x00\x00\x00\x01")
	copy(font[12:], "glyf")
	be.PutUint32(font[20:], 28)
	be.PutUint32(font[24:], 8)
	return map[string][]byte{
		"png":  encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, picture()) }),
		"gif":  encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, picture(), nil) }),
		"jpeg": encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, picture(), nil) }),
		"bmp":  bmp, "icon": icon, "wav": wav, "mp4": mp4, "font": font,
	}
}

// list is a table of invented numbers.
func list() []byte {
	var b bytes.Buffer
	b.WriteString("\r\n氏名,基礎年金番号\r\n")
	for i := range 20 {
		fmt.Fprintf(&b, "例題 %d,4120-%06d\r\n", i, 380000+7919*i)
	}
	return b.Bytes()
}

// missing returns the bytes of a file that no part holds.
func missing(data []byte) []byte {
	e := Of(bytes.NewReader(data), int64(len(data)), data[:min(len(data), 512)])
	held := make([]bool, len(data))
	for _, p := range e.Parts {
		for i := p.Off; i < p.Off+p.Size; i++ {
			held[i] = true
		}
	}
	var rest []byte
	for i, b := range data {
		if !held[i] {
			rest = append(rest, b)
		}
	}
	return rest
}

func TestStructures(t *testing.T) {
	for name, data := range files(t) {
		t.Run(name, func(t *testing.T) {
			if rest := missing(data); len(rest) > 0 {
				t.Errorf("%d of %d bytes of a whole file are left: %q", len(rest), len(data), rest)
			}
			if rest := missing(append(bytes.Clone(data), list()...)); !bytes.Contains(rest, []byte("4120-380000")) {
				t.Errorf("what was appended is not left: %q", rest)
			}
			head := append(bytes.Clone(data[:min(len(data), 6)]), list()...)
			if rest := missing(head); !bytes.Contains(rest, []byte("4120-")) {
				t.Errorf("a list behind six bytes is not left: %q", rest)
			}
		})
	}
}

// Text that people write into a picture is left to those who read text.
func TestTextAmongTheStructure(t *testing.T) {
	all := files(t)
	chunk := func(kind string, data []byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		b = append(append(b, kind...), data...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	at := len(all["png"]) - 12
	segment := append([]byte{0xFF, 0xFE}, binary.BigEndian.AppendUint16(nil, uint16(len(list())+2))...)
	comment := append([]byte{0x21, 0xFE, byte(min(len(list()), 255))}, list()[:min(len(list()), 255)]...)
	for name, data := range map[string][]byte{
		"png":  bytes.Join([][]byte{all["png"][:at], chunk("tEXt", list()), all["png"][at:]}, nil),
		"jpeg": bytes.Join([][]byte{all["jpeg"][:2], segment, list(), all["jpeg"][2:]}, nil),
		"gif":  bytes.Join([][]byte{all["gif"][:len(all["gif"])-1], comment, {0, 0x3B}}, nil),
		"wav":  append(bytes.Clone(all["wav"]), append([]byte("note\xff\x00\x00\x00"), list()[:255]...)...),
	} {
		if rest := missing(data); !bytes.Contains(rest, []byte("4120-380000")) {
			t.Errorf("%s: the text is not left: %q", name, rest)
		}
	}
}

func TestListlike(t *testing.T) {
	random := rand.New(rand.NewChaCha8([32]byte{7}))
	for range 20_000 {
		b := make([]byte, 512)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		if Listlike(b) {
			t.Fatal("random bytes are taken for a list")
		}
	}
	if !Listlike(list()) || Listlike([]byte("a text without a number in it, long as it may be")) {
		t.Error("a list is not known, or what is none")
	}
}
