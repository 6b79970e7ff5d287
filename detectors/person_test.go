package detectors

import (
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

// TestPersonsKnow has one person in several rows, and others once: what is handed
// on of each is the highest class and the prefecture of the address, else that of
// the number.
func TestPersonsKnow(t *testing.T) {
	lines := [][]string{
		{"基礎年金番号", "氏名", "生年月日", "住所"},
		{"4123-567801", "山田 太郎", "", ""},
		{"4123-567801", "山田 太郎", "昭和30年4月1日", "沖縄県那覇市泉崎1-2"},
		{"4123-567802", "佐藤 花子", "昭和31年4月1日", ""},
		{"4123-567803", "鈴木 次郎", "", ""},
		{"0123-567804", "", "", ""},
		{"9912-567805", "高橋 三郎", "", ""},
	}
	d := New([]byte("k"))
	got := map[uint64]scan.Person{}
	for _, p := range scantest.Examine(t, d, "年金受給者.xlsx", rows("Sheet1", lines), 1).Persons {
		got[p.Hash] = p
	}
	h := newHasher(d.key, d.persons)
	for value, want := range map[uint64]scan.Person{
		4123567801: {Class: scan.ClassFour, Place: 82, Address: true},
		4123567802: {Class: scan.ClassThree, Place: 41},
		4123567803: {Class: scan.ClassTwo, Place: 41},
		123567804:  {Class: scan.ClassNumber, Place: 1},
		9912567805: {Class: scan.ClassTwo, Place: 99},
	} {
		want.Hash, want.Grade = h.number(value), scan.ConfidenceHigh
		if got[want.Hash] != want {
			t.Errorf("%010d: %+v, want %+v", value, got[want.Hash], want)
		}
	}
	if len(got) != 5 {
		t.Errorf("%d persons, want 5", len(got))
	}
}
