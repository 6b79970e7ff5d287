package web

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestHealth(t *testing.T) {
	l, err := ListenHealth(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var silent atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- ServeHealth(ctx, l, func() Health {
			return Health{Silent: time.Duration(silent.Load()), Batches: 2, Files: 7, Version: "v1"}
		})
	}()
	ask := func(path string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(body)
	}
	if code, body := ask("/healthz"); code != http.StatusOK || !strings.Contains(body, "2 batches") {
		t.Errorf("%d %s", code, body)
	}
	if code, body := ask("/metrics"); code != http.StatusOK || !strings.Contains(body, "kagiban_node_files_total 7\n") || !strings.Contains(body, `version="v1"`) {
		t.Errorf("%d %s", code, body)
	}
	silent.Store(int64(time.Minute))
	if code, _ := ask("/healthz"); code != http.StatusServiceUnavailable {
		t.Errorf("a node whose database is silent answers %d", code)
	}
	if code, _ := ask("/else"); code != http.StatusNotFound {
		t.Errorf("%d for what there is not", code)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
