package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
	"github.com/kagiban/kagiban/scan/state/postgres"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

func newMigrate() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the state to the schema of this kagiban, as the owner of its database",
		Long: `Migrate makes the tables of the state, or brings them to what this kagiban
needs. A scan does the same by itself where its role may; with roles of least
rights the owner runs this once for each version of kagiban. It goes forwards
only: an older kagiban then refuses the state.`,
		Example: `  kagiban state migrate --state postgres://kagiban_owner@db.example.jp/kagiban`,
		Args:    noArguments,
	}
	stateFlags(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		v, err := settings(cmd)
		if err != nil {
			return err
		}
		db, err := openState(cmd.Context(), v)
		if err != nil {
			return err
		}
		defer db.Close()
		h, err := db.Schema(cmd.Context())
		if err == nil {
			say(cmd, "schema %d", h)
		}
		return fatal(err)
	}
	return cmd
}

func newCopy() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "copy FROM TO",
		Short: "Copy a state from a file to a database, or back",
		Long: `Copy writes all that is remembered in one state to another, which must be empty:
results, persons, findings with their numbers, events, remarks, exceptions and
figures. It is one transaction: all of it arrives, as counts and checksums show,
or nothing. Run no scan into FROM meanwhile. The key file is not in the state:
name the same one afterwards.`,
		Example: `  kagiban state copy ~/.local/state/kagiban/state.db postgres://kagiban@db.example.jp/kagiban`,
		Args:    arguments(2, 2),
	}
	cmd.Flags().String("config", "", "configuration `FILE` (default: kagiban.yaml in the user's configuration folder)")
	keyFlag(cmd.Flags())
	serverFlags(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		v, err := settings(cmd)
		if err != nil {
			return err
		}
		return copyState(cmd, v, args[0], args[1])
	}
	return cmd
}

func copyState(cmd *cobra.Command, v *viper.Viper, fromPlace, toPlace string) error {
	from, err := openPlace(cmd.Context(), v, fromPlace, true)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := openPlace(cmd.Context(), v, toPlace, false)
	if err != nil {
		return err
	}
	defer to.Close()
	rows, err := state.Copy(cmd.Context(), from, to)
	if errors.Is(err, state.ErrNotEmpty) || errors.Is(err, scan.ErrBusy) {
		return usage("%w", err)
	}
	if err != nil {
		return fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(cmd.OutOrStdout(), "%-10s %d\n", name, rows[name])
	}
	say(cmd, "the key file is not part of the state: keep the same one")
	return nil
}

// openPlace opens a state that is named as an argument.
func openPlace(ctx context.Context, v *viper.Viper, place string, there bool) (*state.DB, error) {
	if !postgres.Is(place) {
		abs, err := filepath.Abs(place)
		if err != nil {
			return nil, usage("%w", err)
		}
		if place = abs; there && nothingThere(place) {
			return nil, usage("there is no state file %s; look at the spelling", place)
		}
	}
	return openAt(ctx, v, place)
}
