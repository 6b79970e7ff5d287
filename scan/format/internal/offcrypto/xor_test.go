package offcrypto

import "testing"

// The sums are those that LibreOffice and Excel write for these passwords.
func TestXORVerifier(t *testing.T) {
	for password, want := range map[string]uint16{DefaultPassword: 0x9A0A, "abc": 0xCC1A} {
		if got := XORVerifier(password); got != want {
			t.Errorf("XORVerifier(%q) = %#x, want %#x", password, got, want)
		}
	}
}
