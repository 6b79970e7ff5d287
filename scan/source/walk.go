package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

const (
	// atOnce is how many entries of a folder are fetched before the first is
	// visited. A folder of up to so many is closed before its files are visited,
	// so that people can rename it meanwhile; of a larger one the memory stays
	// bounded and the handle open.
	atOnce = 20_000
	// maxDepth bounds a tree that loops in a way that identities do not show.
	maxDepth = 256
	// maxVisits is how often one folder is walked. A server that resolves links
	// by itself shows it under each of them; folders that lead to one another,
	// none of them above the other, would make a tree of all their orders.
	maxVisits = 8
	// visitsKept bounds the folders whose visits are counted.
	visitsKept = 1 << 18
)

// An item is one entry of a folder.
type item struct {
	scan.Entry // Path is the bare name
	folder     bool
	raw        string // the name by which a folder is reached
	same       identity
	err        error // why it is visited as a gap
	// snapshots: a folder whose subfolders are earlier states of the share.
	snapshots bool
}

// A lister lists folders. Its paths are made of raw names.
type lister interface {
	// list returns the first entries of a folder; rest is nil if these are all.
	// The root folder is "".
	list(ctx context.Context, dir string) (first []item, rest pages, err error)
}

// pages are the further entries of a large folder.
type pages interface {
	next() ([]item, error) // io.EOF after the last
	Close() error
}

// A walker visits a tree: of each folder first its files, then what is in its
// subfolders, both by name (in a folder of more than atOnce entries by name
// within each page).
type walker struct {
	lister
	target string // for Entry.Target
	prefix string // before each Entry.Path
	bins   bool   // look into recycle bins too
	visit  func(scan.Entry, error) error
	visits map[identity]int8
	// soon, if not nil, is called with folders whose listing will be asked for.
	soon func(ctx context.Context, dir string)
	// streams, if not nil, lists the alternate data streams of a folder.
	streams func(ctx context.Context, folder scan.Entry) ([]scan.Entry, error)
}

// A place is a folder on the way down.
type place struct {
	shown, raw string
	same       identity
	parent     *place
	depth      int
	// from leads to the folder, below this one, at which an earlier walk
	// stopped: what comes before it was visited then.
	from []string
}

// An identity reports whether two folders are one. The number alone does not:
// file systems mounted below one another all number their roots alike. (The
// time of creation is of no use, Samba makes another one up for a link.)
type identity struct {
	id      uint64 // 0: unknown
	changed int64
}

// walk returns an error if root itself cannot be listed. It begins with the
// folder named by from, which need not be there any more.
func (w *walker) walk(ctx context.Context, root identity, from string) error {
	at := &place{same: root}
	if from != "" {
		at.from = strings.Split(from, "/")
	}
	return w.folder(ctx, at)
}

func (w *walker) folder(ctx context.Context, at *place) error {
	folders, err := w.listed(ctx, at)
	if err != nil {
		return err
	}
	slices.SortFunc(folders, byName)
	for i, f := range folders {
		w.announce(ctx, at, folders[i+1:])
		below := &place{shown: join(at.shown, f.Path), raw: join(at.raw, f.raw), same: f.same, parent: at, depth: at.depth + 1}
		if len(at.from) > 0 && f.Path < at.from[0] {
			continue
		}
		if len(at.from) > 0 && f.Path == at.from[0] {
			below.from = at.from[1:]
		}
		if err := w.enter(ctx, below); err != nil {
			return err
		}
	}
	return nil
}

// only visits what is directly in one folder, subfolders too. Of the folders
// above it just the root is known.
func (w *walker) only(ctx context.Context, root identity, dir string) error {
	at := &place{shown: dir, raw: dir}
	folders, err := w.listed(ctx, at)
	if err != nil {
		return err
	}
	slices.SortFunc(folders, byName)
	for _, f := range folders {
		below := &place{shown: join(at.shown, f.Path), same: f.same, parent: at}
		switch {
		case !w.bins && scan.IsRecycleBin(path.Base(below.shown)):
			err = w.leave(ctx, below, scan.RuleRecycleBin, "recycle bin")
		case f.same.id != 0 && f.same == root:
			err = w.leave(ctx, below, scan.RuleLoop, "the folder is also the root")
		default:
			err = w.emit(ctx, w.shown(below), nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// announce announces the next subfolders that will be entered.
func (w *walker) announce(ctx context.Context, at *place, next []item) {
	if w.soon == nil {
		return
	}
	for _, f := range next[:min(len(next), foldersAhead)] {
		if w.bins || !scan.IsRecycleBin(f.Path) {
			w.soon(ctx, join(at.raw, f.raw))
		}
	}
}

// listed visits what is in one folder and returns its subfolders.
func (w *walker) listed(ctx context.Context, at *place) (folders []item, err error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	items, rest, err := w.list(ctx, at.raw)
	if err != nil {
		return nil, w.unlisted(ctx, at, err)
	}
	if rest != nil {
		defer rest.Close()
	}
	if folders, err = w.files(ctx, at, items, nil); err == nil {
		err = w.hanging(ctx, at)
	}
	if rest == nil || err != nil {
		return folders, err
	}
	for {
		items, err := rest.next()
		if errors.Is(err, io.EOF) {
			return folders, nil
		}
		if err != nil {
			// It is not begun again: what was visited would be visited twice.
			err = scan.Errorf("the rest of a large folder could not be listed: %w", err)
			return folders, w.emit(ctx, w.shown(at), err)
		}
		if folders, err = w.files(ctx, at, items, folders); err != nil {
			return nil, err
		}
	}
}

// hanging visits the alternate data streams of a folder as files beside it. A walk
// that goes on below it has visited them before.
func (w *walker) hanging(ctx context.Context, at *place) error {
	if w.streams == nil || len(at.from) > 0 {
		return nil
	}
	folder := w.shown(at)
	list, err := w.streams(ctx, folder)
	if err != nil {
		folder.Path += ":*"
		folder.ID, folder.Folder = 0, false
		return w.emit(ctx, folder, err)
	}
	for _, s := range list {
		if err := w.emit(ctx, s, nil); err != nil {
			return err
		}
	}
	return nil
}

// files visits the files among items and adds the folders to folders.
func (w *walker) files(ctx context.Context, at *place, items, folders []item) ([]item, error) {
	slices.SortFunc(items, byName)
	for _, it := range items {
		if it.folder && it.err == nil && !it.snapshots {
			folders = append(folders, it)
			continue
		}
		if len(at.from) > 0 {
			continue
		}
		var err error
		if it.snapshots {
			err = w.snapshots(ctx, &place{shown: join(at.shown, it.Path), raw: join(at.raw, it.raw), same: it.same, parent: at})
		} else {
			err = w.emit(ctx, w.entry(at, it), it.err)
		}
		if err != nil {
			return nil, err
		}
	}
	return folders, nil
}

// enter walks a subfolder unless it is one of those above it: a server may
// resolve a link by itself and show it as an ordinary folder.
func (w *walker) enter(ctx context.Context, at *place) error {
	if !w.bins && scan.IsRecycleBin(path.Base(at.shown)) {
		return w.leave(ctx, at, scan.RuleRecycleBin, "recycle bin")
	}
	if at.depth > maxDepth {
		return w.emit(ctx, w.shown(at), scan.Errorf("more than %d folders deep: %w", maxDepth, scan.ErrLink))
	}
	for above := at.parent; at.same.id != 0 && above != nil; above = above.parent {
		if above.same == at.same {
			return w.leave(ctx, at, scan.RuleLoop, "the folder is also one of those above it")
		}
	}
	if w.often(at.same) {
		return w.leave(ctx, at, scan.RuleLoop, fmt.Sprintf("the folder was met under %d other paths", maxVisits))
	}
	return w.folder(ctx, at)
}

// often counts the visits of a folder.
func (w *walker) often(same identity) bool {
	if same.id == 0 {
		return false
	}
	if w.visits == nil {
		w.visits = map[identity]int8{}
	}
	n := w.visits[same]
	if n < maxVisits && (n > 0 || len(w.visits) < visitsKept) {
		w.visits[same] = n + 1
	}
	return n >= maxVisits
}

// leave visits a folder that a rule leaves out.
func (w *walker) leave(ctx context.Context, at *place, rule, why string) error {
	return w.emit(ctx, w.shown(at), &scan.SkipError{Rule: rule, Err: scan.Errorf("%s: %w", why, scan.ErrLink)})
}

// unlisted visits a folder that could not be listed, unless there is nothing to
// go on with: the target itself is at fault.
func (w *walker) unlisted(ctx context.Context, at *place, err error) error {
	var target *TargetError
	if at.parent == nil || errors.As(err, &target) || ctx.Err() != nil {
		return err
	}
	return w.emit(ctx, w.shown(at), err)
}

func (w *walker) emit(ctx context.Context, e scan.Entry, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return w.visit(e, err)
}

func (w *walker) entry(at *place, it item) scan.Entry {
	e := it.Entry
	e.Target = w.target
	e.Path = join(w.prefix, join(at.shown, it.Path))
	e.Folder = it.folder
	return e
}

func (w *walker) shown(at *place) scan.Entry {
	return scan.Entry{Target: w.target, Path: join(w.prefix, at.shown), ID: at.same.id, Folder: true}
}

func byName(a, b item) int { return strings.Compare(a.Path, b.Path) }

// join joins two paths of which either may be empty. It cleans nothing: names
// are taken as the server sends them.
func join(dir, name string) string {
	switch {
	case dir == "":
		return name
	case name == "":
		return dir
	}
	return dir + "/" + name
}
