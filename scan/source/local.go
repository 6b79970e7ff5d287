package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
)

// localPage is how many entries are asked of the system at a time.
const localPage = 4096

// localSource is a folder or a file of this computer.
type localSource struct {
	target string
	root   string
	file   bool // root is itself a file
	bins   bool // look into recycle bins too
	hang   bool // visit the streams of folders
	boundaries
}

var _ complete = (*localSource)(nil)

func openLocal(_ context.Context, t Target, opts Options) (complete, error) {
	s := &localSource{target: t.String(), root: t.localPath(), bins: opts.RecycleBins, hang: opts.Streams}
	info, err := os.Stat(s.root)
	if err != nil {
		return nil, localTargetError(s.target, err)
	}
	s.file = !info.IsDir()
	if s.file {
		return s, nil
	}
	dir, err := os.Open(s.root)
	if err != nil {
		return nil, localTargetError(s.target, err)
	}
	return s, dir.Close()
}

// localPath is what the system is asked for; a UNC path stays one on Windows.
func (t Target) localPath() string {
	if t.Host == "" {
		return t.Path
	}
	return `\\` + t.Host + `\` + t.Share + `\` + strings.ReplaceAll(t.Path, "/", `\`)
}

func localTargetError(target string, err error) error {
	e := &TargetError{Target: target, Err: localError(err)}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Reason, e.Remedy = scan.Say("there is no such file or folder"), scan.Say("look at the spelling, or connect the drive")
	case errors.Is(err, fs.ErrPermission):
		e.Reason, e.Remedy = scan.Say("no right to read it"), scan.Say("run as a user who may read it")
	default:
		e.Reason = scan.Say("it cannot be opened: %v", bare(err))
	}
	return e
}

func (s *localSource) Close() error { return nil }

// Streams implements scan.Streamer, of files and folders.
func (s *localSource) Streams(_ context.Context, e scan.Entry) ([]scan.Entry, error) {
	list, err := localStreams(s.path(e))
	if err != nil {
		return nil, localError(err)
	}
	for i := range list {
		list[i].Target, list[i].Path = e.Target, e.Path+":"+showName(list[i].Path)
	}
	return list, nil
}

// Mount implements scan.Mounted: the file system, so that an empty folder in which
// nothing is mounted is not taken for a share that was cleared.
func (s *localSource) Mount(_ context.Context, folder string) (string, error) {
	path := filepath.Join(s.root, filepath.FromSlash(hideName(folder)))
	if _, err := os.Lstat(path); err != nil {
		return "", localError(err)
	}
	return fileSystemOf(path), nil
}

// Walk visits the files below the folder. Symbolic links are not followed and
// visited with scan.ErrLink; what is neither file nor folder is never opened and
// visited with scan.ErrUnsupported.
func (s *localSource) Walk(ctx context.Context, visit func(scan.Entry, error) error) error {
	return s.WalkFrom(ctx, "", visit)
}

// WalkFrom implements scan.Resumable.
func (s *localSource) WalkFrom(ctx context.Context, from string, visit func(scan.Entry, error) error) error {
	if s.file {
		return s.single(visit)
	}
	w := s.walker(visit)
	return w.walk(ctx, identity{}, from)
}

// List implements scan.Lister.
func (s *localSource) List(ctx context.Context, folder string, visit func(scan.Entry, error) error) error {
	if s.file {
		return s.single(visit)
	}
	w := s.walker(visit)
	return w.only(ctx, identity{}, folder)
}

func (s *localSource) walker(visit func(scan.Entry, error) error) *walker {
	w := &walker{lister: s, target: s.target, bins: s.bins, visit: visit}
	if s.hang {
		w.streams = s.Streams
	}
	return w
}

// single visits the file that is the target itself.
func (s *localSource) single(visit func(scan.Entry, error) error) error {
	info, err := os.Stat(s.root)
	if err != nil {
		return localTargetError(s.target, err)
	}
	it := localItem(info)
	it.Target = s.target
	return visit(it.Entry, it.err)
}

func (s *localSource) list(_ context.Context, dir string) ([]item, pages, error) {
	f, err := os.Open(filepath.Join(s.root, filepath.FromSlash(dir)))
	if err != nil && dir == "" {
		return nil, nil, localTargetError(s.target, err)
	}
	if err != nil {
		return nil, nil, localError(err)
	}
	p := &localPages{dir: f, in: dir, device: deviceOf(f.Stat()), met: &s.boundaries}
	var items []item
	for len(items) < atOnce {
		more, err := p.next()
		items = append(items, more...)
		if err == nil {
			continue
		}
		_ = f.Close()
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return items, nil, err
	}
	return items, p, nil
}

type localPages struct {
	dir    *os.File
	in     string // its path below the target
	device uint64
	met    *boundaries
}

func (p *localPages) next() ([]item, error) {
	entries, err := p.dir.ReadDir(localPage)
	if err != nil && err != io.EOF {
		return nil, localError(err)
	}
	items := make([]item, 0, len(entries))
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			items = append(items, item{Entry: scan.Entry{Path: showName(e.Name())}, err: localError(err)})
			continue
		}
		if info.IsDir() && deviceOf(info, nil) != p.device {
			p.met.add(join(p.in, info.Name()))
		}
		items = append(items, localItem(info))
	}
	return items, err
}

func (p *localPages) Close() error { return p.dir.Close() }

// localItem makes an item of what the system says of a name.
func localItem(info fs.FileInfo) item {
	it := item{raw: info.Name()}
	it.Path = showName(it.raw)
	it.Size, it.ModTime = info.Size(), info.ModTime().UTC()
	it.ChangeTime, it.ID = changeAndID(info)
	it.folder, it.err = kindOf(info)
	return it
}

// notRegular is true of entries that are neither files nor folders.
func notRegular(mode fs.FileMode) error {
	switch {
	case mode&fs.ModeSymlink != 0:
		return scan.Errorf("symbolic link: %w", scan.ErrLink)
	case mode&fs.ModeNamedPipe != 0:
		return scan.Errorf("named pipe: %w", scan.ErrUnsupported)
	case mode&fs.ModeSocket != 0:
		return scan.Errorf("socket: %w", scan.ErrUnsupported)
	case mode&fs.ModeDevice != 0:
		return scan.Errorf("device: %w", scan.ErrUnsupported)
	}
	return nil
}

func (s *localSource) path(e scan.Entry) string {
	switch {
	case s.file && showName(filepath.Base(s.root)) == e.Path:
		return s.root
	case s.file: // asked for by a file that needs it: a volume beside the target
		return filepath.Join(filepath.Dir(s.root), hideName(e.Path))
	case strings.HasPrefix(e.Path, ":") && isStream(s.root+hideName(e.Path)): // of the root
		return s.root + hideName(e.Path)
	}
	return filepath.Join(s.root, filepath.FromSlash(hideName(e.Path)))
}

// Open opens a file for reading. It refuses what became a link or a device
// since it was listed, and it never waits for the other end of a pipe.
func (s *localSource) Open(ctx context.Context, e scan.Entry) (scan.Blob, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	f, err := openShared(s.path(e), s.file)
	if errors.Is(err, fs.ErrNotExist) {
		if blob := localStream(s.path(e)); blob != nil {
			return blob, nil
		}
	}
	if err != nil {
		return nil, localError(err)
	}
	info, err := f.Stat()
	if err == nil {
		var folder bool
		if folder, err = kindOf(info); folder {
			err = scan.Errorf("it is a folder now: %w", fs.ErrNotExist)
		}
	}
	if err != nil {
		_ = f.Close()
		return nil, localError(err)
	}
	return &localBlob{File: f, ctx: ctx, size: info.Size()}, nil
}

// Owner returns the name of the account that owns a file.
func (s *localSource) Owner(_ context.Context, e scan.Entry) (string, error) {
	return ownerOf(s.path(e))
}

// Access is not known of local files: what the system tells differs by system.
func (s *localSource) Access(context.Context, scan.Entry) (*scan.Access, error) { return nil, nil }

type localBlob struct {
	*os.File
	ctx  context.Context // of the one file, ends with it
	size int64
}

func (b *localBlob) Size() int64 { return b.size }

func (b *localBlob) ReadAt(p []byte, off int64) (int, error) {
	if b.ctx.Err() != nil {
		return 0, context.Cause(b.ctx)
	}
	n, err := b.File.ReadAt(p, off)
	if err != nil && err != io.EOF {
		err = localError(err)
	}
	return n, err
}

// localError puts the system's errors into the words of package scan.
func localError(err error) error {
	if err == nil {
		return nil
	}
	if isLocked(err) {
		return scan.Errorf("%w: %w", scan.ErrLocked, bare(err))
	}
	if errors.Is(err, syscall.ELOOP) { // a link took the place of the file
		return scan.Errorf("symbolic link: %w", scan.ErrLink)
	}
	return err
}

// bare is the error below a PathError.
func bare(err error) error {
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

// showName makes a name of bytes that are not UTF-8 printable: each such byte
// becomes \xNN. A name that holds this very pattern has its backslash written
// so, therefore hideName leads back to the same bytes.
func showName(name string) string {
	if utf8.ValidString(name) && !strings.Contains(name, `\x`) {
		return name
	}
	var b strings.Builder
	for i := 0; i < len(name); {
		r, n := utf8.DecodeRuneInString(name[i:])
		if r == utf8.RuneError && n == 1 || escaped(name[i:]) {
			fmt.Fprintf(&b, `\x%02X`, name[i])
			i++
			continue
		}
		b.WriteString(name[i : i+n])
		i += n
	}
	return b.String()
}

// hideName is the inverse of showName, for names and whole paths.
func hideName(shown string) string {
	if !strings.Contains(shown, `\x`) {
		return shown
	}
	var b strings.Builder
	for i := 0; i < len(shown); i++ {
		if escaped(shown[i:]) {
			n, _ := strconv.ParseUint(shown[i+2:i+4], 16, 8)
			b.WriteByte(byte(n))
			i += 3
			continue
		}
		b.WriteByte(shown[i])
	}
	return b.String()
}

func escaped(s string) bool {
	return len(s) >= 4 && s[0] == '\\' && s[1] == 'x' && isHex(s[2]) && isHex(s[3])
}
