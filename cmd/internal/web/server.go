package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Query is one question. Number is cleared as soon as it was answered.
type Query struct {
	Number []byte
	Who    string // as whoever asks names himself
	Files  bool   // the files are wanted too
}

// An Answerer answers a question; what it returns is sent as JSON. An error of its
// own never holds the number.
type Answerer func(ctx context.Context, q Query) (any, error)

// A Server answers questions.
type Server struct {
	Token  []byte
	Answer Answerer
	Rate   int            // questions a second; 0: no limit
	Words  map[string]any // of the page, by language: "ja", "en"
	Lang   string         // in which the page begins
	now    func() time.Time
}

const (
	maxBody = 4 << 10
	maxWait = 10 * time.Second
)

// Listen opens host:port on loopback, or unix:PATH. No other address is taken:
// numbers would go over a network in the clear.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
			conn, err := net.DialTimeout("unix", path, time.Second)
			if err == nil {
				_ = conn.Close()
				return nil, scan.Errorf("%s is in use by another program; name another path", path)
			}
			_ = os.Remove(path) // of a server that was killed
		}
		l, err := config.Listen(ctx, "unix", path)
		if err != nil {
			return nil, err
		}
		return l, os.Chmod(path, 0o600)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, scan.Errorf("%q is no address; write 127.0.0.1:8080 or unix:/run/kagiban.sock", address)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, scan.Errorf("%s is not of this computer alone; use 127.0.0.1, ::1 or unix:PATH, and a proxy with TLS before it", host)
	}
	return config.Listen(ctx, "tcp", address)
}

// Serve answers until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: s.Handler(), ReadTimeout: maxWait, WriteTimeout: maxWait, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0), BaseContext: func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxWait)
		defer cancel()
		_ = server.Shutdown(late) // whoever still waits is cut off then
	})
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Handler is the whole of the service: the page, and questions.
func (s *Server) Handler() http.Handler {
	if s.now == nil {
		s.now = time.Now
	}
	limit := &limiter{rate: s.Rate, now: s.now}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("POST /lookup", func(w http.ResponseWriter, r *http.Request) { s.lookup(w, r, limit) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		// A page of a stranger must not reach this one under a name of its own.
		if !local(r.Host) || r.Header.Get("Origin") != "" && !local(strings.TrimPrefix(r.Header.Get("Origin"), "http://")) || r.URL.RawQuery != "" {
			refuse(w, http.StatusForbidden, "forbidden")
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// local reports whether a host is this computer.
func local(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// lookup answers one question.
func (s *Server) lookup(w http.ResponseWriter, r *http.Request, limit *limiter) {
	given, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256(s.Token)
	allowed := subtle.ConstantTimeCompare(a[:], b[:]) == 1
	if !limit.take(allowed) {
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusTooManyRequests, "too-many")
		return
	}
	if !allowed {
		refuse(w, http.StatusUnauthorized, "token")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	defer clear(body)
	var q struct {
		Number raw
		Who    string
		Files  bool
	}
	if err != nil || json.Unmarshal(body, &q) != nil || len(q.Number) == 0 {
		refuse(w, http.StatusBadRequest, "unreadable")
		return
	}
	defer clear(q.Number)
	answer, err := s.Answer(r.Context(), Query{q.Number, q.Who, q.Files})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "failed")
		return
	}
	send(w, http.StatusOK, answer)
}

// A raw is the text of a JSON string as bytes that can be cleared.
type raw []byte

// UnmarshalJSON takes what stands between the quotes; escapes are undone.
func (r *raw) UnmarshalJSON(b []byte) error {
	if len(b) < 2 || b[0] != '"' {
		return errors.New("no text")
	}
	if inner := b[1 : len(b)-1]; !strings.Contains(string(inner), `\`) {
		*r = append((*r)[:0], inner...)
		return nil
	}
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return errors.New("no text")
	}
	*r = []byte(text)
	return nil
}

func refuse(w http.ResponseWriter, code int, why string) {
	send(w, code, map[string]string{"error": why})
}

func send(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // who asked may be gone
}

// A limiter lets so many questions pass a second, in a burst of one second. Who
// has no token is let through ten times a second at most.
type limiter struct {
	mu     sync.Mutex
	rate   int
	now    func() time.Time
	at     time.Time
	left   float64
	wrong  float64
	inited bool
}

const wrongRate = 10

func (l *limiter) take(allowed bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if !l.inited {
		l.inited, l.at, l.left, l.wrong = true, now, float64(l.rate), wrongRate
	}
	passed := max(0, now.Sub(l.at).Seconds())
	l.at = now
	l.left = min(float64(l.rate), l.left+passed*float64(l.rate))
	l.wrong = min(wrongRate, l.wrong+passed*wrongRate)
	of := &l.left
	switch {
	case !allowed:
		of = &l.wrong
	case l.rate == 0:
		return true
	}
	if *of < 1 {
		return false
	}
	*of--
	return true
}

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

// page is for one person at a counter.
func (s *Server) page(w http.ResponseWriter, _ *http.Request) {
	words, err := json.Marshal(map[string]any{"lang": s.Lang, "words": s.Words})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "failed")
		return
	}
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'; style-src "+hash(pageCSS)+"; script-src "+hash(pageJS)+"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	page := strings.NewReplacer("{{LANG}}", s.Lang, "{{STYLE}}", pageCSS, "{{SCRIPT}}", pageJS, "{{WORDS}}", string(words)).Replace(pageHTML)
	_, _ = io.WriteString(w, page) // who asked may be gone
}
