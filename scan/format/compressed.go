package format

import (
	"context"
	"io"
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// Compressed streams hold one file and know no password.

// gzipFormat is one or more gzip members, one after the other (RFC 1952 section 2.2).
func gzipFormat() scan.Format {
	return compressed("gzip", 3, scan.About{Names: "gz, tgz", Verdict: "always open", Content: scan.CoverageFull}, ".gz", []string{"\x1F\x8B\x08"}, func(f *scan.File) (io.ReadCloser, error) {
		return newGzip(f)
	})
}

// bzip2Format is recognised by the magic of its first block too, as its own is short.
func bzip2Format() scan.Format {
	f := compressed("bzip2", 2, scan.About{Names: "bz2", Verdict: "always open", Content: scan.CoverageFull}, ".bz2", []string{"BZh"}, func(f *scan.File) (io.ReadCloser, error) {
		return newBzip2(f, f.Reader())
	})
	f.Match = func(f *scan.File) bool {
		return hasPrefix(f, "BZh") && len(f.Head) >= 10 && f.Head[3] >= '1' && f.Head[3] <= '9' &&
			(string(f.Head[4:10]) == "1AY&SY" || string(f.Head[4:10]) == "\x17\x72\x45\x38\x50\x90")
	}
	return f
}

// xzFormat is the xz container (The .xz File Format, version 1.2.1).
func xzFormat() scan.Format {
	return compressed("xz", 2, scan.About{Names: "xz", Verdict: "always open", Content: scan.CoverageFull, Limits: "128 MiB of dictionary"}, ".xz", []string{"\xFD7zXZ\x00"}, func(f *scan.File) (io.ReadCloser, error) {
		return newXz(f, f.Reader(), -1)
	})
}

// zstdFormat is Zstandard (RFC 8878).
func zstdFormat() scan.Format {
	return compressed("zstd", 2, scan.About{Names: "zst", Verdict: "always open", Content: scan.CoverageFull, Limits: "128 MiB of window"}, ".zst", []string{"\x28\xB5\x2F\xFD"}, func(f *scan.File) (io.ReadCloser, error) {
		return newZstd(f, f.Reader())
	})
}

func compressed(name string, version int, about scan.About, ext string, magics []string, decode func(*scan.File) (io.ReadCloser, error)) scan.Format {
	return scan.Format{
		Name: name, Version: version, About: about,
		Match: func(f *scan.File) bool { return hasPrefix(f, magics...) },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			if name != "gzip" && name != "zlib" { // which claim what is theirs
				f.ClaimAll(scan.UseRead)
			}
			return open(func(_ context.Context, out scan.Sink) error {
				return out.Member(scan.Member{Name: unpacked(f.Name, ext), Size: -1, Open: func() (io.ReadCloser, error) {
					r, err := decode(f)
					if err != nil {
						return nil, err
					}
					return bounded(f, r), nil
				}})
			}), nil
		},
	}
}

// unpacked names what is inside: list.csv.gz holds list.csv.
func unpacked(name, ext string) string {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	lower := strings.ToLower(base)
	for _, short := range []string{".tgz", ".tbz", ".tbz2", ".txz", ".tzst"} {
		if strings.HasSuffix(lower, short) {
			return base[:len(base)-len(short)] + ".tar"
		}
	}
	if strings.HasSuffix(lower, ext) && len(base) > len(ext) {
		return base[:len(base)-len(ext)]
	}
	return base + " (content)"
}
