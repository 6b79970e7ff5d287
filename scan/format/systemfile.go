package format

import (
	"bytes"
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
)

// systemFileFormat is what systems and programs keep beside the files of people:
// previews, positions of icons, links, names of who has a document open. It is out
// of scope by name and content together: a list under such a name is none.
func systemFileFormat() scan.Format {
	return scan.Format{
		Name: "system-file", Version: 2, Skip: "system-file", Match: isSystemFile,
		About: scan.About{Names: "Thumbs.db, .DS_Store, ._ files, desktop.ini, lnk, ~$ files", Verdict: "by rule", Content: scan.CoverageNone},
	}
}

// ownerMax is the longest file in which Office names who has a document open.
const ownerMax = 170

func isSystemFile(f *scan.File) bool {
	base := path.Base(strings.ReplaceAll(f.Name, `\`, "/"))
	lower := strings.ToLower(base)
	switch {
	case lower == "thumbs.db" || lower == "ehthumbs.db":
		return hasPrefix(f, cfb.Magic) && onlyPreviews(f)
	case base == ".DS_Store":
		return hasPrefix(f, "\x00\x00\x00\x01Bud1") && !listAmong(f, 0)
	case strings.HasPrefix(base, "._"): // AppleDouble (RFC 1740, appendix B) with what Finder keeps
		return hasPrefix(f, "\x00\x05\x16\x07\x00\x02\x00\x00") && !listAmong(f, 0)
	case lower == "desktop.ini" || lower == "folder.ini":
		return f.Size() <= scan.HeadSize && desktopIni(f.Head)
	case strings.HasSuffix(lower, ".lnk"): // MS-SHLLINK 2.1
		return hasPrefix(f, "\x4C\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46") && f.Size() <= 64<<10 && !listAmong(f, 0)
	case strings.HasPrefix(base, "~$"):
		return f.Size() > 0 && f.Size() <= ownerMax && ownerFile(f.Head)
	}
	return false
}

// ownerFile reports whether bytes name who has a document open, as Office writes it:
// the length of a name, the name, blanks up to place 54, and the name once more in
// two bytes a character behind its length.
func ownerFile(b []byte) bool {
	const second = 54
	n := int(b[0])
	if n == 0 || n >= second || len(b) < second || len(bytes.Trim(b[1+n:second], "\x00 ")) > 0 || bytes.ContainsAny(b[1:1+n], "\r\n\t,;") {
		return false
	}
	digits := 0
	for _, c := range b[1:] {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	return digits < 18 // the name stands there twice, and that of an account may end in some
}

// onlyPreviews reports whether a compound file holds nothing but previews and their
// catalog.
func onlyPreviews(f *scan.File) bool {
	c, err := readCFB(f)
	if err != nil {
		return false
	}
	for _, e := range c.entries {
		name := strings.ToLower(e.Name)
		if e.Dir || name != "catalog" && strings.Trim(name, "0123456789_abcdef") != "" {
			return false
		}
	}
	return len(c.entries) > 0
}

// desktopIni reports whether text is the settings of a folder and nothing else:
// sections that Windows knows, with short values.
func desktopIni(text []byte) bool {
	if bytes.HasPrefix(text, []byte("\xFF\xFE")) {
		text = bytes.ReplaceAll(text[2:], []byte{0}, nil)
	}
	known, digits := false, 0
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		for _, section := range []string{"[.shellclassinfo]", "[viewstate]", "[localizedfilenames]", "[deletedcopyofdata]"} {
			known = known || strings.EqualFold(string(line), section)
		}
		if !bytes.ContainsAny(line, "{@") { // identifiers and places of resources
			n := 0
			for _, c := range line {
				if c >= '0' && c <= '9' {
					n++
				}
			}
			digits = max(digits, n)
		}
	}
	return known && digits < leftoverDigits
}
