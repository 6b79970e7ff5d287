package format

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	img "image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// pictures are some of each kind, made by the encoders of the standard library.
func pictures(t *testing.T) map[string][]byte {
	t.Helper()
	p1 := img.NewPaletted(img.Rect(0, 0, 64, 48), color.Palette{color.Black, color.White, color.RGBA{200, 10, 10, 255}})
	for i := range p1.Pix {
		p1.Pix[i] = byte(i * i % 3)
	}
	var p, j, g bytes.Buffer
	for _, err := range []error{png.Encode(&p, p1), jpeg.Encode(&j, p1, nil), gif.EncodeAll(&g, &gif.GIF{Image: []*img.Paletted{p1, p1}, Delay: []int{1, 1}})} {
		if err != nil {
			t.Fatal(err)
		}
	}
	bmp := append(append([]byte("BM"), make([]byte, 12)...), make([]byte, 40+64)...)
	binary.LittleEndian.PutUint32(bmp[2:], uint32(len(bmp)))
	for at, v := range map[int]uint32{10: 54, 14: 40, 18: 4, 22: 4, 26: 1 | 32<<16} {
		binary.LittleEndian.PutUint32(bmp[at:], v)
	}
	ico := append([]byte("\x00\x00\x01\x00\x01\x00"), make([]byte, 16+100)...)
	binary.LittleEndian.PutUint32(ico[6+8:], 100)
	binary.LittleEndian.PutUint32(ico[6+12:], 22)
	binary.LittleEndian.PutUint32(ico[22:], 40)
	webp := append([]byte("RIFF\x3C\x00\x00\x00WEBPVP8 \x30\x00\x00\x00"), make([]byte, 48)...)
	return map[string][]byte{"png": p.Bytes(), "jpeg": j.Bytes(), "gif": g.Bytes(), "bmp": bmp, "ico": ico, "webp": webp}
}

// TestPicturesEnd: what stands behind a picture is not accounted for, and nothing
// else.
func TestPicturesEnd(t *testing.T) {
	list := "name,number\r\n" + strings.Repeat("Yamada,1234-567890\r\n", 100)
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	w, err := z.Create("list.csv")
	if err == nil {
		_, err = w.Write([]byte(list))
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for name, picture := range pictures(t) {
		for what, rest := range map[string]string{"nothing": "", "padding": "\x00\x00\r\n", "list": list, "zip": archive.String()} {
			f := testFile(t, append(bytes.Clone(picture), rest...))
			claimOmitted(f)
			gaps, known := f.Ledger().Gaps(f.Size())
			left := int64(0)
			for _, g := range gaps {
				left += g.Size
			}
			switch {
			case !known:
				t.Errorf("%s and %s: not known", name, what)
			case len(rest) <= 4 && left > int64(len(rest)):
				t.Errorf("%s and %s: gaps %v", name, what, gaps)
			case len(rest) > 4 && (len(gaps) != 1 || gaps[0].Off != int64(len(picture)) || left != int64(len(rest))):
				t.Errorf("%s of %d bytes and %s of %d: gaps %v", name, len(picture), what, len(rest), gaps)
			}
		}
		f := testFile(t, append(bytes.Clone(picture[:min(len(picture), 24)]), list...))
		claimOmitted(f)
		if gaps, _ := f.Ledger().Gaps(f.Size()); len(gaps) != 1 && name != "bmp" && name != "webp" && name != "ico" {
			t.Errorf("%s as a mark only: gaps %v", name, gaps)
		}
	}
}
