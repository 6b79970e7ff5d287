package source

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// A Share is one share of a server, and whether we may list what is in it.
type Share struct {
	Name, Comment string
	Kind          string // "disk", "printer", "device", "ipc", or "" if not known
	// Administrative shares (C$, ADMIN$, IPC$, print$) are listed, but never
	// looked into and never scanned.
	Administrative bool
	Hidden         bool // the name ends in "$": scanned only if Options.HiddenShares says so
	Readable       bool
	Err            error // why a disk share is not readable
}

// Shares lists the shares of a server in the order of their names. Of target
// only the server counts.
func Shares(ctx context.Context, target string, opts Options) ([]Share, error) {
	t, err := Parse(target)
	if err != nil {
		return nil, err
	}
	if t.Host == "" {
		return nil, &TargetError{Target: t.String(), Reason: scan.Say("it is not a server"), Remedy: scan.Say("write smb://server"), Err: ErrBadTarget}
	}
	t.Share, t.Path = "", ""
	opts.Impatient = true // somebody waits for the answer
	p, err := newPool(ctx, t, opts.withDefaults())
	if err != nil {
		return nil, err
	}
	defer p.close()
	list, err := p.shares(ctx)
	if err != nil {
		return nil, err
	}
	shares := make([]Share, len(list))
	for i, s := range list {
		shares[i] = Share{Name: s.Name, Comment: s.Comment, Kind: s.Kind, Administrative: isAdministrative(s), Hidden: isHidden(s.Name)}
		if !s.Disk || isAdministrative(s) {
			continue
		}
		shares[i].Err = p.readable(ctx, s.Name)
		shares[i].Readable = shares[i].Err == nil
		if isLost(shares[i].Err) || ctx.Err() != nil {
			return nil, shares[i].Err
		}
	}
	return shares, nil
}

// shares asks the server for its shares.
func (p *pool) shares(ctx context.Context) (list []smb.Share, err error) {
	err = p.use(ctx, "", func(l *session, _ *smb.Mount) error {
		return l.do(ctx, 4, func() (err error) {
			list, err = l.client.Shares()
			return err
		})
	})
	if err != nil && ctx.Err() == nil {
		err = p.targetError(err)
	}
	slices.SortFunc(list, func(a, b smb.Share) int { return strings.Compare(a.Name, b.Name) })
	return list, err
}

// readable looks whether the root of a share can be listed.
func (p *pool) readable(ctx context.Context, share string) error {
	err := p.use(ctx, share, func(l *session, m *smb.Mount) error {
		f, err := l.open(ctx, m, "")
		if err != nil {
			return err
		}
		defer l.close(f)
		err = l.do(ctx, 16, func() error {
			_, err := f.Readdir(1)
			return err
		})
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		return p.placeError(share, "", err)
	}
	return err
}

func isHidden(name string) bool { return strings.HasSuffix(name, "$") }

// isAdministrative looks at the name too: Samba flags IPC$ alone.
func isAdministrative(s smb.Share) bool {
	name := strings.ToUpper(s.Name)
	drive := len(name) == 2 && name[1] == '$' && 'A' <= name[0] && name[0] <= 'Z'
	return s.Special || drive || slices.Contains([]string{"ADMIN$", "IPC$", "PRINT$", "FAX$"}, name)
}
