package main

import (
	"context"
	"hash/maphash"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// A reasking run examines files with findings again though they are as they
// were. Where restricted access counts, who can read them must be what holds
// now, and not every server tells by a time that permissions were changed:
// Samba does not, Windows does. It costs a few bytes for each such file.
type reasking struct {
	*state.Run
	seed  maphash.Seed
	found map[uint64]struct{}
}

// reask makes a run ask again for all that was found.
func reask(ctx context.Context, db *state.DB, run *state.Run) (scan.Store, error) {
	r := &reasking{run, maphash.MakeSeed(), map[uint64]struct{}{}}
	for res, err := range db.Results(ctx, state.Present) {
		if err != nil {
			return nil, err
		}
		if asked := res.Access != nil || strings.HasPrefix(res.Entry.Target, "smb://"); asked && res.Distinct != (scan.Distinct{}) {
			for _, h := range r.hashes(res.Entry) {
				r.found[h] = struct{}{}
			}
		}
	}
	return r, nil
}

// Unchanged implements scan.Store. Two files of one hash are both read again,
// which does no harm.
func (r *reasking) Unchanged(ctx context.Context, e scan.Entry, current func(string) bool) (bool, error) {
	for _, h := range r.hashes(e) {
		if _, ok := r.found[h]; ok {
			return false, nil
		}
	}
	return r.Run.Unchanged(ctx, e, current)
}

// hashes are those of the path and, since a folder may be moved with all that
// is in it, of the identity on the server.
func (r *reasking) hashes(e scan.Entry) []uint64 {
	list := []uint64{maphash.String(r.seed, e.Target+"\x00"+e.Path)}
	if e.ID != 0 {
		list = append(list, maphash.Comparable(r.seed, e.ID))
	}
	return list
}
