package main

import (
	"errors"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// What is wrong with a command line, in our own words: those of cobra and pflag are
// English and do not say where to look.

// flagError says what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	var syntax *pflag.InvalidSyntaxError
	where := cmd.CommandPath()
	switch {
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if letters := unknown.GetSpecifiedShortnames(); letters != "" {
			name = "-" + letters
		}
		if near := nearFlag(cmd, name); near != "" {
			return usage("unknown flag: %s; do you mean --%s? See %s --help", name, near, where)
		}
		return usage("unknown flag: %s; see %s --help", name, where)
	case errors.As(err, &bare):
		return usage("--%s needs a value: %w; see %s --help", bare.GetFlag().Name, valueOf(bare.GetFlag()), where)
	case errors.As(err, &invalid):
		return usage("--%s %q is not understood; write %w, see %s --help", invalid.GetFlag().Name, invalid.GetValue(), valueOf(invalid.GetFlag()), where)
	case errors.As(err, &syntax):
		return usage("%s is not written as a flag is; see %s --help", syntax.GetSpecifiedFlag(), where)
	}
	return usage("%w; see %s --help", err, where)
}

// valueOf says what kind of value a flag takes.
func valueOf(f *pflag.Flag) error {
	switch f.Value.Type() {
	case "bool":
		return scan.Errorf("true or false, after an equals sign")
	case "int", "int64", "uint64":
		return scan.Errorf("a whole number, such as 10")
	case "float64":
		return scan.Errorf("a number, such as 2.5")
	case "duration":
		return scan.Errorf("a time with its unit, such as 30s, 10m or 2h")
	case "stringSlice":
		return scan.Errorf("a value, or several parted by commas")
	}
	return scan.Errorf("a value")
}

// nearFlag is the flag that somebody may have meant, "" if none is near.
func nearFlag(cmd *cobra.Command, name string) (near string) {
	name = strings.TrimLeft(name, "-")
	best := 3
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		d := editDistance(name, f.Name)
		if len(name) > 2 && strings.HasPrefix(f.Name, name) {
			d = 1
		}
		if d < best && !f.Hidden {
			near, best = f.Name, d
		}
	})
	return near
}

// editDistance is how many letters have to be changed, added or taken away (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := before
			if a[i-1] != b[j-1] {
				change++
			}
			before = row[j]
			row[j] = min(change, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// noCommand is for commands that only have others below them.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return usage("unknown command %q; do you mean %s? See %s --help", args[0], strings.Join(near, ", "), cmd.CommandPath())
	}
	return usage("unknown command %q; see %s --help", args[0], cmd.CommandPath())
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage("%s takes flags only, and %q is none; see %s --help", cmd.CommandPath(), args[0], cmd.CommandPath())
}

// arguments is how many arguments a command takes; most is -1 where there is no bound.
func arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		line := strings.TrimSuffix(cmd.UseLine(), " [flags]")
		switch {
		case len(args) < least:
			return usage("an argument is missing; write %s, see %s --help", line, cmd.CommandPath())
		case most >= 0 && len(args) > most:
			return usage("%q is one argument too many; write %s, see %s --help", args[most], line, cmd.CommandPath())
		}
		return nil
	}
}
