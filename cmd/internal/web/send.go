package web

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/wneessen/go-mail"
)

// A Mailer sends mails over one server (RFC 5321), with STARTTLS unless the server
// is this computer or Plain says otherwise.
type Mailer struct {
	Server         string // host:port
	From           string
	User, Password string
	Plain          bool        // without TLS
	TLS            *tls.Config // nil: the system's authorities
}

// sendTime bounds one try.
const sendTime = 30 * time.Second

// Send sends a mail of text.
func (m Mailer) Send(ctx context.Context, to []string, subject, text string) error {
	host, portText, err := net.SplitHostPort(m.Server)
	if err != nil {
		return scan.Errorf("%q is no mail server; write mail.example.jp:587", m.Server)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return scan.Errorf("%q is no mail server; write mail.example.jp:587", m.Server)
	}
	msg := mail.NewMsg()
	if err := errors.Join(msg.From(m.From), msg.To(to...)); err != nil {
		return err
	}
	msg.Subject(subject)
	msg.SetBodyString(mail.TypeTextPlain, text)
	opts := []mail.Option{mail.WithPort(port), mail.WithTimeout(sendTime), mail.WithTLSPolicy(m.policy(host))}
	if m.TLS != nil {
		opts = append(opts, mail.WithTLSConfig(m.TLS))
	}
	if m.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	client, err := mail.NewClient(host, opts...)
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, msg)
}

// policy is whether TLS is needed.
func (m Mailer) policy(host string) mail.TLSPolicy {
	switch {
	case m.Plain:
		return mail.NoTLS
	case local(host):
		return mail.TLSOpportunistic
	}
	return mail.TLSMandatory
}

// Allowed says whether Post sends to an address.
func Allowed(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return scan.Errorf("%q is no address; write https://chat.example.jp/hooks/kagiban", address)
	}
	if u.Scheme != "https" && !local(u.Host) {
		return scan.Errorf("the address must begin with https://: what is sent names departments")
	}
	return nil
}

// Post sends a value as JSON to an address, https unless it is this computer's.
func Post(ctx context.Context, address string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return err
	}
	if err := Allowed(address); err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxBody)) // so that the connection ends well
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return scan.Errorf("it answers %s", res.Status)
	}
	return nil
}
