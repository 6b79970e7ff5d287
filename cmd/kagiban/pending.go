package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
)

// A pendingFile is a report that is put in place when it is whole.
type pendingFile struct {
	path   string
	file   *os.File
	buf    *bufio.Writer
	sum    hash.Hash
	size   counter
	placed bool
}

// A counter counts what is written.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

func newPendingFile(path string) (*pendingFile, error) {
	f, err := os.CreateTemp(filepath.Dir(path), piecePattern())
	if err != nil {
		return nil, err
	}
	p := &pendingFile{path: path, file: f, sum: sha256.New()}
	p.buf = bufio.NewWriterSize(io.MultiWriter(f, p.sum, &p.size), 1<<16)
	return p, nil
}

// place puts the file where it belongs.
func (p *pendingFile) place() error {
	if err := errors.Join(p.buf.Flush(), p.file.Sync()); err != nil {
		return err
	}
	if err := p.file.Close(); err != nil {
		return err
	}
	if err := os.Rename(p.file.Name(), p.path); err != nil {
		return err
	}
	p.placed = true
	return nil
}

// drop removes a file that was not put in place.
func (p *pendingFile) drop() {
	if !p.placed {
		_ = p.file.Close() // it may be closed, and is of no use
		_ = os.Remove(p.file.Name())
	}
}

// manifestName is the file that lists the others.
const manifestName = "manifest.json"

// A manifest lists what a run has written, so that it can be shown later that
// nobody changed it.
type manifest struct {
	Kagiban  string           `json:"kagiban"` // version
	Made     time.Time        `json:"made"`
	Language string           `json:"language"`
	Targets  []manifestTarget `json:"targets"`
	Files    []manifestFile   `json:"files"`
}

type manifestTarget struct {
	Name      string    `json:"name"`
	Complete  bool      `json:"complete"`
	Completed time.Time `json:"completed"` // zero: never
	Doubt     string    `json:"doubt,omitempty"`
	Files     int64     `json:"files"`
	Bytes     int64     `json:"bytes"`
}

type manifestFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func writeManifest(dir string, book *report.Book, files []*pendingFile) error {
	m := manifest{Kagiban: book.Version, Made: book.Made, Language: book.Lang}
	for _, t := range book.Targets {
		m.Targets = append(m.Targets, manifestTarget(t))
	}
	for _, f := range files {
		m.Files = append(m.Files, manifestFile{filepath.Base(f.path), f.size.n, hex.EncodeToString(f.sum.Sum(nil))})
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	p := filepath.Join(dir, manifestName)
	if err := trusted(scan.Say("output"), p); err != nil {
		return err
	}
	return os.WriteFile(p, append(text, '\n'), 0o600)
}
