package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const token = "0123456789abcdef"

// exampleServer answers "found" for one number and fails for another.
func exampleServer() *Server {
	words := map[string]any{}
	for _, lang := range []string{"ja", "en"} {
		words[lang] = map[string]string{"title": lang + " title", "result-found": lang + " found", "result-not-found": lang + " none", "coverage": "{read} read", "coverage-unread": "{read} read, {unread} not", "other": "other", "error-token": lang + " wrong key", "error-failed": lang + " failed"}
	}
	return &Server{Token: []byte(token), Lang: "ja", Words: words, Answer: func(_ context.Context, q Query) (any, error) {
		switch string(q.Number) {
		case "4123-567801":
			return map[string]any{"result": "found", "class": "four", "files": 2, "read": 1234, "unread": 5, "who": q.Who}, nil
		case "4123-567802":
			return nil, errors.New("database of 4123-567802")
		}
		return map[string]any{"result": "not-found", "read": 1234, "unread": 0}, nil
	}}
}

func post(t *testing.T, h http.Handler, key, body string, change func(*http.Request)) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:8931/lookup", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key)
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// TestQuestions has questions and what must not be answered.
func TestQuestions(t *testing.T) {
	h := exampleServer().Handler()
	for name, c := range map[string]struct {
		key, body string
		change    func(*http.Request)
		code      int
		want      string
	}{
		"found":      {token, `{"number":"4123-567801","who":"a"}`, nil, 200, `"result":"found"`},
		"escaped":    {token, `{"number":"4123\u002d567801"}`, nil, 200, `"result":"found"`},
		"not found":  {token, `{"number":"4123-567803"}`, nil, 200, `"result":"not-found"`},
		"wrong key":  {"0123456789abcdeX", `{"number":"4123-567801"}`, nil, 401, `"token"`},
		"no key":     {"", `{"number":"4123-567801"}`, nil, 401, `"token"`},
		"failure":    {token, `{"number":"4123-567802"}`, nil, 500, `"failed"`},
		"no json":    {token, `4123-567801`, nil, 400, `"unreadable"`},
		"no number":  {token, `{}`, nil, 400, `"unreadable"`},
		"a number":   {token, `{"number":4123567801}`, nil, 400, `"unreadable"`},
		"long":       {token, `{"number":"` + strings.Repeat("1", maxBody) + `"}`, nil, 400, `"unreadable"`},
		"rebound":    {token, `{"number":"4123-567801"}`, func(r *http.Request) { r.Host = "evil.example:8931" }, 403, `"forbidden"`},
		"other site": {token, `{"number":"4123-567801"}`, func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") }, 403, `"forbidden"`},
		"in address": {token, `{"number":"4123-567801"}`, func(r *http.Request) { r.URL.RawQuery = "number=4123-567801" }, 403, `"forbidden"`},
		"get":        {token, "", func(r *http.Request) { r.Method = http.MethodGet }, 405, ""},
	} {
		code, body := post(t, h, c.key, c.body, c.change)
		if code != c.code || !strings.Contains(body, c.want) || strings.Contains(body, "56780") {
			t.Errorf("%s: %d %s, want %d %s", name, code, body, c.code, c.want)
		}
	}
}

// TestRate counts by a clock of its own.
func TestRate(t *testing.T) {
	now := time.Unix(1e9, 0)
	s := exampleServer()
	s.Rate, s.now = 5, func() time.Time { return now }
	h := s.Handler()
	count := func(key string, n int) (answered int) {
		for range n {
			if code, _ := post(t, h, key, `{"number":"4123-567801"}`, nil); code != 429 {
				answered++
			}
		}
		return answered
	}
	if n := count(token, 20); n != 5 {
		t.Errorf("%d of 20 at once, want 5", n)
	}
	now = now.Add(600 * time.Millisecond)
	if n := count(token, 20); n != 3 {
		t.Errorf("%d after 0.6 s, want 3", n)
	}
	if n := count("guess", 100); n != wrongRate {
		t.Errorf("%d guesses of a token, want %d", n, wrongRate)
	}
}

// TestListen takes addresses of this computer only.
func TestListen(t *testing.T) {
	for _, bad := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "example.org:80", "127.0.0.1", "unix:" + filepath.Join(t.TempDir(), "no", "folder")} {
		if l, err := Listen(t.Context(), bad); err == nil {
			_ = l.Close()
			t.Errorf("%s is taken", bad)
		}
	}
	path := filepath.Join(t.TempDir(), "s")
	for _, good := range []string{"127.0.0.1:0", "unix:" + path} {
		ctx, cancel := context.WithCancel(t.Context())
		l, err := Listen(ctx, good)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { done <- exampleServer().Serve(ctx, l) }()
		client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, l.Addr().Network(), l.Addr().String())
		}}}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost/lookup", bytes.NewReader([]byte(`{"number":"4123-567801"}`)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), "found") || response.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s, %v", good, response.StatusCode, body, err)
		}
		client.CloseIdleConnections()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}
