package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// readdirPage is how many entries are taken from the library at a time; the
// server sends up to 1 MiB of them in one answer anyway.
const readdirPage = 1000

// smbSource is a share, a folder or a file of one, or all shares of a server.
type smbSource struct {
	pool   *pool
	target Target
	shown  string
	file   bool     // the target is itself a file
	names  sync.Map // of owners, by SID
	boundaries
}

var _ complete = (*smbSource)(nil)

func openSMB(ctx context.Context, t Target, opts Options) (complete, error) {
	p, err := newPool(ctx, t, opts)
	if err != nil {
		return nil, err
	}
	s := &smbSource{pool: p, target: t, shown: t.String()}
	if t.Share != "" {
		info, err := s.stat(ctx, t.Share, t.Path)
		if err != nil {
			p.close()
			return nil, p.placeError(t.Share, t.Path, err)
		}
		s.file = info.Attributes&attrDirectory == 0
	}
	return s, nil
}

// Close logs off. No call may be made after it.
func (s *smbSource) Close() error {
	s.pool.close()
	return nil
}

// locate says where an entry is.
func (s *smbSource) locate(e scan.Entry) (share, below string) {
	switch {
	case s.file: // or, of a volume, one beside it
		return s.target.Share, path.Join(path.Dir(s.target.Path), e.Path)
	case s.target.Share != "":
		// No name begins with a colon: that is a stream of the folder before it.
		return s.target.Share, strings.ReplaceAll(join(s.target.Path, e.Path), "/:", ":")
	}
	share, below, _ = strings.Cut(e.Path, "/")
	return share, below
}

// stat asks for one path. Of a folder it also returns the identity, for which it
// has to be opened.
func (s *smbSource) stat(ctx context.Context, share, below string) (info smb.Info, err error) {
	var short smb.Info // without the identity, which not every server can say
	err = s.pool.use(ctx, share, func(l *session, m *smb.Mount) error {
		err := l.do(ctx, 1, func() (err error) {
			info, err = m.Stat(below)
			return err
		})
		if short = info; err != nil || info.Attributes&attrDirectory == 0 {
			return err
		}
		f, err := l.open(ctx, m, below)
		if err != nil {
			return err
		}
		defer l.close(f)
		return l.do(ctx, 16, func() (err error) {
			info, err = f.Stat()
			return err
		})
	})
	if handleLost(err) && ctx.Err() == nil && short.Attributes&attrDirectory != 0 {
		return short, nil
	}
	return info, err
}

// Walk visits the files below the target. If the target is a server, it visits
// those of all its readable disk shares, and a share that cannot be read as a
// folder that was not reached.
func (s *smbSource) Walk(ctx context.Context, visit func(scan.Entry, error) error) error {
	return s.WalkFrom(ctx, "", visit)
}

// WalkFrom implements scan.Resumable.
func (s *smbSource) WalkFrom(ctx context.Context, from string, visit func(scan.Entry, error) error) error {
	if s.target.Share != "" {
		return s.walkShare(ctx, s.target.Share, s.target.Path, "", from, visit)
	}
	first, from, _ := strings.Cut(from, "/")
	shares, err := s.shares(ctx)
	if err != nil {
		return err
	}
	for _, share := range shares {
		if share.Name < first {
			continue
		}
		if share.Name != first {
			from = ""
		}
		ended := false // by visit
		err := s.walkShare(ctx, share.Name, "", share.Name, from, func(e scan.Entry, err error) error {
			err = visit(e, err)
			ended = err != nil
			return err
		})
		if err != nil && !ended && !isLost(err) && ctx.Err() == nil {
			err = visit(scan.Entry{Target: s.shown, Path: share.Name, Folder: true}, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// shares are those of a target that is a whole server.
func (s *smbSource) shares(ctx context.Context) ([]smb.Share, error) {
	all, err := s.pool.shares(ctx)
	all = slices.DeleteFunc(all, func(share smb.Share) bool {
		return !share.Disk || isAdministrative(share) || isHidden(share.Name) && !s.pool.opts.HiddenShares
	})
	for _, share := range all {
		s.boundaries.add(share.Name)
	}
	return all, err
}

// List implements scan.Lister. A share of a whole server that cannot be listed is one
// of its folders, as for Walk, and not the target.
func (s *smbSource) List(ctx context.Context, folder string, visit func(scan.Entry, error) error) error {
	if s.target.Share != "" {
		return s.listIn(ctx, s.target.Share, s.target.Path, "", folder, visit)
	}
	if folder == "" {
		return s.listShares(ctx, visit)
	}
	share, folder, _ := strings.Cut(folder, "/")
	err := s.listIn(ctx, share, s.target.Path, share, folder, visit)
	if e := (*TargetError)(nil); errors.As(err, &e) && !e.lost {
		return scan.Errorf("%s: %w", e.Reason, e.Err)
	}
	return err
}

// listIn lists a folder of a share; prefix stands before its paths.
func (s *smbSource) listIn(ctx context.Context, share, root, prefix, folder string, visit func(scan.Entry, error) error) error {
	if s.file {
		return s.walkShare(ctx, share, root, prefix, "", visit)
	}
	info, err := s.stat(ctx, share, root)
	if err != nil {
		return s.pool.placeError(share, root, err)
	}
	w := s.walker(&smbFolders{s, share, root}, prefix, visit)
	return w.only(ctx, identityOf(info), folder)
}

func (s *smbSource) listShares(ctx context.Context, visit func(scan.Entry, error) error) error {
	shares, err := s.shares(ctx)
	if err != nil {
		return err
	}
	for _, share := range shares {
		if err := visit(scan.Entry{Target: s.shown, Path: share.Name, Folder: true}, nil); err != nil {
			return err
		}
	}
	return nil
}

func (s *smbSource) walkShare(ctx context.Context, share, root, prefix, from string, visit func(scan.Entry, error) error) error {
	info, err := s.stat(ctx, share, root)
	if err != nil {
		return s.pool.placeError(share, root, err)
	}
	if info.Attributes&attrDirectory == 0 {
		it := smbItem(info)
		it.Target, it.Path = s.shown, path.Base(root)
		return visit(it.Entry, it.err)
	}
	w := s.walker(&smbFolders{s, share, root}, prefix, visit)
	if s.pool.opts.Pacer == nil {
		early := &prefetcher{lister: w.lister}
		defer early.end()
		w.lister, w.soon = early, early.soon
	}
	return w.walk(ctx, identityOf(info), from)
}

func (s *smbSource) walker(folders *smbFolders, prefix string, visit func(scan.Entry, error) error) *walker {
	w := &walker{lister: folders, target: s.shown, prefix: prefix, bins: s.pool.opts.RecycleBins, visit: visit}
	if s.pool.opts.Streams {
		w.streams = s.Streams
	}
	return w
}

// smbFolders lists the folders of one share.
type smbFolders struct {
	*smbSource
	share, root string
}

func (s *smbFolders) list(ctx context.Context, dir string) (items []item, rest pages, err error) {
	err = s.pool.use(ctx, s.share, func(l *session, m *smb.Mount) error {
		f, err := l.open(ctx, m, join(s.root, dir))
		if err != nil {
			return err
		}
		p := &smbPages{ctx, l, f}
		for items, rest = nil, nil; len(items) < atOnce; {
			more, err := p.next()
			items = append(items, more...)
			if errors.Is(err, io.EOF) {
				return p.Close()
			}
			if err != nil {
				_ = p.Close()
				return err
			}
		}
		rest = p
		return nil
	})
	if err != nil && dir == "" {
		err = s.pool.placeError(s.share, s.root, err)
	}
	if errors.Is(err, smb.ErrNoShare) || errors.Is(err, smb.ErrUnmounted) { // taken away since the walk began
		err = s.pool.placeError(s.share, "", err)
	}
	if err != nil {
		return nil, nil, notGone(dir, err)
	}
	return items, rest, nil
}

type smbPages struct {
	ctx     context.Context // of the walk, ends with it
	session *session
	dir     *smb.File
}

func (p *smbPages) next() (items []item, err error) {
	var infos []smb.Info
	err = p.session.do(p.ctx, 16, func() (err error) {
		infos, err = p.dir.Readdir(readdirPage)
		return err
	})
	for _, info := range infos {
		it := smbItem(info)
		if leadsElsewhere(info.Name) {
			it.err = errUnspeakable()
		}
		items = append(items, it)
	}
	return items, err
}

func (p *smbPages) Close() error { return p.session.close(p.dir) }

// smbItem makes an item of what the server says of a name.
func smbItem(info smb.Info) item {
	it := item{raw: info.Name, folder: info.Attributes&attrDirectory != 0, same: identityOf(info)}
	it.Path, it.Size = info.Name, info.Size
	it.ModTime, it.ChangeTime, it.ID = info.Written.UTC(), info.Changed.UTC(), info.ID
	switch {
	case info.Attributes&attrReparsePoint != 0 && reparsed(info.Tag) != nil:
		it.err = reparsed(info.Tag)
	case it.folder && isSnapshot(info.Name):
		it.err = errSnapshot()
	case it.folder && holdsSnapshots(info.Name):
		it.snapshots = true
	case !it.folder && elsewhere(info):
		it.err = &scan.SkipError{Rule: scan.RuleOffline, Err: scan.ErrOffline}
	}
	return it
}

func identityOf(info smb.Info) identity {
	return identity{info.ID, info.Changed.UnixNano()}
}

// Open opens a file. See smbBlob for how long its handle is kept.
func (s *smbSource) Open(ctx context.Context, e scan.Entry) (scan.Blob, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	b := &smbBlob{source: s, ctx: ctx, entry: e}
	b.share, b.path = s.locate(e)
	if b.path == "" {
		return nil, fs.ErrNotExist
	}
	if err := b.open(); err != nil {
		return nil, notGone(b.path, err)
	}
	if b.size > streamAhead*chunk && s.pool.opts.Pacer == nil {
		b.stream = &stream{fetch: b.readWhole, size: b.size}
	}
	return b, nil
}
