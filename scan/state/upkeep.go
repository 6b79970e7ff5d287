package state

import "context"

// upkeep is how a state is looked after.
type upkeep struct{ db *DB }

// BelongsTo takes down under which key the hashes of a state are made that several
// machines write to, and refuses another one. Of a file it takes nothing down: its
// key lies beside it. Another is a key that takes the place of the former one,
// which is lost.
func (u upkeep) BelongsTo(ctx context.Context, fingerprint string, another bool) error {
	if u.db.dialect.key == nil {
		return nil
	}
	return u.db.dialect.key(ctx, fingerprint, another)
}

// Schema is the version of its tables.
func (u upkeep) Schema(ctx context.Context) (int, error) {
	version, err := u.db.dialect.schema(ctx)
	if err != nil {
		err = u.db.wrap(err)
	}
	return version, err
}

// Compact returns unused space back. scan.ErrBusy while a scan is under way in a
// file, which needs room for a second copy of it.
func (u upkeep) Compact(ctx context.Context) error { return u.db.dialect.compact(ctx) }

// Backup writes a copy of the state as it is at one moment, also while a scan is
// writing to it, and checks that it is whole. The file must not be there yet.
// What of a run is under way is in it as a run that did not end.
func (u upkeep) Backup(ctx context.Context, path string) error { return u.db.dialect.backup(ctx, path) }
