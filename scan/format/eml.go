package format

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"golang.org/x/text/encoding/htmlindex"
)

// emlFormat is an Internet message (RFC 5322) with its parts (RFC 2045–2047, 2231).
// It opens for everyone; what is attached goes back to the engine.
func emlFormat() scan.Format {
	return scan.Format{
		Name: "eml", Version: 2, Match: isEml, Open: openEml,
		About: scan.About{Names: "eml", Verdict: "always open", Content: scan.CoverageFull, Limits: "1,000 parts, 10 deep"},
	}
}

// isEml asks for a head of header fields, two of them such as only mails have.
func isEml(f *scan.File) bool {
	known := 0
	for line := range bytes.Lines(f.Head) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			if known == 0 {
				return false
			}
			continue
		}
		name, _, ok := bytes.Cut(line, []byte(":"))
		if !ok || len(name) == 0 || bytes.ContainsAny(name, " \t,\";") {
			return false
		}
		switch strings.ToLower(string(name)) {
		case "received", "return-path", "message-id", "mime-version", "from", "to", "date", "subject", "content-type", "x-mailer", "delivered-to":
			known++
		}
	}
	return known >= 2
}

const (
	mailDepth = 10   // of parts in parts; messages in messages are the engine's to count
	mailParts = 1000 // of one message
)

func openEml(_ context.Context, f *scan.File) (scan.Document, error) {
	f.ClaimAll(scan.UseRead)
	return open(func(_ context.Context, out scan.Sink) error {
		msg, err := readMail(f.Bound(f.Reader()), out)
		if err != nil {
			return err
		}
		m := &mailReader{file: f, out: out, words: &mime.WordDecoder{CharsetReader: charsetReader}}
		if err := m.fields(msg.Header); err != nil {
			return err
		}
		return m.part(partHeader(msg.Header), msg.Body, 0)
	}), nil
}

// charsetReader decodes the encodings that headers name.
func charsetReader(charset string, r io.Reader) (io.Reader, error) {
	enc, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return enc.NewDecoder().Reader(r), nil
}

// partHeader is what mail.Header and textproto.MIMEHeader share.
type partHeader map[string][]string

func (h partHeader) get(name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// A mailReader goes through the parts of one message.
type mailReader struct {
	file  *scan.File
	out   scan.Sink
	words *mime.WordDecoder
	parts int
	texts int
}

// fields hands out what a person sees above the text.
func (m *mailReader) fields(h mail.Header) error {
	for i, name := range []string{"Subject", "From", "To", "Cc"} {
		if text := m.decoded(h.Get(name)); text != "" {
			row := scan.Row{Table: "header", N: i + 1, Cells: []scan.Cell{{Text: []byte(text)}}}
			if err := m.out.Row(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// decoded resolves encoded words; what is none stays as it is.
func (m *mailReader) decoded(s string) string {
	if text, err := m.words.DecodeHeader(s); err == nil {
		return text
	}
	return s
}

// part hands on one part, or goes through its own parts.
func (m *mailReader) part(h partHeader, body io.Reader, depth int) error {
	if m.parts++; m.parts > mailParts || depth > mailDepth {
		return &scan.LimitError{Limit: "mail-parts"}
	}
	kind, params, err := mime.ParseMediaType(h.get("Content-Type"))
	if err != nil && kind == "" {
		kind = "text/plain" // the default, RFC 2045 section 5.2
	}
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" {
		return m.multipart(multipart.NewReader(body, params["boundary"]), depth)
	}
	return m.out.Member(scan.Member{Name: m.name(h, kind, params), Size: -1, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(m.file.Bound(transferDecoded(h.get("Content-Transfer-Encoding"), body))), nil
	}})
}

func (m *mailReader) multipart(r *multipart.Reader, depth int) error {
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return malformed("mail: part %d: %v", m.parts, err)
		}
		if err := m.part(partHeader(p.Header), p, depth+1); err != nil {
			return err
		}
	}
}

// name is the file name of an attachment, or what the part is.
func (m *mailReader) name(h partHeader, kind string, params map[string]string) string {
	if _, disposition, err := mime.ParseMediaType(h.get("Content-Disposition")); err == nil && disposition["filename"] != "" {
		return japaneseName(m.decoded(disposition["filename"]))
	}
	if params["name"] != "" {
		return japaneseName(m.decoded(params["name"]))
	}
	m.texts++
	ext := map[string]string{"text/plain": ".txt", "text/html": ".html", "message/rfc822": ".eml"}[kind]
	return fmt.Sprintf("part%d%s", m.texts, ext)
}

// transferDecoded undoes the transfer encoding (RFC 2045 section 6).
func transferDecoded(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, &base64Only{r})
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	}
	return r
}

// base64Only leaves out what mail programs put between the lines.
type base64Only struct{ r io.Reader }

func (b *base64Only) Read(p []byte) (int, error) {
	for {
		n, err := b.r.Read(p)
		kept := 0
		for _, c := range p[:n] {
			if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '=' {
				p[kept] = c
				kept++
			}
		}
		if kept > 0 || err != nil || n == 0 {
			return kept, err
		}
	}
}
