package format_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan/scantest"
)

const (
	hiddenList  = "氏名,番号\r\n試験 花子,8642-975310\r\n試験 次郎,8642-975311\r\n"
	hiddenTwin  = "品名,数量\r\nねじ,120\r\nばね,340\r\n"
	hiddenField = "8642-975310"
)

// shown reports whether a text came out of a file, and whether something of it was
// reported as not read.
func shown(got scantest.Examined, text string) (found, told bool) {
	for _, row := range got.Rows {
		for _, c := range row.Cells {
			found = found || strings.Contains(c.Text, text)
		}
	}
	for _, item := range got.Result.Items {
		told = told || len(item.Problems) > 0
	}
	return found, told
}

// A stream that no program of Office writes is read, or reported; one that they leave
// behind is searched. A workbook with such streams stays clean.
func TestStreamsOfNoReader(t *testing.T) {
	book, err := os.ReadFile(filepath.Join(fixtures, "xls", "libreoffice-hidden-sheet.xls"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, stream, text string
		found, told        bool
	}{
		{"list in a stream of its own", "memo.csv", hiddenList, true, false},
		{"list in a stream without a known form", "memo", "\x01\x02\x03\x04\x00\x01\x02" + hiddenList, true, true},
		{"list in a stream that Office writes", "Ctls", hiddenList, true, false},
		{"stream of its own", "memo.csv", hiddenTwin, false, false},
		{"stream that Office writes", "Ctls", "\x01\x00\x02\x00\x03\x00", false, false},
	} {
		got := examine(t, map[string][]byte{"a.xls": withStream(t, book, c.stream, c.text)})["a.xls"]
		if found, told := shown(got, hiddenField); found != c.found || told != c.told {
			t.Errorf("%s: found %v, told %v", c.what, found, told)
		}
	}
}

// withStream makes another stream of the one with the document's properties, which lies
// in the mini stream.
func withStream(t *testing.T, book []byte, name, text string) []byte {
	t.Helper()
	data := bytes.Clone(book)
	wide := func(s string) (b []byte) {
		for _, u := range utf16.Encode([]rune(s)) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return b
	}
	entry := bytes.Index(data, wide("\x05SummaryInformation"))
	content := bytes.Index(data, []byte("\xFE\xFF\x00\x00"))
	if entry < 0 || content < 0 {
		t.Fatal("the fixture is another")
	}
	clear(data[entry : entry+64])
	copy(data[entry:], wide(name))
	binary.LittleEndian.PutUint16(data[entry+64:], uint16(2*len(name)+2))
	binary.LittleEndian.PutUint32(data[entry+0x78:], uint32(len(text)))
	copy(data[content:], text)
	return data
}

// The records of a workbook that its reader does not know are searched, and so is what
// stands behind the last substream.
func TestRecordsOfNoReader(t *testing.T) {
	book, err := os.ReadFile(filepath.Join(fixtures, "xls", "bare-biff4.xls"))
	if err != nil {
		t.Fatal(err)
	}
	record := func(id uint16, text string) []byte {
		b := binary.LittleEndian.AppendUint16(nil, id)
		return append(binary.LittleEndian.AppendUint16(b, uint16(len(text))), text...)
	}
	head := 4 + int(binary.LittleEndian.Uint16(book[2:])) // behind BOF
	for what, data := range map[string][]byte{
		"unknown record":  bytes.Join([][]byte{book[:head], record(0x0F00, hiddenField), book[head:]}, nil),
		"validation list": bytes.Join([][]byte{book[:head], record(0x01BE, "\x00\x01"+hiddenField), book[head:]}, nil),
		"behind the end":  append(bytes.Clone(book), record(0x0F00, hiddenField)...),
	} {
		if found, _ := shown(examine(t, map[string][]byte{"a.xls": data})["a.xls"], hiddenField); !found {
			t.Errorf("%s: not found", what)
		}
	}
	twin := bytes.Join([][]byte{book[:head], record(0x0F00, "12345"), book[head:]}, nil)
	if _, told := shown(examine(t, map[string][]byte{"a.xls": twin})["a.xls"], hiddenField); told {
		t.Error("an unknown record without a number is reported")
	}
}

// What is not encrypted of a small protected file is looked at.
func TestSpareBytesOfProtectedFiles(t *testing.T) {
	for _, name := range []string{"ooxml-encrypted/password-agile.xlsx", "ooxml-encrypted/password-standard.xlsx"} {
		data, err := os.ReadFile(filepath.Join(fixtures, name))
		if err != nil {
			t.Fatal(err)
		}
		if _, told := shown(examine(t, map[string][]byte{"a": data})["a"], hiddenField); told {
			t.Errorf("%s: something is reported of the file as it is", name)
		}
		tail := bytes.TrimRight(data, "\x00")
		if len(data)-len(tail) < len(hiddenList) {
			t.Fatalf("%s has no room at its end", name)
		}
		copy(data[len(tail)+4:], hiddenList)
		if found, _ := shown(examine(t, map[string][]byte{"a": data})["a"], hiddenField); !found {
			t.Errorf("%s: not found", name)
		}
	}
}
