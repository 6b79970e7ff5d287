package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// In a folder that others may write to, a name may be theirs: a link that leads
// what we write elsewhere, or a file that they read or change later.

// trusted refuses a file or folder that another one may have put in its place.
func trusted(what scan.Text, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return usage("%s: %w", what, err)
	}
	dir, err := os.Stat(filepath.Dir(path))
	if err != nil || !writtenByOthers(dir) {
		return nil // it is made, or the attempt says why not
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return usage("%s: %w", what, err)
	case info.Mode()&fs.ModeSymlink != 0:
		return usage("%s %s is a link in a folder that others may write to; name another place", what, path)
	case !ours(info, dir):
		return usage("%s %s is another user's, in a folder that others may write to; name another place", what, path)
	}
	return nil
}

// trustedState is the same for a state file and what lies beside it.
func trustedState(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal", ".lock", ".work"} {
		if err := trusted(scan.Say("state file"), path+suffix); err != nil {
			return err
		}
	}
	return nil
}

// secret refuses a file with a password that others may read.
func secret(what scan.Text, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return usage("%s: %w; look at its name", what, err)
	}
	if readByOthers(info) {
		return usage("%s %s can be read by others (mode %04o); run chmod 600 on it", what, path, info.Mode().Perm())
	}
	return nil
}

// piecePrefix begins the names of reports that are not whole yet. The number of
// the process that writes one follows, so that the next one knows what is left over.
const piecePrefix = ".kagiban-"

func piecePattern() string { return fmt.Sprintf("%s%d-*", piecePrefix, os.Getpid()) }

// leftOver is how old a piece is, unless its process is known to have ended, to be
// one that nobody writes any more; where it is known the time is shorter, since
// the folder may be shared with another computer.
const (
	leftOver      = time.Hour
	leftOverEnded = time.Minute
)

// dayName reports whether a folder is called as dayFolder calls those of a day.
func dayName(name string) bool {
	if len(name) > len(time.DateOnly) && name[len(time.DateOnly)] == '-' {
		name = name[:len(time.DateOnly)]
	}
	_, err := time.Parse(time.DateOnly, name)
	return err == nil
}

// clearPieces removes what runs that died have left of reports in a folder, and
// in those of single days in it.
func clearPieces(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.IsDir() && dayName(e.Name()) {
			clearPieces(filepath.Join(dir, e.Name()))
			continue
		}
		rest, is := strings.CutPrefix(e.Name(), piecePrefix)
		info, err := e.Info()
		if !is || err != nil || !info.Mode().IsRegular() {
			continue
		}
		limit := leftOver
		var pid int
		if n, err := fmt.Sscanf(rest, "%d-", &pid); n == 1 && err == nil && ended(pid) {
			limit = leftOverEnded
		}
		if time.Since(info.ModTime()) > limit {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
