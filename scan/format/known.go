package format

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/reach"
)

type mimeKey struct{}

// mimeOf names what is not read here by the mimetype library, once a file.
func mimeOf(f *scan.File) string {
	v, _ := f.Once(mimeKey{}, func() (any, error) { return mimetype.Detect(f.Head).String(), nil }) // it cannot fail
	return v.(string)
}

// outOfScope is a family of files that are left out by rule: they hold no
// tables. (A picture may show a number; kagiban does not read pictures, and
// says so by listing them as skipped.) A file is left out as far as its own
// structure reaches, and one whose structure is none is not left out.
func outOfScope(rule, names string) scan.Format {
	return scan.Format{
		Name: rule, Version: 3, Skip: rule,
		About: scan.About{Names: names, Verdict: "by rule", Content: scan.CoverageNone, Limits: "beyond 1 MiB by samples"},
		Match: func(f *scan.File) bool { return ruleOf(mimeOf(f)) == rule && len(ownParts(f)) > 0 },
		Claim: claimOmitted,
	}
}

// claimOmitted accounts for the structure of a file that is out of scope.
func claimOmitted(f *scan.File) {
	for _, p := range ownParts(f) {
		f.Claim(scan.UseOmitted, p.Off, p.Size)
	}
}

// walkedWhole is the size up to which the structure of a file is followed from
// end to end, and up to which archives are looked for within it. Of a larger one
// that would mean to read all of it over the network.
const walkedWhole = 1 << 20

type partsKey struct{}

// ownParts are what belongs to the structure of a picture, a film, a font or a
// program; none if there is no such structure.
func ownParts(f *scan.File) []reach.Span {
	v, _ := f.Once(partsKey{}, func() (any, error) {
		all := []reach.Span{{Off: 0, Size: f.Size()}}
		if at := zipBehind(f); at > 0 {
			return []reach.Span{{Off: 0, Size: at}}, nil
		}
		if end := programEnd(f); end > 0 {
			return programParts(f, end), nil
		}
		if f.Size() <= walkedWhole || !endsAsItShould(f) {
			if e := reach.Of(f, f.Size(), f.Head); e.Known {
				return e.Parts, nil
			}
			if f.Size() <= walkedWhole {
				if at := findArchive(f, 16, beginsArchive); at > 0 {
					return []reach.Span{{Off: 0, Size: at}}, nil
				}
			}
		}
		if listAmong(f, 0) {
			return []reach.Span(nil), nil
		}
		return all, nil
	})
	return v.([]reach.Span)
}

// programParts are those of a program. What installers keep behind it is theirs,
// unless it reads as a list; archives there have a format of their own.
func programParts(f *scan.File, end int64) []reach.Span {
	end = min(end, f.Size())
	if listAmong(f, end) {
		return []reach.Span{{Off: 0, Size: end}}
	}
	return []reach.Span{{Off: 0, Size: f.Size()}}
}

// endsAsItShould reports whether a large file ends with the end mark of its kind.
func endsAsItShould(f *scan.File) bool {
	tail := make([]byte, min(f.Size(), 64))
	if _, err := f.ReadAt(tail, f.Size()-int64(len(tail))); err != nil && err != io.EOF {
		return false
	}
	tail = bytes.TrimRight(tail, "\x00\r\n ")
	for magic, end := range map[string]string{"\x89PNG": "IEND\xAE\x42\x60\x82", "\xFF\xD8\xFF": "\xFF\xD9", "GIF8": "\x3B"} {
		if hasPrefix(f, magic) {
			return bytes.HasSuffix(tail, []byte(end))
		}
	}
	return true
}

// listAmong looks at samples of a file from some place on: whether one reads as
// a list.
func listAmong(f *scan.File, from int64) bool {
	const samples, sample = 16, 512
	step := max((f.Size()-from)/samples, sample)
	buf := make([]byte, sample)
	for at := from; at < f.Size(); at += step {
		n, err := f.ReadAt(buf[:min(sample, f.Size()-at)], at)
		if err != nil && err != io.EOF {
			return false
		}
		if reach.Listlike(buf[:n]) {
			return true
		}
	}
	n, _ := f.ReadAt(buf, max(f.Size()-sample, from))
	return reach.Listlike(buf[:n])
}

// ruleOf returns the rule by which a media type is out of scope, "" if it is not.
func ruleOf(mime string) string {
	kind, sub, _ := strings.Cut(mime, "/")
	switch {
	case kind == "image" && !strings.HasSuffix(sub, "+xml"):
		return "picture"
	case kind == "audio", kind == "video", mime == "application/ogg", mime == "application/x-shockwave-flash",
		mime == "application/vnd.rn-realmedia-vbr":
		return "media"
	case kind == "font", strings.HasPrefix(sub, "font-"), sub == "vnd.ms-fontobject":
		return "font"
	}
	switch sub {
	case "vnd.microsoft.portable-executable", "x-elf", "x-executable", "x-sharedlib", "x-object", "x-coredump",
		"x-mach-binary", "java-vm", "x-java-applet", "wasm", "x-msdownload":
		return "program"
	}
	return ""
}

// Recognised names what is known and not read by this version, so that a
// report says what it was.
func recognisedFormat() scan.Format {
	return scan.Format{
		Name: "unsupported", Version: 3,
		About: scan.About{Names: "everything else", Verdict: "no", Content: scan.CoverageNone, Limits: "unchecked, with its media type"},
		Match: func(f *scan.File) bool { return mimeOf(f) != "application/octet-stream" },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return nil, fmt.Errorf("%s: %w", mimeOf(f), scan.ErrUnsupported)
		},
	}
}

// zipBehind returns where a zip begins whose end record is the end of a file; 0 if
// there is none.
func zipBehind(f *scan.File) int64 {
	tail := make([]byte, min(f.Size(), 1<<10)) // with a longer comment it is not found: few have one
	if _, err := f.ReadAt(tail, f.Size()-int64(len(tail))); err != nil && err != io.EOF || !bytes.Contains(tail, []byte("PK\x05\x06")) {
		return 0
	}
	d, err := findDirectory(f)
	if err != nil {
		return 0
	}
	first := d.start
	for w := d.windows(zipWindow, zipWindowBytes); !w.done; {
		w.claims = true
		if _, err := w.next(); err != nil {
			return 0
		}
	}
	gaps, _ := d.claims.ledger.Gaps(d.start)
	if len(gaps) > 0 && gaps[0].Off == 0 {
		first = gaps[0].Size
	}
	return min(first, d.start)
}
