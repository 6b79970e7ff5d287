package format

import (
	"context"
	"fmt"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/jet"
	"github.com/kagiban/kagiban/scan/format/internal/offcrypto"
)

// mdbFormat is the Access database: mdb (Jet) and accdb (ACE). The password of an
// mdb is a question that programs ask and encrypts nothing; an accdb with one
// is encrypted. Tables are not read as such: what is found in an open database
// counts, what is not found there says nothing.
func mdbFormat() scan.Format {
	return scan.Format{
		Name: "mdb", Version: 1, Match: func(f *scan.File) bool { return jet.Is(f.Head) }, Open: openMdb,
		About: scan.About{Names: "mdb, accdb", Verdict: "yes", Content: scan.CoverageBest, Limits: "always reported as not wholly read"},
	}
}

func openMdb(_ context.Context, f *scan.File) (scan.Document, error) {
	h := jet.Parse(f.Head)
	f.Claim(scan.UseRead, 0, f.Size()-f.Size()%h.Page())
	switch {
	case h.ACE && h.Coded:
		return closed(accdbProtection(f, h)), nil
	case h.Password:
		return closed(scan.Protection{Verdict: scan.VerdictPassword, Scheme: "jet-password", Strength: scan.StrengthWeak}), nil
	}
	return open(func(_ context.Context, out scan.Sink) error {
		if h.Coded {
			return fmt.Errorf("encoded database: %w", scan.ErrUnsupported)
		}
		if err := h.Scan(f.Bound(f.Reader()), grid.New(f, out)); err != nil {
			return err
		}
		out.Problem(fmt.Errorf("database was searched for text, best effort, and not read table by table: %w", scan.ErrUnsupported))
		return nil
	}), nil
}

// accdbProtection names the encryption of an accdb by its EncryptionInfo, which
// stands in the first page.
func accdbProtection(f *scan.File, h *jet.Header) scan.Protection {
	p := scan.Protection{Verdict: scan.VerdictPassword}
	if end := jet.HeaderSize + h.Info; h.Info > 0 && end <= len(f.Head) {
		if s, err := offcrypto.Parse(f.Head[jet.HeaderSize:end]); err == nil {
			p.Scheme, p.Strength = s.Name, s.Strength
		}
	}
	return p
}
