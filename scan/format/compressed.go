package format

import (
	"compress/gzip"
	"context"
	"io"
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// Compressed streams hold one file and know no password.

// Gzip is one or more gzip members, one after the other (RFC 1952 section 2.2).
func Gzip() scan.Format {
	return compressed(1, "gzip", ".gz", []string{"\x1F\x8B\x08"}, func(f *scan.File) (io.ReadCloser, error) {
		return gzip.NewReader(f.Reader())
	})
}

// Bzip2 is recognised by the magic of its first block too, as its own is short.
func Bzip2() scan.Format {
	f := compressed(2, "bzip2", ".bz2", []string{"BZh"}, func(f *scan.File) (io.ReadCloser, error) {
		return newBzip2(f, f.Reader())
	})
	f.Match = func(f *scan.File) bool {
		return hasPrefix(f, "BZh") && len(f.Head) >= 10 && f.Head[3] >= '1' && f.Head[3] <= '9' &&
			(string(f.Head[4:10]) == "1AY&SY" || string(f.Head[4:10]) == "\x17\x72\x45\x38\x50\x90")
	}
	return f
}

// Xz is the xz container (The .xz File Format, version 1.2.1).
func Xz() scan.Format {
	return compressed(2, "xz", ".xz", []string{"\xFD7zXZ\x00"}, func(f *scan.File) (io.ReadCloser, error) {
		return newXz(f, f.Reader(), -1)
	})
}

// Zstd is Zstandard (RFC 8878).
func Zstd() scan.Format {
	return compressed(2, "zstd", ".zst", []string{"\x28\xB5\x2F\xFD"}, func(f *scan.File) (io.ReadCloser, error) {
		return newZstd(f, f.Reader())
	})
}

func compressed(version int, name, ext string, magics []string, decode func(*scan.File) (io.ReadCloser, error)) scan.Format {
	return scan.Format{
		Name: name, Version: version,
		Match: func(f *scan.File) bool { return hasPrefix(f, magics...) },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
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
