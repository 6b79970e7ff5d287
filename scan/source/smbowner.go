package source

import (
	"context"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/lsa"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// lookupAtOnce is how many names are asked for in one question, so that it fits
// into one fragment.
const lookupAtOnce = 50

// ask puts questions to the security authority of the server. A pipe is opened
// for each occasion: they are few.
func (l *session) ask(ctx context.Context, questions func(*lsa.Client) error) error {
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

// Owner returns the account that owns a file as DOMAIN\name, or its SID where
// the server has no name for it.
func (s *smbSource) Owner(ctx context.Context, e scan.Entry) (string, error) {
	access, err := s.Access(ctx, e)
	if err != nil {
		return "", err
	}
	return access.Owner, nil
}

// Access returns owner, group and permissions of a file. It works on files that
// somebody locked.
func (s *smbSource) Access(ctx context.Context, e scan.Entry) (*scan.Access, error) {
	share, path := s.locate(e)
	var access *scan.Access
	err := s.pool.use(ctx, share, func(l *session, m *smb.Mount) error {
		var security lsa.Security
		err := l.do(ctx, 2, func() (err error) {
			security, err = m.Security(path)
			return err
		})
		if err != nil {
			return err
		}
		access, err = s.named(ctx, l, security)
		return err
	})
	return access, err
}

// named puts names in the place of SIDs.
func (s *smbSource) named(ctx context.Context, l *session, security lsa.Security) (*scan.Access, error) {
	sids := [][]byte{security.Owner, security.Group}
	for _, g := range security.Grants {
		sids = append(sids, g.SID)
	}
	if err := s.learnNames(ctx, l, sids); err != nil {
		return nil, err
	}
	name := func(sid []byte) string {
		name, _ := s.names.Load(lsa.SIDText(sid))
		text, _ := name.(string)
		return text
	}
	nameOrSID := func(sid []byte) string {
		if text := name(sid); text != "" {
			return text
		}
		return lsa.SIDText(sid)
	}
	access := &scan.Access{Owner: nameOrSID(security.Owner), Group: nameOrSID(security.Group)}
	for _, g := range security.Grants {
		access.Grants = append(access.Grants, scan.Grant{SID: lsa.SIDText(g.SID), Name: name(g.SID), Read: g.Read, Write: g.Write})
	}
	return access, nil
}

// learnNames asks for the names that are not known yet, each once. A server
// that returns none is not asked again for the same ones: the SIDs must do.
func (s *smbSource) learnNames(ctx context.Context, l *session, sids [][]byte) error {
	var unknown [][]byte
	asked := map[string]bool{}
	for _, sid := range sids {
		text := lsa.SIDText(sid)
		if _, ok := s.names.Load(text); text != "" && !ok && !asked[text] {
			asked[text] = true
			unknown = append(unknown, sid)
		}
	}
	for len(unknown) > 0 {
		some := unknown[:min(len(unknown), lookupAtOnce)]
		unknown = unknown[len(some):]
		names := make([]string, len(some))
		err := l.ask(ctx, func(c *lsa.Client) error {
			found, err := c.LookupSIDs(some)
			copy(names, found)
			return err
		})
		if err != nil && (mayPass(err) || ctx.Err() != nil) {
			return err
		}
		if err != nil {
			s.pool.opts.Notice(scan.Say("names of accounts are not known: %v", err))
		}
		for i, sid := range some {
			s.names.Store(lsa.SIDText(sid), names[i])
		}
	}
	return nil
}
