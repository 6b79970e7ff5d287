package format

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/lzfu"
)

// msgRTFMax bounds the compressed rich text that is unpacked, bytes.
const msgRTFMax = 4 << 20

// body hands on the text of a message, of which a client writes up to three forms
// (MS-OXCMSG 2.2.1.58): plain, HTML, and rich text in compressed form (MS-OXRTFCP).
func (m *msgReader) body() error {
	if plain := m.text(msgStream + msgBody); len(bytes.TrimSpace(plain)) > 0 {
		if err := m.form("body.txt", int64(len(plain)), bytes.NewReader(plain)); err != nil {
			return err
		}
	}
	if e := m.cfb.stream(msgStream + msgHTML + "0102"); e != nil {
		if err := m.form("body.html", e.Size, bufio.NewReaderSize(m.cfb.open(e), 64<<10)); err != nil {
			return err
		}
	}
	return m.richText()
}

func (m *msgReader) richText() error {
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
	if len(text) == 0 {
		return nil
	}
	return m.form("body.rtf", int64(len(text)), bytes.NewReader(text))
}

// form hands on one form of the text.
func (m *msgReader) form(name string, size int64, text io.Reader) error {
	m.forms++
	return m.out.Member(scan.Member{Name: name, Size: size, Again: m.forms > 1, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(m.file.Bound(text)), nil
	}})
}
