package web

import (
	"bufio"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// mailbox is a mail server that takes one mail (RFC 5321, as far as a client of one
// mail needs it) and returns who it was for and what it was.
func mailbox(t *testing.T) (address string, got func() (to []string, msg string)) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	type letter struct {
		to  []string
		msg string
	}
	letters := make(chan letter, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
		r := bufio.NewReader(conn)
		say("220 box")
		var in letter
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			switch word := strings.ToUpper(strings.Fields(line + " x")[0]); word {
			case "EHLO":
				say("250-box")
				say("250 8BITMIME")
			case "RCPT":
				in.to = append(in.to, strings.Trim(strings.SplitN(line, ":", 2)[1], " <>\r\n"))
				say("250 ok")
			case "DATA":
				say("354 go on")
				for {
					line, err := r.ReadString('\n')
					if err != nil || line == ".\r\n" {
						break
					}
					in.msg += line
				}
				say("250 taken")
				letters <- in
			case "QUIT":
				say("221 bye")
				return
			default:
				say("250 ok")
			}
		}
	}()
	return l.Addr().String(), func() ([]string, string) {
		select {
		case in := <-letters:
			return in.to, in.msg
		case <-time.After(time.Minute):
			t.Fatal("no mail came")
			return nil, ""
		}
	}
}

func TestMail(t *testing.T) {
	address, got := mailbox(t)
	m := Mailer{Server: address, From: "kagiban@example.jp"}
	if err := m.Send(t.Context(), []string{"a@example.jp", "総務 <b@example.jp>"}, "【鍵番】年金給付課", "是正が必要：3 ファイル\n"); err != nil {
		t.Fatal(err)
	}
	to, text := got()
	msg, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	body, _ := io.ReadAll(msg.Body)
	plain := string(body)
	if msg.Header.Get("Content-Transfer-Encoding") == "base64" {
		b, _ := base64.StdEncoding.DecodeString(strings.ReplaceAll(plain, "\r\n", ""))
		plain = string(b)
	} else {
		plain = strings.NewReplacer("=\r\n", "").Replace(plain)
	}
	if err != nil || subject != "【鍵番】年金給付課" || strings.Join(to, " ") != "a@example.jp b@example.jp" || !strings.Contains(decodeQuoted(plain), "是正が必要：3 ファイル") {
		t.Errorf("to %v, subject %q, %v\n%s", to, subject, err, plain)
	}
}

// decodeQuoted undoes quoted-printable (RFC 2045, section 6.7).
func decodeQuoted(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '=' && i+2 < len(text) {
			hi, lo := strings.IndexByte("0123456789ABCDEF", text[i+1]), strings.IndexByte("0123456789ABCDEF", text[i+2])
			if hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

func TestMailNeedsTLS(t *testing.T) {
	for host, want := range map[string]gomail.TLSPolicy{"mail.example.jp": gomail.TLSMandatory, "10.0.0.5": gomail.TLSMandatory, "127.0.0.1": gomail.TLSOpportunistic, "localhost": gomail.TLSOpportunistic} {
		if got := (Mailer{}).policy(host); got != want {
			t.Errorf("%s: %v, want %v", host, got, want)
		}
	}
	if got := (Mailer{Plain: true}).policy("mail.example.jp"); got != gomail.NoTLS {
		t.Errorf("asked for without TLS: %v", got)
	}
}

func TestPost(t *testing.T) {
	var body string
	code := http.StatusNoContent
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		body = string(b)
		w.WriteHeader(code)
	}))
	defer server.Close()
	if err := Post(t.Context(), server.URL, map[string]int{"files": 3}); err != nil || body != `{"files":3}` {
		t.Errorf("%q, %v", body, err)
	}
	code = http.StatusFound // a redirect is not followed to where nobody meant it to go
	if err := Post(t.Context(), server.URL, 1); err == nil {
		t.Error("a redirect was taken for an answer")
	}
	code = http.StatusInternalServerError
	if err := Post(t.Context(), server.URL, 1); err == nil || !strings.Contains(err.Error(), "500") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Post(ctx, server.URL, 1); err == nil {
		t.Error("a request that was cancelled succeeded")
	}
	if err := Post(t.Context(), "http://hooks.example.jp/x", 1); err == nil || !strings.Contains(err.Error(), "https") {
		t.Error(err)
	}
}
