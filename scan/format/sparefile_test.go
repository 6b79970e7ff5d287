package format_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// A file that lies whole between the files of a disc is read, behind some other data
// and behind a file that is not whole; what is left of a file is nothing to report.
func TestWholeFilesInSpareSectors(t *testing.T) {
	image, err := os.ReadFile(filepath.Join(fixtures, "iso", "without-joliet.iso"))
	if err != nil {
		t.Fatal(err)
	}
	packed := func(text string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		f, err := w.Create("list.csv")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(bytes.Repeat([]byte(text), 1+9000/len(text))); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	list, twin := packed(hiddenList), packed(hiddenTwin)
	book, err := os.ReadFile(filepath.Join(fixtures, "xls", "libreoffice-hidden-sheet.xls"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what  string
		left  [][]byte
		text  string
		found bool
	}{
		{"a zip", [][]byte{list}, hiddenField, true},
		{"behind a piece of one", [][]byte{twin[:len(twin)/2], list}, hiddenField, true},
		{"behind another", [][]byte{twin, list}, hiddenField, true},
		{"a zip without numbers", [][]byte{twin}, "ねじ", true},
		{"a workbook", [][]byte{book}, "1968-01-01", true},
		{"the first half", [][]byte{list[:len(list)/2]}, hiddenField, false},
		{"the second half", [][]byte{list[len(list)/2:]}, hiddenField, false},
		{"a piece of a workbook", [][]byte{book[:len(book)/2/512*512]}, "1968-01-01", false},
		{"the mark alone", [][]byte{[]byte("%PDF-1.4\n"), []byte("7z\xBC\xAF\x27\x1C\x00\x04")}, hiddenField, false},
	} {
		got := examine(t, map[string][]byte{"a.iso": withSpare(image, c.left)})["a.iso"]
		if found, told := shown(got, c.text); found != c.found || told {
			t.Errorf("%s: found %v, told %v", c.what, found, told)
		}
	}
}

// withSpare makes an image longer by sectors that no file has (ECMA-119 8.4.8: the
// size of the volume).
func withSpare(image []byte, left [][]byte) []byte {
	const sector, descriptor = 2048, 16 * 2048
	out := append(bytes.Clone(image), make([]byte, (sector-len(image)%sector)%sector)...)
	for _, data := range left {
		out = append(append(out, data...), make([]byte, sector-len(data)%sector)...)
	}
	sectors := uint32(len(out) / sector)
	binary.LittleEndian.PutUint32(out[descriptor+80:], sectors)
	binary.BigEndian.PutUint32(out[descriptor+84:], sectors)
	return out
}
