package state

import (
	"context"

	"github.com/kagiban/kagiban/scan/state/postgres"
)

func openServer(ctx context.Context, d *DB, where string, o Options) error {
	_, err := postgres.Open(ctx, where, o.Options)
	return err
}
