package incident

import (
	"bufio"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"
)

// A Line is one line of a list of files that leaked.
type Line struct {
	Text string // as it was given
	// Parts are the components of the path, in NFC: server and share, or the
	// folders of a local path without its drive, then folders and name.
	Parts []string
	// Known says that the size and the modification time are given too: a copy
	// that was renamed has them still.
	Known   bool
	Size    int64
	ModTime time.Time
	wild    bool
}

const (
	maxLine  = 64 << 10
	maxLines = 1 << 20
)

// ReadLines reads a list of files: one path a line as a forensic team writes it
// (UNC, smb://, file://, local; any separator; with * and ? and **), or a name,
// a size in bytes and a modification time, parted by tabs. The text is UTF-8 or
// code page 932.
func ReadLines(r io.Reader) ([]Line, error) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, maxLine)
	var lines []Line
	for n := 1; scanner.Scan(); n++ {
		text := strings.TrimSpace(strings.TrimPrefix(decoded(scanner.Bytes()), "\uFEFF"))
		if text == "" {
			continue
		}
		if len(lines) == maxLines {
			return nil, scan.Errorf("it has more than %d lines; split it, or use --prefix", maxLines)
		}
		line, err := ParseLine(text)
		if err != nil {
			return nil, scan.Errorf("line %d: %w", n, err)
		}
		lines = append(lines, line)
	}
	return lines, scanner.Err()
}

// decoded is a text in UTF-8; what is not is read as code page 932.
func decoded(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	if out, err := japanese.ShiftJIS.NewDecoder().Bytes(text); err == nil {
		return string(out)
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

// ParseLine reads one line.
func ParseLine(text string) (Line, error) {
	line := Line{Text: text}
	fields := strings.Split(text, "\t")
	if len(fields) >= 3 {
		size, err := strconv.ParseInt(strings.ReplaceAll(strings.TrimSpace(fields[1]), ",", ""), 10, 64)
		if err != nil || size < 0 {
			return line, scan.Errorf("%q is no size in bytes; write a whole number, such as 10240", fields[1])
		}
		if line.ModTime, err = ParseTime(strings.TrimSpace(fields[2])); err != nil {
			return line, err
		}
		line.Size, line.Known, text = size, true, fields[0]
	}
	line.Parts = Parts(text)
	line.wild = !line.Known && strings.ContainsAny(strings.Join(line.Parts, "/"), "*?")
	if len(line.Parts) == 0 && !line.Known {
		return line, scan.Errorf("%q names no file; write a path, or a pattern with a name in it", text)
	}
	return line, nil
}

// ParseTime reads a moment as lists have it; without a zone it is that of this
// computer.
func ParseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006/01/02 15:04:05", "2006/1/2 15:04:05", "2006-01-02 15:04", "2006/1/2 15:04", "2006-01-02", "2006/1/2"} {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, scan.Errorf("%q is no time; write 2026-11-25 09:30:00 or 2026-11-25T00:30:00Z", text)
}

// Parts returns the components of a path in whatever form it is written: in NFC,
// without drive, scheme, user, port and empty components.
func Parts(text string) []string {
	text = strings.Trim(strings.TrimSpace(text), `"'`)
	scheme, rest, found := strings.Cut(text, "://")
	switch scheme = strings.ToLower(scheme); {
	case found && (scheme == "smb" || scheme == "cifs" || scheme == "file"):
		if plain, err := url.PathUnescape(rest); err == nil && utf8.ValidString(plain) {
			rest = plain
		}
		if host, path, ok := strings.Cut(rest, "/"); ok {
			host = host[strings.LastIndexByte(host, '@')+1:]
			if i := strings.LastIndexByte(host, ':'); i > 0 && !strings.Contains(host, "]") {
				host = host[:i]
			}
			rest = host + "/" + path
		}
		text = rest
	default:
		text = strings.ReplaceAll(text, `\`, "/")
		text = strings.TrimPrefix(strings.TrimPrefix(text, "//?/"), "//./")
		if len(text) >= 4 && strings.EqualFold(text[:4], "UNC/") {
			text = text[4:]
		}
		if len(text) >= 2 && text[1] == ':' { // a drive
			text = text[2:]
		}
	}
	var parts []string
	for part := range strings.SplitSeq(norm.NFC.String(strings.ReplaceAll(text, `\`, "/")), "/") {
		if part != "" && part != "." {
			parts = append(parts, part)
		}
	}
	return parts
}
