package engine

import (
	"context"

	"github.com/kagiban/kagiban/scan"
)

// own fills in the owner of a file that somebody will have to put right, or
// to close.
func own(ctx context.Context, src scan.Source, r *scan.Result) {
	owned, ok := src.(scan.Owned)
	if ok && (r.Distinct != (scan.Distinct{}) || locked(r)) {
		askOwner(ctx, src, owned, r)
	}
}

// askOwner asks who may read a file and whose it is.
func askOwner(ctx context.Context, src scan.Source, owned scan.Owned, r *scan.Result) {
	if accessible, ok := src.(scan.Accessible); ok {
		if ask(ctx, accessible, r); r.Access != nil {
			return
		}
	}
	if owner, err := owned.Owner(ctx, r.Entry); err == nil {
		r.Entry.Owner = owner
	}
}

// ownerOf fills in whose a file is that is not read: somebody has to decide
// whether to recall it. What the server does not say is not known.
func ownerOf(ctx context.Context, src scan.Source, e scan.Entry) scan.Entry {
	owned, ok := src.(scan.Owned)
	if !ok {
		return e
	}
	_ = guard(func() error {
		owner, err := owned.Owner(ctx, e)
		e.Owner = owner
		return err
	})
	return e
}

// refreshAccess asks anew who may read a file with findings that has not
// changed: permissions may change and not every server says by a time that
// they did (Windows does, Samba does not).
func refreshAccess(ctx context.Context, src scan.Source, e scan.Entry) scan.Outcome {
	accessible, ok := src.(scan.Accessible)
	if !ok {
		return &scan.Kept{Entry: e}
	}
	res := &scan.Result{Entry: e}
	_ = guard(func() error { ask(ctx, accessible, res); return nil }) // what the server does not say is not known
	return &scan.AccessRefreshed{Entry: res.Entry, Access: res.Access}
}

// ask asks who may read a file. What the server does not say is not known, and
// so no restriction.
func ask(ctx context.Context, src scan.Accessible, r *scan.Result) {
	if access, err := src.Access(ctx, r.Entry); err == nil && access != nil {
		r.Access, r.Entry.Owner = access, access.Owner
	}
}
