package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kagiban/kagiban/report"
)

// Reports go to a folder of their day: what somebody has typed into an earlier
// one is never written over.

// manifestName is the file that lists the others.
const manifestName = "manifest.json"

// write renders a book in every format.
func (o *output) write(ctx context.Context, book *report.Book) error {
	stdout := bufio.NewWriter(o.stdout)
	if o.dir == "-" || o.files() == 0 {
		var outputs []report.Output
		for _, f := range o.formats {
			outputs = append(outputs, report.Output{Format: f, To: stdout})
		}
		return fatal(errors.Join(report.Write(ctx, book, outputs...), stdout.Flush()))
	}
	day, err := dayFolder(o.dir, book.Made.In(book.Zone))
	if err != nil {
		return fatal(err)
	}
	written, err := o.writeInto(ctx, day, book, stdout)
	if err != nil {
		return errors.Join(fatal(err), removeEmpty(day))
	}
	if err := errors.Join(writeManifest(day, book, written), pointLatest(o.dir, filepath.Base(day))); err != nil {
		return fatal(err)
	}
	fmt.Fprintln(o.stdout, report.Text(o.lang, "reports-written"))
	for _, f := range written {
		fmt.Fprintln(o.stdout, "  "+oneLine(f.path))
	}
	return nil
}

// files counts the formats that make a file.
func (o *output) files() (n int) {
	for _, f := range o.formats {
		if f.Extension != "" {
			n++
		}
	}
	return n
}

// writeInto writes the files into a folder; all of them or none.
func (o *output) writeInto(ctx context.Context, dir string, book *report.Book, stdout *bufio.Writer) ([]*pendingFile, error) {
	var outputs []report.Output
	var files []*pendingFile
	defer func() {
		for _, f := range files {
			f.drop()
		}
	}()
	for _, f := range o.formats {
		if f.Extension == "" {
			outputs = append(outputs, report.Output{Format: f, To: stdout})
			continue
		}
		file, err := newPendingFile(filepath.Join(dir, "kagiban-report"+f.Extension))
		if err != nil {
			return nil, err
		}
		files = append(files, file)
		outputs = append(outputs, report.Output{Format: f, To: file.buf})
	}
	if err := errors.Join(report.Write(ctx, book, outputs...), stdout.Flush()); err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := f.place(); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// dayFolder makes the folder of a day. A second one of the same day has a number.
func dayFolder(dir string, at time.Time) (string, error) {
	for n := 1; ; n++ {
		name := at.Format("2006-01-02")
		if n > 1 {
			name = fmt.Sprint(name, "-", n)
		}
		day := filepath.Join(dir, name)
		err := os.Mkdir(day, 0o700)
		if !errors.Is(err, fs.ErrExist) {
			return day, err
		}
	}
}

// removeEmpty takes a folder back into which nothing was written.
func removeEmpty(dir string) error {
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// pointLatest has "latest" lead to the newest folder. Where the system makes no
// links for us, a text file says which it is.
func pointLatest(dir, day string) error {
	link := filepath.Join(dir, "latest")
	if info, err := os.Lstat(link); err == nil && info.Mode()&fs.ModeSymlink == 0 {
		return fmt.Errorf("%s is in the way: it is no link of kagiban; rename it", link)
	}
	next := filepath.Join(dir, ".kagiban-latest")
	_ = os.Remove(next) // of a run that was killed
	if err := os.Symlink(day, next); err != nil {
		return os.WriteFile(link+".txt", []byte(day+"\r\n"), 0o600)
	}
	return os.Rename(next, link)
}

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
	return os.WriteFile(filepath.Join(dir, manifestName), append(text, '\n'), 0o600)
}

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
	f, err := os.CreateTemp(filepath.Dir(path), ".kagiban-*")
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

// removeRests takes away the pieces of reports that runs which were killed have left.
func removeRests(dir string) {
	rests, _ := filepath.Glob(filepath.Join(dir, "*", ".kagiban-*"))
	more, _ := filepath.Glob(filepath.Join(dir, ".kagiban-*"))
	for _, rest := range append(rests, more...) {
		if info, err := os.Lstat(rest); err == nil && time.Since(info.ModTime()) > 24*time.Hour && !strings.HasSuffix(rest, ".lock") {
			_ = os.Remove(rest) // another run may just have done so
		}
	}
}
