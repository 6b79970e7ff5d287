package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// A Health is how a node is: it names nobody and nothing.
type Health struct {
	Silent  time.Duration // since the database last answered
	Batches int           // under way
	Files   int64         // examined
	Version string
}

// silentMost is for how long the database may be silent before the node is not well.
const silentMost = 30 * time.Second

// ListenHealth opens host:port for ServeHealth; any address may be asked from.
func ListenHealth(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", address)
}

// ServeHealth answers /healthz, with 503 while the database is silent, and /metrics
// in the text format of Prometheus, until ctx ends.
func ServeHealth(ctx context.Context, l net.Listener, now func() Health) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		h := now()
		if h.Silent > silentMost {
			http.Error(w, fmt.Sprintf("the database has been silent for %v", h.Silent.Round(time.Second)), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintf(w, "ok, %d batches\n", h.Batches)
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		h := now()
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		for _, m := range []struct {
			name, kind, help string
			value            float64
		}{
			{"kagiban_node_files_total", "counter", "Files that the node has examined.", float64(h.Files)},
			{"kagiban_node_batches", "gauge", "Batches under way.", float64(h.Batches)},
			{"kagiban_node_database_silent_seconds", "gauge", "Seconds since the database last answered.", h.Silent.Seconds()},
		} {
			fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n%s %g\n", m.name, m.help, m.name, m.kind, m.name, m.value)
		}
		fmt.Fprintf(w, "# HELP kagiban_node_info Version of the node.\n# TYPE kagiban_node_info gauge\nkagiban_node_info{version=%q} 1\n", h.Version)
	})
	server := &http.Server{Handler: mux, ReadTimeout: maxWait, WriteTimeout: maxWait, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: log.New(io.Discard, "", 0)}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
