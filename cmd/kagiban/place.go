package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	aeszip "github.com/alexmullins/zip"
	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
)

// Reports go to a folder of their day: what somebody has typed into an earlier
// one is never written over.

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
	written, err := o.writeAll(ctx, day, book, stdout)
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

// writeAll writes the reports, those of departments too, and puts them in place:
// all of them or none.
func (o *output) writeAll(ctx context.Context, dir string, book *report.Book, stdout *bufio.Writer) (files []*pendingFile, err error) {
	defer func() {
		for _, f := range files {
			f.drop()
		}
	}()
	if files, err = o.render(ctx, dir, book, o.formats, "", stdout); err != nil {
		return nil, err
	}
	if o.plan.split {
		for _, name := range slices.Sorted(maps.Keys(book.Totals.Folders)) {
			sums := book.Totals.Folders[name].Statuses
			if name == "" || sums[scan.StatusViolation].Files+sums[scan.StatusReview].Files == 0 {
				continue
			}
			part, err := o.part(ctx, book, name)
			if err != nil {
				return nil, err
			}
			workbook, err := findFormat("xlsx")
			if err != nil {
				return nil, err
			}
			more, err := o.render(ctx, dir, part, []report.Format{workbook}, "-"+fileName(name), stdout)
			files = append(files, more...)
			if err != nil {
				return nil, err
			}
		}
	}
	if len(o.plan.password) > 0 {
		archive, err := encryptedZip(dir, files, o.plan.password)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			f.drop()
		}
		files = []*pendingFile{archive}
	}
	for _, f := range files {
		if err := f.place(); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// render writes reports of a book, not yet in their places.
func (o *output) render(ctx context.Context, dir string, book *report.Book, formats []report.Format, suffix string, stdout *bufio.Writer) ([]*pendingFile, error) {
	var outputs []report.Output
	var files []*pendingFile
	for _, f := range formats {
		if f.Extension == "" {
			outputs = append(outputs, report.Output{Format: f, To: stdout})
			continue
		}
		file, err := newPendingFile(filepath.Join(dir, "kagiban-report"+suffix+f.Extension))
		if err != nil {
			return files, err
		}
		files = append(files, file)
		outputs = append(outputs, report.Output{Format: f, To: file.buf})
	}
	err := errors.Join(report.Write(ctx, book, outputs...), stdout.Flush())
	for _, f := range files {
		err = errors.Join(err, f.buf.Flush())
	}
	return files, err
}

// fileName makes a name for a file of a department: what a system or a shell
// takes for something else is written as an underscore.
func fileName(department string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || !unicode.IsPrint(r) {
			return '_'
		}
		return r
	}, report.MaskName(department))
	if runes := []rune(name); len(runes) > 60 {
		name = string(runes[:60])
	}
	return strings.Trim(name, " .")
}

// encryptedZip puts files into an archive that is encrypted with AES-256.
func encryptedZip(dir string, files []*pendingFile, password []byte) (*pendingFile, error) {
	archive, err := newPendingFile(filepath.Join(dir, "kagiban-report.zip"))
	if err != nil {
		return nil, err
	}
	w := aeszip.NewWriter(archive.buf)
	for _, f := range files {
		if _, err := f.file.Seek(0, io.SeekStart); err != nil {
			return archive, err
		}
		to, err := w.Encrypt(filepath.Base(f.path), string(password))
		if err == nil {
			_, err = io.Copy(to, f.file)
		}
		if err != nil {
			return archive, err
		}
	}
	return archive, w.Close()
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
		return scan.Errorf("%s is in the way: it is no link of kagiban; rename it", link)
	}
	next := filepath.Join(dir, ".kagiban-latest")
	_ = os.Remove(next) // of a run that was killed
	if err := os.Symlink(day, next); err != nil {
		return os.WriteFile(link+".txt", []byte(day+"\r\n"), 0o600)
	}
	return os.Rename(next, link)
}
