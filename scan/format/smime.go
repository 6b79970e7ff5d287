package format

import (
	"bytes"
	"compress/zlib"
	"context"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cms"
)

// smimeFormat is a cryptographic message (RFC 5652), which mails have as smime.p7m and
// smime.p7s (RFC 8551). What is signed can be read by everyone; what is encrypted
// opens with a private key.
func smimeFormat() scan.Format {
	return scan.Format{
		Name: "smime", Version: 1, Open: openSMIME,
		Match: func(f *scan.File) bool { return cms.Kind(f.Head) != "" },
		About: scan.About{Names: "p7m, p7s (S/MIME)", Verdict: "yes", Content: scan.CoverageFull, Limits: "not messages that are only authenticated"},
	}
}

func openSMIME(_ context.Context, f *scan.File) (scan.Document, error) {
	m, err := cms.Parse(f, f.Size())
	if err != nil {
		return nil, err
	}
	f.Claim(scan.UseRead, 0, m.End) // besides the content it holds keys and signatures
	content := newJoined()
	for _, s := range m.Content {
		content.add(piece{f, s.Off, s.Size})
	}
	switch m.Kind {
	case cms.Enveloped:
		if !scrambledFrom(content, 0, content.size) {
			return nil, malformed("smime: content is said to be encrypted and is not")
		}
		return closed(scan.Protection{Verdict: scan.VerdictOther, Scheme: "smime", Strength: scan.StrengthStrong}), nil
	case cms.Signed, cms.Data:
		return open(func(_ context.Context, out scan.Sink) error {
			if content.size == 0 {
				return nil // a signature by itself
			}
			return out.Member(scan.Member{Name: smimeName(f.Name), Size: content.size, At: content})
		}), nil
	case cms.Compressed:
		return open(func(_ context.Context, out scan.Sink) error {
			return out.Member(scan.Member{Name: smimeName(f.Name), Size: -1, Open: func() (io.ReadCloser, error) {
				r, err := zlib.NewReader(io.NewSectionReader(content, 0, content.size))
				if err != nil {
					return nil, malformed("smime: compressed content")
				}
				return io.NopCloser(f.Bound(r)), nil
			}})
		}), nil
	}
	return nil, unsupported("smime: message of another kind")
}

// smimeName is the name of what is signed: files are called after it.
func smimeName(name string) string {
	name = name[strings.LastIndexByte(name, '/')+1:]
	for _, ending := range []string{".p7m", ".p7s", ".P7M", ".P7S"} {
		if rest, ok := strings.CutSuffix(name, ending); ok && bytes.ContainsRune([]byte(rest), '.') {
			return rest
		}
	}
	return "signed message"
}
