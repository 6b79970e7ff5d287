package source

import (
	"context"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/lsa"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// ask puts questions to the security authority of the server. A pipe is opened
// for each occasion: they are few.
func (l *line) ask(ctx context.Context, questions func(*lsa.Client) error) error {
	return l.do(ctx, 4, func() error {
		pipe, err := l.client.Pipe("lsarpc")
		if err != nil {
			return err
		}
		l.held(1)
		c, err := lsa.Bind(pipe)
		if err == nil {
			err = questions(c)
		}
		if closeErr := pipe.Close(); closeErr == nil {
			l.held(-1)
		}
		return err
	})
}

// Owner gives the account that owns a file as DOMAIN\name, or its SID where
// the server has no name for it.
func (s *smbSource) Owner(ctx context.Context, e scan.Entry) (string, error) {
	share, path := s.locate(e)
	var owner string
	err := s.pool.use(ctx, share, func(l *line, m *smb.Mount) error {
		var sid []byte
		err := l.do(ctx, 2, func() (err error) {
			sid, err = m.OwnerSID(path)
			return err
		})
		if err != nil || sid == nil {
			return err
		}
		owner, err = s.nameOf(ctx, l, sid)
		return err
	})
	return owner, err
}

// nameOf asks for each SID once. A server that gives no names is not asked
// again for the same one: the text of the SID must do.
func (s *smbSource) nameOf(ctx context.Context, l *line, sid []byte) (string, error) {
	text := lsa.SIDText(sid)
	if name, ok := s.names.Load(text); ok {
		return name.(string), nil
	}
	name := text
	err := l.ask(ctx, func(c *lsa.Client) error {
		names, err := c.LookupSIDs([][]byte{sid})
		if err == nil && names[0] != "" {
			name = names[0]
		}
		return err
	})
	if err != nil && (mayPass(err) || ctx.Err() != nil) {
		return "", err
	}
	if err != nil {
		s.pool.opts.Notice("names of owners are not known: " + err.Error())
	}
	s.names.Store(text, name)
	return name, nil
}
