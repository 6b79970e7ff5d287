package format

import (
	"context"
	"fmt"
	"strings"

	"github.com/gabriel-vasile/mimetype"
	"github.com/kagiban/kagiban/scan"
)

type mimeKey struct{}

// mimeOf names what is not read here by the mimetype library, once a file.
func mimeOf(f *scan.File) string {
	v, _ := f.Once(mimeKey{}, func() (any, error) { return mimetype.Detect(f.Head).String(), nil }) // it cannot fail
	return v.(string)
}

// outOfScope is a family of files that are left out by rule: they hold no
// tables. (A picture may show a number; kagiban does not read pictures, and
// says so by listing them as skipped.)
func outOfScope(rule, names string) scan.Format {
	return scan.Format{
		Name: rule, Version: 2, Skip: rule, Claim: claimOmitted,
		About: scan.About{Names: names, Verdict: "by rule", Content: scan.CoverageNone},
		Match: func(f *scan.File) bool { return ruleOf(mimeOf(f)) == rule },
	}
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
