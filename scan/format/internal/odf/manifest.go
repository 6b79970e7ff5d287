package odf

import (
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// Judge reads META-INF/manifest.xml (OpenDocument 1.3 part 2, sections 3.4 and
// 4): an entry with encryption-data needs the password. LibreOffice 24.2 puts
// the whole package into one such entry. Sealed are the entries that are encrypted.
func Judge(manifest io.Reader) (p scan.Protection, sealed map[string]bool, err error) {
	t := xmltok.New(xmltok.Decode(manifest))
	var shut, open, macros int
	p, sealed = scan.Protection{Verdict: scan.VerdictNone}, map[string]bool{}
	entry, encrypted, cipher, derivation := "", false, "", ""
	for {
		kind, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return scan.Protection{}, nil, err
		}
		name := string(t.Name())
		switch {
		case kind == xmltok.Start && name == "file-entry":
			entry, encrypted = t.AttrString("full-path"), false
		case kind == xmltok.Start && name == "encryption-data":
			encrypted = true
		case kind == xmltok.Start && name == "algorithm":
			cipher = t.AttrString("algorithm-name")
		case kind == xmltok.Start && name == "key-derivation":
			derivation = t.AttrString("key-derivation-name")
		case kind == xmltok.End && name == "file-entry":
			if encrypted && len(sealed) < sealedMax {
				sealed[entry] = true
			}
			switch {
			case encrypted && macro(entry):
				macros++
			case encrypted:
				shut++
			case content(entry):
				open++
			}
		}
	}
	if shut == 0 {
		if macros > 0 { // a library of macros with a password: the document opens
			p.Notes = []scan.Note{scan.NoteVBAPassword}
		}
		return p, sealed, nil
	}
	p.Verdict = scan.VerdictPassword
	if open > 0 {
		p.Verdict = scan.VerdictPartial
	}
	p.Scheme, p.Strength = scheme(cipher, derivation)
	return p, sealed, nil
}

// sealedMax bounds the names that are kept; a package has no more parts.
const sealedMax = 20_000

// content selects the entries that hold what a person wrote.
func content(entry string) bool {
	return entry == "content.xml" || strings.HasSuffix(entry, "/content.xml")
}

// macro selects the entries of macro libraries, which have passwords of their own.
func macro(entry string) bool {
	return strings.HasPrefix(entry, "Basic/") || strings.HasPrefix(entry, "Dialogs/")
}

func scheme(cipher, derivation string) (string, scan.Strength) {
	c := strings.ToLower(cipher[strings.LastIndexAny(cipher, "#/")+1:])
	switch {
	case strings.Contains(c, "aes256-gcm"):
		c = "aes-256-gcm"
	case strings.Contains(c, "aes256"):
		c = "aes-256-cbc"
	case strings.Contains(c, "aes192"):
		c = "aes-192-cbc"
	case strings.Contains(c, "aes128"):
		c = "aes-128-cbc"
	case strings.Contains(c, "blowfish"):
		return "odf-blowfish", scan.StrengthWeak
	default:
		return "odf", ""
	}
	if strings.Contains(strings.ToLower(derivation), "argon2id") {
		c += "-argon2id"
	}
	return "odf-" + c, scan.StrengthStrong
}
