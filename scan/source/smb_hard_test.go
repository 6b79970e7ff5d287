package source_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// crowd opens files from many goroutines while the walk goes on, as a run
// does. It counts what was read and what failed; each file is one or the other.
func crowd(ctx context.Context, src scan.Source, each func(n int64)) (listed, read, failed int64, walked error) {
	var wg sync.WaitGroup
	var good, bad atomic.Int64
	gate := make(chan struct{}, 8)
	walked = src.Walk(ctx, func(e scan.Entry, err error) error {
		if err != nil {
			return nil
		}
		listed++
		each(listed)
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			blob, err := src.Open(ctx, e)
			if err == nil {
				_, err = blob.ReadAt(make([]byte, blob.Size()), 0)
				err = errors.Join(err, blob.Close())
			}
			if err != nil {
				bad.Add(1)
				return
			}
			good.Add(1)
		})
		return nil
	})
	wg.Wait()
	return listed, good.Load(), bad.Load(), walked
}

// manyFiles fills a share with folders of small files.
func manyFiles(t *testing.T, dir string, folders, each int) {
	t.Helper()
	for i := range folders * each {
		write(t, filepath.Join(dir, fmt.Sprintf("%03d", i/each), fmt.Sprintf("%06d.txt", i)), fmt.Sprint(i), 0o644)
	}
}

// The folder of a share goes away while it is walked: the run ends, what was
// there before was read, and the rest is told.
func TestSMBShareRemovedInTheRun(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data"}}})
	dir := shareDir(t, s, "data")
	manyFiles(t, dir, 50, 10)
	src := open(t, s.URL("data"), options(t, s))
	begin := time.Now()
	listed, read, failed, walked := crowd(t.Context(), src, func(n int64) {
		if n == 200 {
			if err := os.RemoveAll(dir); err != nil {
				t.Error(err)
			}
		}
	})
	if listed != read+failed || read < 190 || listed >= 500 {
		t.Errorf("%d files listed, %d read, %d failed; Walk = %v", listed, read, failed, walked)
	}
	if took := time.Since(begin); took > 3*time.Minute {
		t.Errorf("it took %v", took)
	}
	if err := src.Walk(t.Context(), func(scan.Entry, error) error { return nil }); err == nil {
		t.Error("a share that is gone can be walked")
	}
}
