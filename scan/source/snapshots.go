package source

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// SnapshotFolders are the names under which servers show earlier states of a
// share inside it, a folder for each. Those are never entered: everything in
// them was reported when it was current, and there may be hundreds. But each is
// visited as left out by a rule, so that their number is known, and a file that
// lies directly among them is no snapshot and visited like any other.
func SnapshotFolders() []string {
	return []string{"~snapshot", ".snapshot", ".snapshots", "#snapshot", ".zfs", "System Volume Information"}
}

func holdsSnapshots(name string) bool {
	return slices.ContainsFunc(SnapshotFolders(), func(s string) bool { return strings.EqualFold(s, name) })
}

// isSnapshot: Windows and Samba name an earlier state by its time.
func isSnapshot(name string) bool { return strings.HasPrefix(name, "@GMT-") }

func errSnapshot() error {
	return &scan.SkipError{Rule: scan.RuleSnapshot, Err: scan.Errorf("earlier state of the share: %w", scan.ErrLink)}
}

// snapshots visits what is directly in a folder of snapshots. One that cannot be
// listed, or is empty, is visited itself.
func (w *walker) snapshots(ctx context.Context, at *place) error {
	items, rest, err := w.list(ctx, at.raw)
	if err != nil {
		var target *TargetError
		if errors.As(err, &target) || ctx.Err() != nil {
			return err
		}
		return w.emit(ctx, w.shown(at), errSnapshot())
	}
	if len(items) == 0 {
		return w.emit(ctx, w.shown(at), errSnapshot())
	}
	if err := w.eachSnapshot(ctx, at, items); rest == nil || err != nil {
		return err
	}
	defer rest.Close()
	for {
		items, err := rest.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return w.emit(ctx, w.shown(at), scan.Errorf("the rest of a large folder could not be listed: %w", err))
		}
		if err := w.eachSnapshot(ctx, at, items); err != nil {
			return err
		}
	}
}

func (w *walker) eachSnapshot(ctx context.Context, at *place, items []item) error {
	slices.SortFunc(items, byName)
	for _, it := range items {
		why := it.err
		if it.folder && why == nil {
			why = errSnapshot()
		}
		if err := w.emit(ctx, w.entry(at, it), why); err != nil {
			return err
		}
	}
	return nil
}
