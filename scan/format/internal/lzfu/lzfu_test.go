package lzfu

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// header is what stands before a text that unpacks to so many bytes.
func header(kind uint32, size int) []byte {
	b := make([]byte, headerSize)
	binary.LittleEndian.PutUint32(b[4:], uint32(size))
	binary.LittleEndian.PutUint32(b[8:], kind)
	return b
}

// pack writes a text as letters, and then what refers to places of the window.
func pack(size int, letters string, refs ...[2]int) []byte {
	type token struct{ b []byte }
	var tokens []token
	for _, c := range []byte(letters) {
		tokens = append(tokens, token{[]byte{c}})
	}
	end := len(preload) + len(letters)
	for _, r := range refs {
		v := r[0]<<4 | r[1] - 2
		tokens = append(tokens, token{[]byte{byte(v >> 8), byte(v)}})
		end += r[1]
	}
	v := end % window << 4
	tokens = append(tokens, token{[]byte{byte(v >> 8), byte(v)}})
	out := header(packed, size)
	for len(tokens) > 0 {
		n := min(8, len(tokens))
		flags := byte(0)
		var body []byte
		for i, tk := range tokens[:n] {
			if len(tk.b) == 2 {
				flags |= 1 << i
			}
			body = append(body, tk.b...)
		}
		out = append(append(out, flags), body...)
		tokens = tokens[n:]
	}
	return out
}

func TestUnpack(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []byte
		want string
		ok   bool
	}{
		{"letters", pack(11, "1234-567890"), "1234-567890", true},
		{"from the beginning of the window", pack(11, "x", [2]int{0, 10}), `x{\rtf1\ans`, true},
		{"from itself", pack(9, "ab", [2]int{len(preload), 7}), "ababababa", true},
		{"plain", append(header(plain, 3), "abcd"...), "abc", true},
		{"plain that breaks off", append(header(plain, 9), "abcd"...), "abcd", false},
		{"another size", pack(5, "1234-567890"), "1234-567890", false},
		{"no end", append(header(packed, 2), 0, 'a', 'b'), "ab", false},
		{"another kind", header(1, 0), "", false},
		{"short", []byte("LZFu"), "", false},
	} {
		got, err := Unpack(c.in)
		if string(got) != c.want || (err == nil) != c.ok || err != nil && !errors.Is(err, scan.ErrMalformed) {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(pack(11, "1234-567890"))
	f.Add(pack(9, "ab", [2]int{len(preload), 7}))
	f.Add(append(header(plain, 3), "abcd"...))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Unpack(data)
		if len(got) > 9*len(data) {
			t.Errorf("%d bytes of %d", len(got), len(data))
		}
		if err == nil && len(got) != int(binary.LittleEndian.Uint32(data[4:])) {
			t.Error("another size")
		}
		if bytes.HasPrefix(data, []byte("LZFu")) && len(data) < headerSize && err == nil {
			t.Error("no header")
		}
	})
}
