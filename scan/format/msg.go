package format

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
)

// msgFormat is an Outlook message (MS-OXMSG): properties are streams named
// __substg1.0_ and the property's number and type, attachments are storages.
// It opens for everyone; what is attached goes back to the engine.
func msgFormat() scan.Format {
	return scan.Format{
		Name: "msg", Version: 5, Match: isMsg, Open: openMsg,
		About: scan.About{Names: "msg", Verdict: "always open", Content: scan.CoverageFull},
	}
}

func isMsg(f *scan.File) bool {
	if !hasPrefix(f, cfb.Magic) {
		return false
	}
	c, err := readCFB(f)
	return err == nil && c.has(msgProperties)
}

// The properties that are read (MS-OXPROPS): 001F is UTF-16, 001E bytes in the
// code page of the sender, 0102 binary.
const (
	msgProperties = "__properties_version1.0"
	msgStream     = "__substg1.0_"
	msgSubject    = "0037"
	msgSender     = "0C1A"
	msgTo         = "0E04"
	msgBody       = "1000"
	msgHTML       = "1013"
	msgRTF        = "1009"
	msgData       = "3701"
	msgLongName   = "3707"
	msgShortName  = "3704"
	msgAttachment = "__attach_version1.0_#"
	msgEmbedded   = msgStream + "3701000D" // a storage: a message in the message, or an object
)

const msgText = 4 << 20 // bytes of one text property that are read

func openMsg(_ context.Context, f *scan.File) (scan.Document, error) {
	c, err := openCFB(f)
	if err != nil {
		return nil, err
	}
	return open(func(_ context.Context, out scan.Sink) error {
		return newMsgReader(f, c, out).message()
	}), nil
}

// A msgReader hands out one message. What is attached to it, messages too, goes
// back to the engine.
type msgReader struct {
	file     *scan.File
	cfb      *compound
	out      scan.Sink
	attached []*cfb.Entry           // the storages of attachments
	embedded map[string]*msgStorage // what an attachment holds as a storage, by the name of the attachment
	forms    int                    // of the text, that were handed on
}

// A msgStorage is a storage with all that is in it.
type msgStorage struct {
	*compound
	storage *cfb.Entry
}

// newMsgReader finds the attachments in one pass: a file may hold tens of thousands.
func newMsgReader(f *scan.File, c *compound, out scan.Sink) *msgReader {
	m := &msgReader{file: f, cfb: c, out: out, embedded: map[string]*msgStorage{}}
	for _, e := range c.entries {
		dir := c.dir(e)
		switch {
		case len(dir) == 0 && e.Dir && strings.HasPrefix(e.Name, msgAttachment):
			m.attached = append(m.attached, e)
		case len(dir) >= 2 && strings.HasPrefix(dir[0], msgAttachment) && dir[1] == msgEmbedded:
			inner := m.embedded[dir[0]]
			if inner == nil {
				inner = &msgStorage{&compound{file: f, cfb: c.cfb, depth: c.depth + 2, touched: c.touched}, e.Within(len(dir) - 2)}
				m.embedded[dir[0]] = inner
			}
			inner.entries = append(inner.entries, e)
		}
	}
	return m
}

func (m *msgReader) message() error {
	for i, property := range []string{msgSubject, msgSender, msgTo} {
		if text := m.text(msgStream + property); len(text) > 0 {
			row := scan.Row{Table: "header", N: i + 1, Cells: []scan.Cell{{Text: text}}}
			if err := m.out.Row(row); err != nil {
				return err
			}
		}
	}
	if err := m.body(); err != nil {
		return err
	}
	for _, attachment := range m.attached {
		if err := m.attachment(attachment.Name); err != nil {
			return err
		}
	}
	return cfbLeftovers(m.cfb, m.out)
}

func (m *msgReader) attachment(dir string) error {
	name := string(m.text(dir + "/" + msgStream + msgLongName))
	if name == "" {
		name = string(m.text(dir + "/" + msgStream + msgShortName))
	}
	name = japaneseName(name)
	if inner := m.embedded[dir]; inner != nil {
		return inner.member(inner.storage, cmp.Or(name, "message"), m.out)
	}
	data := m.cfb.stream(dir + "/" + msgStream + msgData + "0102")
	if data == nil {
		m.out.Problem(unsupported("msg: attachment that is not kept in the file"))
		return nil
	}
	return m.member(cmp.Or(name, "attachment"), data)
}

func (m *msgReader) member(name string, e *cfb.Entry) error {
	return m.out.Member(scan.Member{Name: name, Size: e.Size, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(m.file.Bound(bufio.NewReaderSize(m.cfb.open(e), 64<<10))), nil
	}})
}

// text reads a text property in either form.
func (m *msgReader) text(property string) []byte {
	if e := m.cfb.stream(property + "001F"); e != nil {
		raw, err := m.raw(e, property+"001F")
		if err != nil {
			m.out.Problem(fmt.Errorf("msg: %w", err))
			return nil
		}
		units := make([]uint16, len(raw)/2)
		for i := range units {
			units[i] = uint16(raw[2*i]) | uint16(raw[2*i+1])<<8
		}
		return []byte(strings.TrimRight(string(utf16.Decode(units)), "\x00"))
	}
	e := m.cfb.stream(property + "001E")
	if e == nil {
		return nil
	}
	raw, err := m.raw(e, property+"001E")
	if err != nil {
		m.out.Problem(fmt.Errorf("msg: %w", err))
		return nil
	}
	return []byte(japaneseText(string(bytes.TrimRight(raw, "\x00"))))
}

// raw reads a text property. What is longer than messages are is searched as a
// leftover too.
func (m *msgReader) raw(e *cfb.Entry, path string) ([]byte, error) {
	if e.Size <= msgText {
		cfbTouch(m.cfb, e)
	}
	return m.cfb.text(path, msgText)
}
