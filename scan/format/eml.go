package format

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/mailtext"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// emlFormat is an Internet message (RFC 5322) with its parts (RFC 2045–2047, 2231),
// or a mailbox of several (RFC 4155). It opens for everyone; what is attached goes
// back to the engine.
func emlFormat() scan.Format {
	return scan.Format{
		Name: "eml", Version: 4, Match: isEml, Open: openEml,
		About: scan.About{Names: "eml, mbox, emlx", Verdict: "always open", Content: scan.CoverageFull, Limits: "1,000 parts, 10 deep"},
	}
}

// isEml asks for a head of header fields, two of them such as only mails have, or
// the first of them the type of a message in parts. Before them may stand what
// programs put there.
func isEml(f *scan.File) bool {
	head := f.Head
	if wide := mailWide(head); wide != nil {
		head, _, _ = transform.Bytes(wide.NewDecoder(), head[:len(head)&^1])
	}
	lines := bytes.Split(head, []byte("\n"))
	if len(f.Head) == scan.HeadSize {
		lines = lines[:len(lines)-1] // it breaks off
	}
	known, fields, stray := 0, 0, 0
	for i, line := range lines {
		line = bytes.TrimRight(line, "\r")
		switch {
		case len(line) == 0 && fields == 0 && i < 4, fields == 0 && mailFront(line):
			continue
		case len(line) == 0:
			return known >= 2
		case line[0] == ' ' || line[0] == '\t':
			if fields == 0 {
				return false
			}
			continue
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || !mailtext.FieldName(name) {
			if bytes.HasPrefix(line, []byte("--")) && known >= 2 {
				return true
			}
			if stray++; fields == 0 || stray > 3 {
				return false
			}
			continue
		}
		fields++
		switch strings.ToLower(string(name)) {
		case "received", "return-path", "message-id", "mime-version", "from", "to", "date", "subject", "content-type", "x-mailer", "delivered-to",
			"content-transfer-encoding", "reply-to", "cc", "x-originating-ip", "authentication-results", "dkim-signature":
			known++
		}
		if fields == 1 && strings.EqualFold(string(name), "content-type") && bytes.HasPrefix(bytes.TrimSpace(value), []byte("multipart/")) {
			known = 2
		}
	}
	return known >= 2
}

// mailFront selects the lines that programs put before a message: the envelope of
// an mbox, the length of an emlx, the mark of Outlook's headers.
func mailFront(line []byte) bool {
	if bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte("Microsoft Mail Internet Headers")) {
		return true
	}
	line = bytes.TrimSpace(line)
	_, err := strconv.ParseUint(string(line), 10, 32)
	return err == nil && len(line) > 0
}

// mailWide is the encoding of a message that a program saved as UTF-16.
func mailWide(head []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	return nil
}

const (
	mailDepth = 10   // of parts in parts; messages in messages are the engine's to count
	mailParts = 1000 // of one message
)

func openEml(_ context.Context, f *scan.File) (scan.Document, error) {
	f.ClaimAll(scan.UseRead)
	return open(func(_ context.Context, out scan.Sink) error {
		text := f.Bound(f.Reader())
		if wide := mailWide(f.Head); wide != nil {
			text = transform.NewReader(text, wide.NewDecoder())
		}
		r := mailtext.NewReader(text)
		if r.Mbox = bytes.HasPrefix(bytes.TrimLeft(f.Head, "\r\n"), []byte("From ")); r.Mbox {
			return mailbox(f, r, out)
		}
		m := newMailReader(f, r, out)
		return m.message()
	}), nil
}

// mailbox hands out the messages of an mbox.
func mailbox(f *scan.File, r *mailtext.Reader, out scan.Sink) error {
	for n := 1; r.NextMail(); n++ {
		mail := r.Mail()
		err := out.Member(scan.Member{Name: fmt.Sprintf("message %d.eml", n), Size: -1, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(f.Bound(mail)), nil
		}})
		if err != nil {
			return err
		}
		if err := mail.Drain(); err != nil {
			return err
		}
	}
	return r.Err()
}

// A mailReader goes through the parts of one message.
type mailReader struct {
	file  *scan.File
	r     *mailtext.Reader
	out   scan.Sink
	words *mime.WordDecoder
	rest  *leftover // fields that no program shows
	parts int
	texts int
}

func newMailReader(f *scan.File, r *mailtext.Reader, out scan.Sink) *mailReader {
	return &mailReader{file: f, r: r, out: out, words: &mime.WordDecoder{CharsetReader: charsetReader}, rest: newLeftover(f)}
}

// charsetReader decodes the encodings that headers name.
func charsetReader(charset string, r io.Reader) (io.Reader, error) {
	enc, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return enc.NewDecoder().Reader(r), nil
}

func (m *mailReader) message() error {
	h := m.r.Header(true)
	if len(h.Fields) == 0 {
		return malformed("mail: no header")
	}
	if h.Cut {
		m.out.Problem(fmt.Errorf("mail-header of more than %d bytes: %w", mailtext.HeaderMax, &scan.LimitError{Limit: "mail-header"}))
	}
	if err := m.fields(h); err != nil {
		return err
	}
	err := m.part(h, 0, nil)
	if rerr := m.rest.hand(m.out); rerr != nil {
		return rerr
	}
	if err != nil {
		return err
	}
	return m.r.Err()
}

// fields hands out what a person sees above the text.
func (m *mailReader) fields(h *mailtext.Header) error {
	for i, name := range []string{"Subject", "From", "To", "Cc"} {
		if text := m.decoded(h.Get(name)); text != "" {
			row := scan.Row{Table: "header", N: i + 1, Cells: []scan.Cell{{Text: []byte(text)}}}
			if err := m.out.Row(row); err != nil {
				return err
			}
		}
	}
	m.hidden(h)
	return nil
}

// hidden keeps the fields that are not shown and may hold text.
func (m *mailReader) hidden(h *mailtext.Header) {
	shown := map[string]bool{}
	for _, f := range h.Fields {
		name := strings.ToLower(f.Name)
		first := !shown[name]
		shown[name] = true
		if mailMachine(name) || first && (name == "subject" || name == "from" || name == "to" || name == "cc") {
			continue
		}
		m.rest.add([]byte(m.decoded(f.Value)))
	}
	for _, line := range h.Stray {
		m.rest.add([]byte(line))
	}
}

// mailMachine selects the fields that programs write for programs (RFC 5322
// section 3.6, RFC 5321, RFC 6376, RFC 8601, RFC 8617).
func mailMachine(name string) bool {
	for _, prefix := range []string{"content-", "arc-", "list-", "resent-", "x-ms-exchange-", "x-microsoft-", "x-google-", "x-spam-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	switch name {
	case "received", "return-path", "message-id", "date", "mime-version", "references", "in-reply-to", "dkim-signature", "authentication-results",
		"received-spf", "thread-index", "x-mailer", "user-agent", "delivered-to", "domainkey-signature", "x-received", "x-originating-ip", "autocrypt":
		return true
	}
	return false
}

// decoded resolves encoded words; what is none stays as it is.
func (m *mailReader) decoded(s string) string {
	if strings.Contains(s, "=?") {
		if text, err := m.words.DecodeHeader(mailtext.Unfold(s)); err == nil {
			return text
		}
	}
	return japaneseText(s)
}

// part hands on one part, or goes through its own parts. Of the texts within an
// alternative, which are one text in several forms (RFC 2046 section 5.1.4), forms
// counts those before it.
func (m *mailReader) part(h *mailtext.Header, depth int, forms *int) error {
	if m.parts++; m.parts > mailParts || depth > mailDepth {
		return &scan.LimitError{Limit: "mail-parts"}
	}
	kind, params := mailtext.Params(h.Get("Content-Type"))
	if strings.HasPrefix(kind, "multipart/") {
		marks := mailtext.All(params, "boundary")
		if len(marks) == 0 {
			before := newLeftover(m.file)
			marks = []string{m.r.Guess(before.add)}
			if err := before.hand(m.out); err != nil {
				return err
			}
		}
		if forms == nil && kind == "multipart/alternative" {
			forms = new(int)
		}
		return m.r.Multipart(marks, func() error {
			inner := m.r.Header(false)
			m.hidden(inner)
			return m.part(inner, depth+1, forms)
		}, m.aside)
	}
	body := m.r.Body()
	plain, err := mailtext.Decode(mailtext.Encoding(h.Get("Content-Transfer-Encoding")), body)
	if err != nil {
		m.out.Problem(err)
		return body.Drain()
	}
	name, attached := m.name(h, kind, params)
	again := false
	if forms != nil && !attached {
		again = *forms > 0
		*forms++
	}
	err = m.out.Member(scan.Member{Name: name, Size: -1, Again: again, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(m.file.Bound(plain)), nil
	}})
	if err != nil {
		return err
	}
	return body.Drain()
}

// aside hands on text before the first part and after the last, which programs do
// not show (RFC 2046 section 5.1.1).
func (m *mailReader) aside(b *mailtext.Body) error {
	rest := newLeftover(m.file)
	buf := make([]byte, 32<<10)
	for {
		n, err := io.ReadFull(b, buf)
		rest.add(buf[:n])
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return rest.hand(m.out)
		}
		if err != nil {
			return err
		}
	}
}

// name is the file name of an attachment, or what the part is.
func (m *mailReader) name(h *mailtext.Header, kind string, params []mailtext.Param) (name string, attached bool) {
	_, disposition := mailtext.Params(h.Get("Content-Disposition"))
	for _, names := range [][]string{mailtext.All(disposition, "filename"), mailtext.All(params, "name")} {
		if len(names) > 0 && names[0] != "" {
			return japaneseName(m.decoded(names[0])), true
		}
	}
	m.texts++
	ext := map[string]string{"": ".txt", "text/plain": ".txt", "text/html": ".html", "message/rfc822": ".eml"}[kind]
	return fmt.Sprintf("part%d%s", m.texts, ext), false
}
