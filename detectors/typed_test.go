package detectors

import (
	"fmt"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

// TestTyped has numbers as people type them, and what is none.
func TestTyped(t *testing.T) {
	a := NewAsker([]byte("k"))
	d := New([]byte("k"))
	h := newHasher(d.key, d.persons)
	for text, want := range map[string]struct {
		value  uint64
		mended string
	}{
		"4123-567801": {4123567801, ""}, "4123567801": {4123567801, ""}, " ４１２３－５６７８０１\r": {4123567801, ""}, "4123ー567801": {4123567801, ""}, "4123 567801": {4123567801, ""},
		"0123-567801": {123567801, ""}, "123567801": {123567801, MendedZero}, "123-567801": {123567801, MendedZero}, "4123-7801": {4123007801, MendedZero}, "123\t45": {123000045, MendedZero},
		"4123-567801-1150": {4123567801, MendedCode}, "基礎年金番号：4123-567801": {4123567801, MendedText}, "9912-567801": {9912567801, ""},
	} {
		got, ok := a.Ask([]byte(text))
		if !ok || got.Hash != h.number(want.value) || got.Mended != want.mended || got.Interim != (want.value/1e8 == 99) {
			t.Errorf("%q: %+v, %v; want %010d %q", text, got, ok, want.value, want.mended)
		}
	}
	for _, text := range []string{"", "山田 太郎", "123", "12345678", "12345678901", "03-5344-1120", "123456789012", "0000-000000", "4123-567801 4123-567802", "-4123-567801x", "12-34-56", "4123-1234567"} {
		if got, ok := a.Ask([]byte(text)); ok {
			t.Errorf("%q is taken for a number: %+v", text, got)
		}
	}
}

// TestTypedAsDetected: what is asked has the hash of what was found.
func TestTypedAsDetected(t *testing.T) {
	lines := [][]string{{"基礎年金番号", "氏名"}}
	for i := range 50 {
		lines = append(lines, []string{fmt.Sprintf("%04d-%06d", 100+i*150, i*7919+1), "山田 太郎"})
	}
	found := map[uint64]bool{}
	for _, p := range scantest.Examine(t, New([]byte("k")), "年金.csv", rows("", lines), 0).Persons {
		found[p.Hash] = p.Grade == scan.ConfidenceHigh
	}
	asker := NewAsker([]byte("k"))
	for _, line := range lines[1:] {
		if got, ok := asker.Ask([]byte(line[0])); !ok || !found[got.Hash] {
			t.Errorf("a number that was found is not known: %v", ok)
		}
	}
	if KeyPrint([]byte("k")) == KeyPrint([]byte("l")) {
		t.Error("two keys, one fingerprint")
	}
}
