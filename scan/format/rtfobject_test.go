package format_test

import (
	"encoding/binary"
	"encoding/hex"
	"testing"
)

// A file that was put into a text document is read; a link, and a document without a
// number in it, are nothing to report.
func TestObjectsInRTF(t *testing.T) {
	number := func(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }
	name := func(s string) string { return number(len(s)+1) + s + "\x00" }
	object := func(kind int, class, data string) string {
		return number(0x501) + number(kind) + name(class) + number(0) + number(0) + number(len(data)) + data
	}
	packed := func(text string) string {
		return "\x02\x00list.csv\x00C:\\list.csv\x00\x00\x00\x03\x00" + name("C:\\list.csv") + number(len(text)) + text
	}
	for _, c := range []struct {
		what, object string
		found, told  bool
	}{
		{"package", object(2, "Package", packed(hiddenList)), true, false},
		{"package without a number", object(2, "Package", packed(hiddenTwin)), false, false},
		{"data as it is", object(2, "Text", hiddenList), true, false},
		{"link", number(0x501) + number(1) + name("Excel.Sheet.8") + name("C:\\list.xls") + number(0) + number(0), false, false},
		{"data of an unknown program", object(2, "X.1", "\x01\x02\x03\x00\x01\x02\x03\x04\x05\x06\x07\x08"), false, true},
		{"breaks off", object(2, "Package", packed(hiddenList))[:60], false, true},
	} {
		text := `{\rtf1\ansi before{\object\objemb{\*\objdata ` + hex.EncodeToString([]byte(c.object)) + `}}\par}`
		got := examine(t, map[string][]byte{"a.rtf": []byte(text)})["a.rtf"]
		if found, told := shown(got, hiddenField); found != c.found || told != c.told {
			t.Errorf("%s: found %v, told %v: %+v", c.what, found, told, got.Result.Items)
		}
	}
}
