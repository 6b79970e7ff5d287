package state

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// TestPack stores all that is known of persons and reads it back.
func TestPack(t *testing.T) {
	var packed []byte
	var want []scan.Person
	for class := scan.ClassNumber; class <= scan.ClassFour; class++ {
		for place := range uint8(100) {
			grade := scan.ConfidenceHigh
			if place%3 == 0 {
				grade = scan.ConfidenceMedium
			}
			p := scan.Person{Hash: uint64(len(want)) << 40, Grade: grade, Class: class, Place: place, Address: place%2 == 0}
			want, packed = append(want, p), appendPerson(packed, p)
		}
	}
	i := 0
	for p, err := range unpack(packed) {
		if err != nil || p != want[i] {
			t.Fatalf("%+v, %v; want %+v", p, err, want[i])
		}
		i++
	}
	if i != len(want) || len(packed) != packedSize*i {
		t.Errorf("%d persons in %d bytes, want %d", i, len(packed), len(want))
	}
}

// TestPackOld reads lists that were stored before class and place were known.
func TestPackOld(t *testing.T) {
	old := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint64(nil, 5), gradeHigh)
	for p, err := range unpack(old) {
		if want := (scan.Person{Hash: 5, Grade: scan.ConfidenceHigh, Class: scan.ClassNumber}); err != nil || p != want {
			t.Errorf("%+v, %v; want %+v", p, err, want)
		}
	}
	for _, bad := range []uint16{0, 3, gradeHigh | 4<<classShift} {
		text := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint64(nil, 5), bad)
		for _, err := range unpack(text) {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%#x: %v", bad, err)
			}
		}
	}
}
