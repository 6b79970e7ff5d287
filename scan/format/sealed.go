package format

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// Sealed containers of encryption tools that are not Office: without the
// secret nothing of them can be read. A verdict is all there is.

// sealed makes the format of such a container. Match has it proven: what only says
// that it is one is left to the formats below, which may read it as text.
func sealed(name, names string, match func(*scan.File) bool, verdict func(*scan.File) (scan.Protection, error)) scan.Format {
	return scan.Format{
		Name: name, Version: 2, Match: match,
		About: scan.About{Names: names, Verdict: "yes", Content: scan.CoverageNone},
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			p, err := verdict(f)
			if err != nil {
				return nil, err
			}
			f.ClaimAll(scan.UseSealed)
			return closed(p), nil
		},
	}
}

func byPassword(scheme string, strength scan.Strength) func(*scan.File) (scan.Protection, error) {
	return func(*scan.File) (scan.Protection, error) {
		return scan.Protection{Verdict: scan.VerdictPassword, Scheme: scheme, Strength: strength}, nil
	}
}

const (
	attacheToken    = "_AttacheCaseData"
	attacheTokenRSA = "_AttacheCase_Rsa"
)

// attacheCaseFormat is the encryption tool of that name, versions 2 to 4. The token
// stands after the four bytes of version and flags, the version of the file
// follows it: 1.xx as a hundred and more.
func attacheCaseFormat() scan.Format {
	return sealed("attachecase", "AttacheCase", func(f *scan.File) bool {
		if len(f.Head) < 24 || !bytes.HasPrefix(f.Head[4:], []byte(attacheToken)) && !bytes.HasPrefix(f.Head[4:], []byte(attacheTokenRSA)) {
			return false
		}
		version := binary.LittleEndian.Uint32(f.Head[20:])
		return version >= 100 && version < 1000 && scrambledFrom(f, 24, f.Size())
	}, func(f *scan.File) (scan.Protection, error) {
		p := scan.Protection{Verdict: scan.VerdictPassword, Scheme: "attachecase", Strength: scan.StrengthStrong}
		if bytes.HasPrefix(f.Head[4:], []byte(attacheTokenRSA)) {
			p.Verdict = scan.VerdictOther // a key pair
		}
		return p, nil
	})
}

// openSSLFormat is the output of "openssl enc" with a password and a salt.
func openSSLFormat() scan.Format {
	return sealed("openssl", "openssl enc", func(f *scan.File) bool { return hasPrefix(f, "Salted__") && scrambledFrom(f, 16, f.Size()) }, byPassword("openssl", ""))
}

// ageFormat is age-encryption.org/v1, binary or armoured; a passphrase makes the
// only stanza "scrypt" (its specification, section "scrypt recipient stanza").
func ageFormat() scan.Format {
	const armour = "-----BEGIN AGE ENCRYPTED FILE-----"
	header := func(f *scan.File) string {
		const most = 64 << 10 // of a header with many recipients
		if !hasPrefix(f, armour) {
			at, recipient := ageHeader(headOfAll(f, most))
			if at == 0 || !scrambledFrom(f, int64(at), f.Size()) {
				return ""
			}
			return recipient
		}
		data := unarmoured(headOfAll(f, most)[len(armour):])
		at, recipient := ageHeader(data)
		if at == 0 || !scrambledFrom(bytes.NewReader(data), int64(at), int64(len(data))) || !armoured(f, int64(len(armour))) {
			return ""
		}
		return recipient
	}
	return sealed("age", "age", func(f *scan.File) bool { return hasPrefix(f, "age-encryption.org/v1\n", armour) && header(f) != "" },
		func(f *scan.File) (scan.Protection, error) {
			p := scan.Protection{Verdict: scan.VerdictOther, Scheme: "age", Strength: scan.StrengthStrong}
			if header(f) == "scrypt" {
				p.Verdict = scan.VerdictPassword
			}
			return p, nil
		})
}

// armoured reports whether samples of a file are lines of base64 to its end mark.
func armoured(f *scan.File, from int64) bool {
	const samples, sample = 8, 256
	buf := make([]byte, sample)
	for off := from; off < f.Size(); off += max((f.Size()-from)/samples, sample) {
		n, err := f.ReadAt(buf[:min(sample, f.Size()-off)], off)
		if err != nil && err != io.EOF {
			return false
		}
		text := buf[:n]
		if i := bytes.Index(text, []byte("-----END")); i >= 0 {
			rest := bytes.TrimSpace(text[i:])
			return f.Size()-off <= sample && bytes.HasSuffix(rest, []byte("-----")) && bytes.Count(rest, []byte("\n")) == 0
		}
		for line := range bytes.Lines(text) {
			line = bytes.TrimRight(line, "\r\n=")
			if len(line) > 76 || !base64Line(line) && off > from {
				return false
			}
		}
	}
	return true
}

// unarmoured decodes what of an armoured head is whole.
func unarmoured(text []byte) []byte {
	var b64 strings.Builder
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if bytes.ContainsAny(line, ": ") || bytes.HasPrefix(line, []byte("=")) || bytes.HasPrefix(line, []byte("-----")) {
			continue // headers and the sum of OpenPGP armour
		}
		b64.Write(line)
	}
	s := strings.TrimRight(b64.String(), "=")
	s = s[:len(s)-len(s)%4]
	data, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil
	}
	return data
}

// openPGPFormat is an encrypted OpenPGP message, binary or armoured (RFC 9580). The
// binary form has no magic: its first packet has to be a session key, by
// password (tag 3) or by public key (tag 1), of a version and length that fit.
func openPGPFormat() scan.Format {
	return sealed("openpgp", "OpenPGP messages", func(f *scan.File) bool {
		if hasPrefix(f, pgpArmour) {
			data := unarmoured(headOfAll(f, 4096)[len(pgpArmour):])
			return len(data) < 64 || scrambled(data) && armoured(f, int64(len(pgpArmour)))
		}
		return sessionKey(f.Head, f.Size()) != 0 && scrambledFrom(f, 0, f.Size())
	}, func(f *scan.File) (scan.Protection, error) {
		data, size := f.Head, f.Size()
		if hasPrefix(f, pgpArmour) {
			data = unarmoured(data[len(pgpArmour):])
			size = max(size, int64(len(data)))
		}
		p := scan.Protection{Scheme: "openpgp", Strength: scan.StrengthStrong}
		switch sessionKey(data, size) {
		case pgpPassword:
			p.Verdict = scan.VerdictPassword
		case pgpPublicKey:
			p.Verdict = scan.VerdictOther
		default:
			return p, unsupported("OpenPGP message that does not begin with a session key")
		}
		return p, nil
	})
}

const (
	pgpArmour    = "-----BEGIN PGP MESSAGE-----"
	pgpPublicKey = 1
	pgpPassword  = 3
)

// sessionKey returns the tag of a first packet that is a session key, 0 if it is
// none (RFC 9580 sections 4.2, 5.1 and 5.3). The packet that follows has to be
// another session key or encrypted data (tags 9, 18 and 20).
func sessionKey(b []byte, size int64) int {
	tag, body, next := pgpPacket(b)
	if tag != pgpPublicKey && tag != pgpPassword || body == nil {
		return 0
	}
	version := body[0]
	if tag == pgpPublicKey && version != 3 && version != 6 || tag == pgpPassword && (version < 4 || version > 6) {
		return 0
	}
	if int64(next) >= size || next >= len(b) {
		return 0
	}
	switch follow, _, _ := pgpPacket(b[next:]); follow {
	case 1, 3, 9, 18, 20:
		return tag
	}
	return 0
}

// pgpPacket reads a packet header (RFC 9580 section 4.2): its tag, its body if
// that lies in b, and where the next one begins.
func pgpPacket(b []byte) (tag int, body []byte, next int) {
	if len(b) < 3 || b[0]&0x80 == 0 {
		return 0, nil, 0
	}
	head, length := 0, 0
	if b[0]&0x40 != 0 {
		tag = int(b[0] & 0x3F)
		switch l := int(b[1]); {
		case l < 192:
			head, length = 2, l
		case l < 224:
			head, length = 3, (l-192)<<8+int(b[2])+192
		default:
			return tag, nil, 0 // partial or long: no session key is
		}
	} else {
		tag = int(b[0] >> 2 & 0x0F)
		switch b[0] & 3 {
		case 0:
			head, length = 2, int(b[1])
		case 1:
			head, length = 3, int(b[1])<<8|int(b[2])
		default:
			return tag, nil, 0
		}
	}
	if length == 0 || head+length > len(b) {
		return tag, nil, 0
	}
	return tag, b[head : head+length], head + length
}
