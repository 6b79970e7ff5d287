package state

import (
	"context"

	"github.com/kagiban/kagiban/scan/state/postgres"
)

// dialects are the databases that a state can be kept in; the first one that a
// place is of opens it.
func dialects() []opener {
	return []opener{
		{postgres.Is, openServer},
		{func(string) bool { return true }, openFile},
	}
}

// An opener opens states of one kind.
type opener struct {
	is   func(where string) bool
	open func(ctx context.Context, d *DB, where string, o Options) error
}
