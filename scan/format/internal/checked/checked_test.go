package checked_test

import (
	"errors"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kagiban/kagiban/scan/format/internal/checked"
)

func TestReader(t *testing.T) {
	const text = "123456789"
	right := crc32.ChecksumIEEE([]byte(text))
	for _, c := range []struct {
		name string
		r    checked.Reader
		want string
	}{
		{"right", checked.Reader{Left: 9, Want: right}, ""},
		{"wrong sum", checked.Reader{Left: 9, Want: right + 1}, checked.Sum},
		{"no sum", checked.Reader{Left: 9, Unsummed: true}, ""},
		{"short", checked.Reader{Left: 10, Want: right}, checked.Short},
		{"longer", checked.Reader{Left: 8, Want: right}, checked.Longer},
		{"crc-16", checked.Reader{Left: 9, Want: 0xBB3D, Update: checked.CRC16}, ""},
	} {
		c.r.R = iotest.OneByteReader(strings.NewReader(text))
		c.r.Fail = func(what string) error { return errors.New(what) }
		_, err := io.Copy(io.Discard, &c.r)
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
