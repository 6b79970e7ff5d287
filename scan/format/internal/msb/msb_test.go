package msb_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/msb"
)

func TestRead(t *testing.T) {
	b := msb.NewReader(strings.NewReader("\xA5\x0F\xFF"))
	var got []int
	for _, n := range []int{1, 3, 0, 4, 12} {
		v, err := b.Read(n)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, v)
	}
	if want := []int{1, 2, 0, 5, 0x0FF}; !slices.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
	if _, err := b.Read(5); !errors.Is(err, scan.ErrMalformed) {
		t.Errorf("%v where the data breaks off", err)
	}
}
