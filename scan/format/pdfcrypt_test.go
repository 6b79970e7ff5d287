package format

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// A file with a password for the user and none for the owner opens for everyone.
// The dictionaries are built here by the algorithms for writers (ISO 32000-1,
// algorithms 3 to 5).
func TestPdfOwnerPassword(t *testing.T) {
	const id, permissions = "0123456789abcdef", int64(-3904)
	pad := func(password string) []byte { return []byte((password + pdfPad)[:32]) }
	dictionary := func(revision int64, owner, user string) pdfDict {
		size := 16
		if revision == 2 {
			size = 5
		}
		times := func(text []byte, key [16]byte) []byte {
			if revision == 2 {
				return pdfRC4(key[:size], 0, text)
			}
			for x := range 20 {
				text = pdfRC4(key[:size], byte(x), text)
			}
			return text
		}
		again := func(key [16]byte) [16]byte {
			for n := 0; revision > 2 && n < 50; n++ {
				key = md5.Sum(key[:size])
			}
			return key
		}
		o := times(pad(user), again(md5.Sum(pad(owner))))
		seed := binary.LittleEndian.AppendUint32(append(pad(user), o...), uint32(permissions&0xFFFFFFFF))
		key := again(md5.Sum(append(seed, id...)))
		u := times([]byte(pdfPad), key)
		if revision > 2 {
			sum := md5.Sum([]byte(pdfPad + id))
			u = append(times(sum[:], key), make([]byte, 16)...)
		}
		return pdfDict{
			"Filter": pdfName("Standard"), "V": revision - 1, "R": revision, "Length": int64(8 * size),
			"O": string(o), "U": string(u), "P": permissions,
		}
	}
	for _, c := range []struct {
		owner, user, password string
		verdict               scan.Verdict
	}{
		{"", "himitsu", "himitsu", scan.VerdictNone},
		{"", "", "", scan.VerdictNone},
		{"kagi", "", "", scan.VerdictNone},
		{"kagi", "himitsu", "", scan.VerdictPassword},
	} {
		for _, revision := range []int64{2, 3} {
			p, err := pdfProtection(dictionary(revision, c.owner, c.user), pdfDict{"ID": []any{id, id}})
			if err != nil || p.Verdict != c.verdict || p.password != c.password {
				t.Errorf("revision %d, owner %q, user %q: %v, password %q, %v", revision, c.owner, c.user, p.Protection, p.password, err)
			}
		}
	}
}

// From revision 5 on each password has its own check, the owner's over the user's.
func TestPdfOwnerPasswordOfRevision5(t *testing.T) {
	salted := func(password, salt, user string) string {
		sum := sha256.Sum256([]byte(password + salt + user))
		return string(sum[:]) + salt + "keysalt."
	}
	filters := pdfDict{"StdCF": pdfDict{"CFM": pdfName("AESV3")}}
	for owner, want := range map[string]scan.Verdict{"": scan.VerdictNone, "kagi": scan.VerdictPassword} {
		u := salted("himitsu", "saltuser", "")
		dict := pdfDict{
			"Filter": pdfName("Standard"), "V": int64(5), "R": int64(5), "StmF": pdfName("StdCF"), "CF": filters,
			"U": u, "O": salted(owner, "saltownr", u),
		}
		if p, err := pdfProtection(dict, pdfDict{}); err != nil || p.Verdict != want {
			t.Errorf("owner %q: %v, %v", owner, p.Protection, err)
		}
	}
}
