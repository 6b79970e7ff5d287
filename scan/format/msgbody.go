package format

import (
	"bytes"
	"fmt"
	"io"
	"regexp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/lzfu"
)

// The text of a message, of which a client writes up to three versions (MS-OXCMSG
// 2.2.1.58): plain, HTML, and rich text in compressed form (MS-OXRTFCP).

const (
	msgRTFMax  = 4 << 20  // bytes of compressed rich text that are unpacked
	msgHTMLMax = 16 << 20 // bytes of HTML that are compared with the plain text
)

// body hands on the plain text, and other versions that have numbers which the plain
// text has not: those that say the same would count each person twice.
func (m *msgReader) body() error {
	plain := m.text(msgStream + msgBody)
	if len(bytes.TrimSpace(plain)) > 0 {
		if err := m.version("body.txt", plain); err != nil {
			return err
		}
	} else {
		plain = nil
	}
	html, err := m.html(plain)
	if err != nil {
		return err
	}
	return m.richText(plain, html)
}

// html hands on the HTML, and returns what of it was read.
func (m *msgReader) html(plain []byte) ([]byte, error) {
	e := m.cfb.stream(msgStream + msgHTML + "0102")
	if e == nil {
		return nil, nil
	}
	if e.Size > msgHTMLMax {
		return nil, m.member("body.html", e)
	}
	raw, err := m.cfb.text(msgStream+msgHTML+"0102", msgHTMLMax)
	if err != nil {
		cfbTouch(m.cfb, e)
		m.out.Problem(fmt.Errorf("msg: %w", err))
		return nil, nil
	}
	if plain != nil && sameDigits(plain, raw, htmlMarkup) {
		cfbTouch(m.cfb, e)
		return nil, nil
	}
	return raw, m.member("body.html", e)
}

func (m *msgReader) richText(plain, html []byte) error {
	path := msgStream + msgRTF + "0102"
	e := m.cfb.stream(path)
	if e == nil {
		return nil
	}
	if e.Size > msgRTFMax {
		m.out.Problem(unsupported("msg: rich text of %d bytes", e.Size))
		return nil
	}
	cfbTouch(m.cfb, e)
	packed, err := m.cfb.text(path, msgRTFMax)
	if err != nil {
		m.out.Problem(fmt.Errorf("msg: %w", err))
		return nil
	}
	text, err := lzfu.Unpack(packed)
	if err != nil {
		m.out.Problem(fmt.Errorf("msg: %w", err))
	}
	if have := bytes.Join([][]byte{plain, html}, []byte{' '}); len(have) > 1 && sameDigits(have, text, rtfMarkup) || len(text) == 0 {
		return nil
	}
	return m.version("body.rtf", text)
}

// version hands on one version of the text.
func (m *msgReader) version(name string, text []byte) error {
	return m.out.Member(scan.Member{Name: name, Size: int64(len(text)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(m.file.Bound(bytes.NewReader(text))), nil
	}})
}

// What is no text in a version.
const (
	htmlMarkup = `<style[^>]*>[^<]*|<[^>]*>`
	rtfMarkup  = `\\'[0-9A-Fa-f]{2}|\\[a-z]+-?[0-9]*|<[^>]*>`
)

// sameDigits reports whether all groups of four digits and more of a version stand in
// the plain text as well.
func sameDigits(plain, version []byte, markup string) bool {
	const group = 4
	marks, digits := regexp.MustCompile(markup), regexp.MustCompile(fmt.Sprintf("[0-9]{%d,}", group))
	have := map[string]bool{}
	for _, d := range digits.FindAll(plain, -1) {
		have[string(d)] = true
	}
	for _, d := range digits.FindAll(marks.ReplaceAll(version, []byte(" ")), -1) {
		if !have[string(d)] {
			return false
		}
	}
	return true
}
