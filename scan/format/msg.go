package format

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
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
		Name: "msg", Version: 1, Match: isMsg, Open: openMsg,
		About: scan.About{Names: "msg", Verdict: "always open", Content: scan.CoverageFull, Limits: "not text that is only in compressed RTF"},
	}
}

func isMsg(f *scan.File) bool {
	if !hasPrefix(f, cfb.Magic) {
		return false
	}
	c, err := readCFB(f)
	return err == nil && c.has("__properties_version1.0")
}

// The properties that are read (MS-OXPROPS): 001F is UTF-16, 001E bytes in the
// code page of the sender, 0102 binary.
const (
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
	msgEmbedded   = msgStream + "3701000D" // a storage: a message in the message
)

const msgText = 4 << 20 // bytes of one text property that are read

func openMsg(_ context.Context, f *scan.File) (scan.Document, error) {
	c, err := readCFB(f)
	if err != nil {
		return nil, err
	}
	return open(func(_ context.Context, out scan.Sink) error {
		return newMsgReader(f, c, out).message("", "", 0)
	}), nil
}

// A msgReader goes through a message and those embedded in it.
type msgReader struct {
	file     *scan.File
	cfb      *compound
	out      scan.Sink
	attached map[uint64][]*cfb.Entry // attachments, by the hash of the message they belong to
}

// message hands out the message in one storage. Shown is where it stands for a person.
func (m *msgReader) message(dir, shown string, depth int) error {
	if depth > mailDepth {
		return &scan.LimitError{Limit: "mail-parts"}
	}
	for i, property := range []string{msgSubject, msgSender, msgTo} {
		if text := m.text(dir + msgStream + property); len(text) > 0 {
			row := scan.Row{Table: shown + "header", N: i + 1, Cells: []scan.Cell{{Text: text}}}
			if err := m.out.Row(row); err != nil {
				return err
			}
		}
	}
	if err := m.body(dir, shown); err != nil {
		return err
	}
	for _, attachment := range m.attachments(dir) {
		if err := m.attachment(attachment, shown, depth); err != nil {
			return err
		}
	}
	return nil
}

// body hands on the text, as plain text, else as HTML. Text that is only in
// compressed RTF (MS-OXRTFCP) is told as not read.
func (m *msgReader) body(dir, shown string) error {
	if text := m.text(dir + msgStream + msgBody); len(bytes.TrimSpace(text)) > 0 {
		return m.out.Member(scan.Member{Name: shown + "body.txt", Size: int64(len(text)), Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(text)), nil
		}})
	}
	if html := m.cfb.stream(dir + msgStream + msgHTML + "0102"); html != nil {
		return m.member(shown+"body.html", html)
	}
	if m.cfb.has(dir + msgStream + msgRTF + "0102") {
		m.out.Problem(unsupported("msg: text that is only in compressed RTF"))
	}
	return nil
}

// newMsgReader finds the attachments of each message in one pass: a file may
// hold tens of thousands.
func newMsgReader(f *scan.File, c *compound, out scan.Sink) *msgReader {
	m := &msgReader{file: f, cfb: c, out: out, attached: map[uint64][]*cfb.Entry{}}
	_ = c.has("") // makes the index, whose hash is used here
	for _, e := range c.entries {
		if strings.HasPrefix(e.Name, msgAttachment) {
			in := c.hash(c.dir(e), "")
			m.attached[in] = append(m.attached[in], e)
		}
	}
	return m
}

// attachments lists the storages of attachments directly below a message.
func (m *msgReader) attachments(dir string) []string {
	var list []string
	for _, e := range m.attached[maphash.String(m.cfb.seed, dir)] {
		if p := m.cfb.path(e) + "/"; strings.HasPrefix(p, dir) {
			list = append(list, p)
		}
	}
	return list
}

func (m *msgReader) attachment(dir, shown string, depth int) error {
	name := string(m.text(dir + msgStream + msgLongName))
	if name == "" {
		name = string(m.text(dir + msgStream + msgShortName))
	}
	if m.cfb.has(strings.TrimSuffix(dir+msgEmbedded, "/")) && m.cfb.has(dir+msgEmbedded+"/__properties_version1.0") {
		return m.message(dir+msgEmbedded+"/", shown+"message/", depth+1)
	}
	data := m.cfb.stream(dir + msgStream + msgData + "0102")
	if data == nil {
		m.out.Problem(unsupported("msg: attachment that is not kept in the file"))
		return nil
	}
	if name == "" {
		name = "attachment"
	}
	return m.member(shown+japaneseName(name), data)
}

func (m *msgReader) member(name string, e *cfb.Entry) error {
	return m.out.Member(scan.Member{Name: name, Size: e.Size, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(m.file.Bound(bufio.NewReaderSize(m.cfb.open(e), 64<<10))), nil
	}})
}

// text reads a text property in either form.
func (m *msgReader) text(property string) []byte {
	if m.cfb.stream(property+"001F") != nil {
		raw, err := m.cfb.text(property+"001F", msgText)
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
	if m.cfb.stream(property+"001E") == nil {
		return nil
	}
	raw, err := m.cfb.text(property+"001E", msgText)
	if err != nil {
		m.out.Problem(fmt.Errorf("msg: %w", err))
		return nil
	}
	return []byte(japaneseText(string(bytes.TrimRight(raw, "\x00"))))
}
