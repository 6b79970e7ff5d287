package format

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"
)

// The evidence for encryption is measured: of chance hardly a sample fails, of
// text none passes.
func TestScrambled(t *testing.T) {
	random := rand.New(rand.NewChaCha8([32]byte{1}))
	for _, n := range []int{64, 128, 512} {
		failed := 0
		const rounds = 20_000
		for range rounds {
			b := make([]byte, n)
			for i := range b {
				b[i] = byte(random.Uint32())
			}
			if !scrambled(b) {
				failed++
			}
		}
		t.Logf("%d bytes: %d of %d samples of chance fail", n, failed, rounds)
		if failed*200 > rounds {
			t.Errorf("%d bytes: %d of %d samples of chance fail", n, failed, rounds)
		}
	}
	list := "氏名,基礎年金番号,生年月日\r\n"
	for i := range 60 {
		list += fmt.Sprintf("例題 %d,4120-%06d,昭和%d年1月2日\r\n", i, 380000+7919*i, 30+i%20)
	}
	cp932, err := japanese.ShiftJIS.NewEncoder().String(list)
	if err != nil {
		t.Fatal(err)
	}
	euc, err := japanese.EUCJP.NewEncoder().String(list)
	if err != nil {
		t.Fatal(err)
	}
	utf16 := strings.Map(func(r rune) rune { return r }, list)
	var wide []byte
	for _, r := range utf16 {
		wide = append(wide, byte(r), byte(r>>8))
	}
	for name, text := range map[string]string{"UTF-8": list, "CP932": cp932, "EUC-JP": euc, "UTF-16": string(wide), "ASCII": strings.Repeat("4120-381746;1968-01-02\n", 80)} {
		for n := 16; n < len(text) && n <= 1024; n *= 2 {
			for at := 0; at+n <= len(text); at += 37 {
				if scrambled([]byte(text[at : at+n])) {
					t.Errorf("%s: %d bytes at %d pass for encrypted", name, n, at)
				}
			}
		}
	}
}

// A list behind encrypted bytes, or between them, is seen by the samples.
func TestScrambledFrom(t *testing.T) {
	random := rand.New(rand.NewChaCha8([32]byte{2}))
	noise := make([]byte, 8192)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	list := []byte(strings.Repeat("4120-381746,1968-01-02\r\n", 400))
	for name, tt := range map[string]struct {
		data []byte
		want bool
	}{
		"noise":  {noise, true},
		"empty":  {nil, false},
		"list":   {list, false},
		"front":  {append(bytes.Clone(list), noise...), false},
		"behind": {append(bytes.Clone(noise), list...), false},
		"among":  {bytes.Join([][]byte{noise, list, noise}, nil), false},
	} {
		if got := scrambledFrom(bytes.NewReader(tt.data), 0, int64(len(tt.data))); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestAgeHeader(t *testing.T) {
	const sum = "--- gIE+Pm7H3L0C0e6cehg256Yz6dDaIDMHz23hEyelSfM\n"
	for name, tt := range map[string]struct {
		header, recipient string
	}{
		"key":            {"age-encryption.org/v1\n-> X25519 n0en\naiJ2\n" + sum, "X25519"},
		"passphrase":     {"age-encryption.org/v1\n-> scrypt abc 18\n" + strings.Repeat("A", 64) + "\nAAA\n" + sum, "scrypt"},
		"magic alone":    {"age-encryption.org/v1\n氏名,基礎年金番号\n", ""},
		"no stanza":      {"age-encryption.org/v1\n" + sum, ""},
		"no sum":         {"age-encryption.org/v1\n-> X25519 n0en\naiJ2\n", ""},
		"text for body":  {"age-encryption.org/v1\n-> X25519 n0en\n4120-381746,\n" + sum, ""},
		"another format": {"age-encryption.org/v2\n-> X25519 n0en\naiJ2\n" + sum, ""},
	} {
		at, recipient := ageHeader([]byte(tt.header + "payload"))
		if recipient != tt.recipient || (at > 0) != (tt.recipient != "") || at > 0 && at != len(tt.header) {
			t.Errorf("%s: payload at %d of %d, recipient %q; want %q", name, at, len(tt.header), recipient, tt.recipient)
		}
	}
}
