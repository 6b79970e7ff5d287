package sample

import (
	stdzip "archive/zip"
	"bytes"
	"fmt"
	"io"
	"time"

	aeszip "github.com/alexmullins/zip"
	oldzip "github.com/yeka/zip"
	"golang.org/x/text/encoding/japanese"
)

// stamp is the time of all members, so that archives come out the same twice.
func stamp() time.Time { return time.Date(2014, 6, 2, 10, 30, 0, 0, time.UTC) }

// pack makes a zip without a password. cp932 writes names as old Windows
// programs do.
func pack(cp932 bool, members ...doc) ([]byte, error) {
	var out bytes.Buffer
	w := stdzip.NewWriter(&out)
	for _, m := range members {
		h := &stdzip.FileHeader{Name: m.name, Method: stdzip.Deflate, Modified: stamp()}
		if cp932 {
			name, err := encode(m.name, japanese.ShiftJIS)
			if err != nil {
				return nil, err
			}
			h.Name, h.NonUTF8 = string(name), true
		}
		e, err := w.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := e.Write(m.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

func zipCP932(p []Person, n int) (doc, error) {
	return packed("zip-cp932-names", fmt.Sprintf("名簿一式%d.zip", n), true, p, n, csvCP932, textUTF8)
}

func zipUTF8(p []Person, n int) (doc, error) {
	return packed("zip-utf8-names", fmt.Sprintf("送付データ %d.zip", n), false, p, n, bookText, memo)
}

// packed makes a zip of what the makers make; they share the people.
func packed(kind, name string, cp932 bool, p []Person, n int, makers ...maker) (doc, error) {
	var members []doc
	for i, m := range makers {
		d, err := m(p[i*len(p)/(len(makers)+1):], n)
		if err != nil {
			return doc{}, err
		}
		members = append(members, d)
	}
	data, err := pack(cp932, members...)
	return containing(kind, name, "zip", data, members...), err
}

func zipNested(p []Person, n int) (doc, error) {
	inner, err := zipCP932(p, n)
	if err != nil {
		return doc{}, err
	}
	note, err := memo(p, n)
	if err != nil {
		return doc{}, err
	}
	data, err := pack(false, inner, note)
	return containing("zip-nested", fmt.Sprintf("再送_%d.zip", n), "zip", data, inner, note), err
}

func zipAES(p []Person, n int) (doc, error) {
	d, err := bookText(p, n)
	if err != nil {
		return doc{}, err
	}
	var out bytes.Buffer
	w := aeszip.NewWriter(&out)
	h := &aeszip.FileHeader{Name: d.name, Method: aeszip.Deflate, Flags: 0x800}
	h.SetModTime(stamp())
	h.SetPassword(fmt.Sprintf("Kagi-%d", n))
	e, err := w.CreateHeader(h)
	if err != nil {
		return doc{}, err
	}
	if _, err := e.Write(d.data); err != nil {
		return doc{}, err
	}
	err = w.Close()
	return d.closed("zip-aes", fmt.Sprintf("名簿（AES）%d.zip", n), "zip", out.Bytes()), err
}

func zipCrypto(p []Person, n int) (doc, error) {
	d, err := csvCP932(p, n)
	if err != nil {
		return doc{}, err
	}
	data, err := packOld(fmt.Sprintf("kagi%d", n), d)
	return d.closed("zip-crypto", fmt.Sprintf("名簿（圧縮）%d.zip", n), "zip", data), err
}

// packOld encrypts the first member with ZipCrypto and leaves the others open.
func packOld(password string, members ...doc) ([]byte, error) {
	var out bytes.Buffer
	w := oldzip.NewWriter(&out)
	for i, m := range members {
		h := &oldzip.FileHeader{Name: m.name, Method: oldzip.Deflate, Flags: 0x800}
		h.SetModTime(stamp())
		if i == 0 {
			h.SetPassword(password)
			h.SetEncryptionMethod(oldzip.StandardEncryption)
		}
		var e io.Writer
		e, err := w.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := e.Write(m.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

// zipPartial has one member with a password and one without.
func zipPartial(p []Person, n int) (doc, error) {
	half := len(p) / 2
	hidden, err := csvUTF8(p[:half], n)
	if err != nil {
		return doc{}, err
	}
	open, err := csvCP932(p[half:], n)
	if err != nil {
		return doc{}, err
	}
	data, err := packOld("kagi", hidden, open)
	d := containing("zip-partial", fmt.Sprintf("一部パスワード%d.zip", n), "zip", data, open)
	d.verdict = verdictPartial
	d.salted = true
	return d, err
}
