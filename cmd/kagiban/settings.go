package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// stateFlags are those of every command that uses the state.
func stateFlags(f *pflag.FlagSet) {
	f.String("state", "", "state `FILE` (default: in the user's state folder), or the address of a database: postgres://role@server/database")
	serverFlags(f)
	keyFlag(f)
	f.String("config", "", "configuration `FILE` (default: kagiban.yaml in the user's configuration folder)")
}

// keyFlag is that of every command that reads names in a state.
func keyFlag(f *pflag.FlagSet) {
	f.String("key-file", "", "`FILE` with the key under which numbers are hashed; made on first use")
}

// settings joins flags, environment (KAGIBAN_…) and configuration file, in
// this order of precedence. Every flag is a key and a variable of its name.
func settings(cmd *cobra.Command) (*viper.Viper, error) {
	v, file, err := reader(cmd.Flags())
	if err != nil {
		return nil, err
	}
	if file != "" {
		if err := v.ReadInConfig(); errors.Is(err, fs.ErrNotExist) {
			return nil, usage("config file %s is not there; check --config", file)
		} else if err != nil {
			return nil, usage("config file %s: %w; check that it is YAML", file, err)
		}
		if err := checkKeys(cmd, v, file); err != nil {
			return nil, err
		}
	}
	v.Set("lang", speech(cmd).Name())
	return v, nil
}

// reader knows flags and environment, and which configuration file there is.
func reader(flags *pflag.FlagSet) (v *viper.Viper, file string, err error) {
	v = viper.New()
	v.SetEnvPrefix("KAGIBAN")
	v.SetEnvKeyReplacer(strings.NewReplacer("-", "_"))
	v.AutomaticEnv()
	if err := v.BindPFlags(flags); err != nil {
		return v, "", usage("%w", err)
	}
	if file = v.GetString("config"); file == "" {
		file = foundConfig()
	}
	if file != "" {
		v.SetConfigFile(file)
		v.SetConfigType("yaml")
	}
	return v, file, nil
}

// foundConfig is the user's or the system's kagiban.yaml, "" if there is none.
// The working folder is not looked at: it may be anybody's.
func foundConfig() string {
	var places []string
	if dir, err := os.UserConfigDir(); err == nil {
		places = append(places, filepath.Join(dir, "kagiban", "kagiban.yaml"))
	}
	for _, p := range append(places, "/etc/kagiban/kagiban.yaml") {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return ""
}

// checkKeys refuses keys that no command knows: a misspelt key would be a
// setting that silently does nothing.
func checkKeys(cmd *cobra.Command, v *viper.Viper, file string) error {
	known := map[string]bool{"targets": true}
	know := func(f *pflag.Flag) { known[strings.ToLower(f.Name)] = true }
	cmd.Root().PersistentFlags().VisitAll(know)
	for _, c := range cmd.Root().Commands() {
		c.Flags().VisitAll(know)
	}
	for _, key := range v.AllKeys() {
		if !v.InConfig(key) && !v.InConfig(strings.Split(key, ".")[0]) {
			continue
		}
		switch {
		case key == "password":
			return usage("config file %s: a password does not belong there; use --password-file or KAGIBAN_PASSWORD", file)
		case key == "detection" || strings.HasPrefix(key, "detection."): // see detection
		case !known[key]:
			return usage("config file %s: key %q is not known; keys are the long names of flags, see kagiban scan --help", file, key)
		}
	}
	return nil
}

// stateDir is where the state and the key lie unless flags say otherwise.
func stateDir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "kagiban"), nil
	}
	dir, err := os.UserHomeDir()
	if err != nil {
		return "", usage("no home folder is known; name the state file with --state FILE")
	}
	if local := os.Getenv("LocalAppData"); local != "" {
		return filepath.Join(local, "kagiban"), nil
	}
	return filepath.Join(dir, ".local", "state", "kagiban"), nil
}

// statePath is the state file, or the database, that --state names, or the user's
// own file.
func statePath(v *viper.Viper) (string, error) {
	if where, is := inDatabase(v); is {
		return where, nil
	}
	if p := v.GetString("state"); p != "" {
		return filepath.Abs(p)
	}
	dir, err := stateDir()
	return filepath.Join(dir, "state.db"), err
}

// size reads "10MB", "1.5GiB" or a plain number of bytes.
func size(flag, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := humanize.ParseBytes(text)
	if err != nil || n == 0 || n > 1<<62 {
		return 0, usage("--%s %q is no size; write 500MB or 2GiB", flag, text)
	}
	return int64(n), nil
}

// since reads a day, a moment, or an age such as 30d or 12h.
func since(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 {
			return now.AddDate(0, 0, -n), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	for _, layout := range []string{"2006-01-02", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage("--since %q is no day and no age; write 2026-04-01, 30d or 12h", text)
}

// positive checks a number that must not be negative.
func positive(v *viper.Viper, flag string) (int, error) {
	text := fmt.Sprint(v.Get(flag))
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, usage("--%s %q is no number of 0 or more", flag, text)
	}
	return n, nil
}
