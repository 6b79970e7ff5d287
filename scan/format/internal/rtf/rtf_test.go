package rtf_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rtf"
	"github.com/kagiban/kagiban/scan/scantest"
)

func TestRead(t *testing.T) {
	for _, c := range []struct{ name, in, want, notes string }{
		{"paragraphs", `{\rtf1\ansi one\par two\line three}`, "1: 0=one\n2: 0=two\n3: 0=three", ""},
		{"code page", `{\rtf1\ansi\ansicpg932 \'8e\'52\'93\'63\par}`, "1: 0=山田", ""},
		{"font's code page", `{\rtf1\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset128 B;}}\f0 M\'fcller \f1\'8e\'52\par}`, "1: 0=Müller 山", ""},
		{"unicode", `{\rtf1\uc1 \u23665?\u30000?\par{\uc0\u-10187\u-9019}\par}`, "1: 0=山田\n2: 0=\U0001D4C5", ""},
		{"table", `{\rtf1\trowd a\cell b\cell\row c\cell\row}`, "1: 0=a 1=b\n2: 0=c", ""},
		{"destinations", `{\rtf1{\*\generator none;}{\colortbl;\red0;}{\*\unknown gone}{\footnote kept}\par}`, "gone 0: 0=none;\ngone 0: 0=;;\ngone 0: 0=gone\n1: 0=kept", ""},
		{"behind the document", "{\\rtf1 x\\par}\nhidden lines\n", "1: 0=x\ngone 0: 0=hidden lines", ""},
		{"picture that is none", `{\rtf1{\pict 89504E470D0A}{\pict 1234-567890,---------}x\par}`, "1: 0=x\nproblem malformed", ""},
		{"field", `{\rtf1{\field{\*\fldinst HYPERLINK "x"}{\fldrslt shown}}\par}`, "1: 0=shown", ""},
		{"furigana", `{\rtf1{\field{\*\fldinst EQ \\o\\ad(\\s\\up 9(reading),base)}{\fldrslt}}\par}`, "1: 0=base", ""},
		{"binary data", `{\rtf1{\pict\bin3 }}}x}y\par}`, "1: 0=y", ""},
		{"object", `{\rtf1{\object{\*\objdata 0105}}x\par}`, "1: 0=x", ""},
		{"protection", `{\rtf1\readprot x\par}`, "1: 0=x", "write-reservation"},
		{"breaks off", `{\rtf1 x\par y`, "1: 0=x\n2: 0=y\nerror malformed", ""},
	} {
		var notes []string
		out := &scantest.Recorder{}
		_, err := rtf.Read(strings.NewReader(c.in), grid.New(scantest.FileOf(t, "x", nil), out), io.Discard, func(n scan.Note) { notes = append(notes, string(n)) },
			func(text []byte) {
				_ = out.Row(scan.Row{Table: "gone", Cells: []scan.Cell{{Text: bytes.TrimSpace(text)}}})
			})
		out.End(err).Want(t, c.name, c.want)
		if got := strings.Join(notes, " "); got != c.notes {
			t.Errorf("%s: notes %q, want %q", c.name, got, c.notes)
		}
	}
}

// The data of each object is collected, whatever stands between its digits.
func TestObjects(t *testing.T) {
	var room bytes.Buffer
	in := `{\rtf1{\object{\*\objdata 31 32
33}}x{\object{\*\objdata 4142{\*\unknown 99}43}}{\object{\*\objdata \bin3 xyz}}{\object{\*\objdata }}\par}`
	spans, err := rtf.Read(strings.NewReader(in), grid.New(scantest.FileOf(t, "x", nil), &scantest.Recorder{}), &room, func(scan.Note) {}, func([]byte) {})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range spans {
		got = append(got, room.String()[s.Off:s.Off+s.Size])
	}
	if want := "123 AB\x99C xyz"; strings.Join(got, " ") != want {
		t.Errorf("%q, want %q", got, want)
	}
}
