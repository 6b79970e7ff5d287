package main

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan/engine"
)

// fileEvery is how often the file for monitoring is written.
const fileEvery = 5 * time.Second

// A progressFile informs a monitoring system how far a scan is. It is replaced as
// a whole, so that a reader never sees half of it; a file whose "updated" stands
// still while "state" is "running" belongs to a scan that was killed. "read" moves
// within a long file too.
// What cannot be written later on is left: a full disk must not end a scan here.
type progressFile struct {
	path  string
	last  time.Time
	start time.Time
	now   engine.Progress
}

// A progressReport is what the file holds. Times are UTC.
type progressReport struct {
	State      string    `json:"state"` // "running", "done", "incomplete", "stopped" or "failed"
	PID        int       `json:"pid"`
	Started    time.Time `json:"started"`
	Updated    time.Time `json:"updated"`
	Target     string    `json:"target"`
	Files      int64     `json:"files"`
	TotalFiles int64     `json:"totalFiles"` // 0: not known
	Bytes      int64     `json:"bytes"`
	Kept       int64     `json:"kept"`
	Findings   int64     `json:"findings"`
	Unfinished int64     `json:"unfinished"`
	// Read moves within a file too; longest is the file that takes longest.
	Read    int64         `json:"read"`
	Longest *longestEntry `json:"longest"`
}

// A longestEntry is the file that has been under examination for longest.
type longestEntry struct {
	Path     string  `json:"path"` // numbers in it are masked
	Size     int64   `json:"size"`
	Read     int64   `json:"read"`     // bytes of the file
	Expanded int64   `json:"expanded"` // bytes that came out of what is packed in it
	Seconds  float64 `json:"seconds"`
}

func newLongest(f *engine.FileProgress) *longestEntry {
	if f == nil {
		return nil
	}
	return &longestEntry{report.MaskName(f.Path), f.Size, f.Read, f.Expanded, math.Round(time.Since(f.Began).Seconds())}
}

// newProgressFile writes the first report, so that a path that is no good is
// reported at once. Without a path it is nil, which does nothing.
func newProgressFile(path string) (*progressFile, error) {
	if path == "" {
		return nil, nil
	}
	p := &progressFile{path: path, start: time.Now().UTC()}
	if err := p.write("running"); err != nil {
		return nil, usage("progress file: %w; check --progress-file", err)
	}
	return p, nil
}

func (p *progressFile) show(s engine.Progress) {
	if p == nil {
		return
	}
	p.now = s
	if time.Since(p.last) >= fileEvery {
		_ = p.write("running")
	}
}

// end writes how the scan ended.
func (p *progressFile) end(sum engine.Summary, err error) {
	if p == nil {
		return
	}
	state := "done"
	for _, t := range sum.Targets {
		if t.Err != nil {
			state = "incomplete"
		}
	}
	if p.now.Unfinished > 0 {
		state = "incomplete"
	}
	switch {
	case errors.Is(err, context.Canceled):
		state = "stopped"
	case err != nil:
		state = "failed"
	}
	_ = p.write(state)
}

func (p *progressFile) write(state string) error {
	p.last = time.Now()
	text, err := json.Marshal(progressReport{
		State: state, PID: os.Getpid(), Started: p.start, Updated: p.last.UTC(), Target: report.MaskName(p.now.Target),
		Files: p.now.Files, TotalFiles: p.now.TotalFiles, Bytes: p.now.Bytes, Kept: p.now.Kept, Findings: p.now.Findings, Unfinished: p.now.Unfinished,
		Read: p.now.Read, Longest: newLongest(p.now.Longest),
	})
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(p.path), filepath.Base(p.path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), p.path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
