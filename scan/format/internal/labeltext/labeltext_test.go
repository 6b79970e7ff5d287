package labeltext

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/records"
	"github.com/kagiban/kagiban/scan/scantest"
)

func check(t *testing.T, read func(io.Reader, int, *records.Builder) (bool, error), text string, want []string) {
	t.Helper()
	for _, slow := range []bool{false, true} {
		out := &scantest.RowTaker{}
		r := iotest.HalfReader(strings.NewReader(text))
		if slow {
			r = iotest.OneByteReader(strings.NewReader(text))
		}
		if _, err := read(r, 1<<20, records.New(&grid.Writer{Out: out, Max: 1 << 20}, "")); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, out.Rows); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestBlocks(t *testing.T) {
	for text, want := range map[string][]string{
		"氏名：甲\n番号：1\n\n氏名：乙\n番号：2\n":               {"#|氏名|番号", "|甲|1", "|乙|2"},
		"氏名: 甲\n番号: 1\n氏名: 乙\n番号: 2\n":             {"#|氏名|番号", "|甲|1", "|乙|2"},
		"氏名：甲\n\n番号：1\n\n氏名：乙\n\n番号：2\n":           {"#|氏名|番号", "|甲|1", "|乙|2"},
		"e[0].a=1\ne[0].b=2\ne[1].a=3\ne[1].b=4\n": {"#|e/a|e/b", "|1|2", "|3|4"},
		"e.1.a=1\ne.2.b=4\n":                       {"#|e/a", "|1", "#|e/b", "|4"},
		"a=1\nb=2\n------\nb=3\n":                  {"#|a|b", "|1|2", "|3"},
		"[e1]\na=1\n;note\nb = \"x\"\n[e2]\na=2\n": {"|;note", "#|a|b", "|e1|1|x", "|e2|2"},
		"・氏名：甲\n　番号：1\nfree text\n氏名：乙\n番号：2\n": {"|free text", "#|氏名|番号", "|甲|1", "|乙|2"},
	} {
		check(t, ReadBlocks, text, want)
	}
}

func TestDirectories(t *testing.T) {
	check(t, ReadLDIF, "version: 1\n\ndn: uid=a\ncn:: 5rC05Y6f\nno: 41\n 23\n\ndn: uid=b\nno: 2\n", []string{"#|version", "|1", "#|dn|cn|no", "|uid=a|水原|4123", "|uid=b|2"})
	check(t, ReadCards, "BEGIN:VCARD\nN:a;b;;\nitem1.TEL;TYPE=\"x:y\":1\nNOTE;ENCODING=QUOTED-PRINTABLE:=E6=B0=B4=\n=E5=8E=9F\nADR:x\n y\nEND:VCARD\nBEGIN:VCARD\nN:c\\,d\nEND:VCARD\n",
		[]string{"#|N|TEL|NOTE|ADR", "|a b  |1|水原|xy", "|c,d"})
}

func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		"氏名：甲\n番号：1\n\n氏名：乙\n番号：2\n": true, "[a]\nx=1\ny=2\n": true, "a: 1\nb: 2\na: 3\nb: 4\n": true,
		"氏名：甲\n番号：1\n": false, "a: 1\nb: 2\nc: 3\nd: 4\n": false, "INFO: a\nINFO: b\nINFO: c\nINFO: d\n": false,
		"2024-05-01 10:00 a\n2024-05-01 10:01 b\n2024-05-01 10:02 b\n2024-05-01 10:03 c\n": false, "prose\nof words\nand lines\nonly\n": false, "": false,
		"時刻：1　氏名：甲\n時刻：2　氏名：乙\n時刻：3　氏名：甲\n時刻：4　氏名：乙\n": false,
	} {
		if got := Is([]byte(text)); got != want {
			t.Errorf("Is(%q) = %v", text, got)
		}
	}
	if !IsLDIF([]byte("version: 1\n\ndn: uid=a,dc=b\ncn: x\n")) || IsLDIF([]byte("dn: x\n")) || !IsCards([]byte("begin:vcard\r\n")) || IsCards([]byte("BEGIN:VTEXT")) {
		t.Error("directories are not told apart")
	}
}
