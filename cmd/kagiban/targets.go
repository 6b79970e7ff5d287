package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

// A chosen target is what is to be scanned and the settings that hold for it.
type chosen struct {
	Target string
	Label  string // what its owner calls it, "" for none
	v      *viper.Viper
}

// ownKeys are the settings that a target in the configuration may have of its own.
func ownKeys() []string {
	return []string{"user", "password-file", "password-env", "keyring", "auth", "ccache", "keytab", "realm",
		"allow-guest", "allow-unsigned", "hidden-shares", "recycle-bins", "stall", "sessions", "include", "exclude", "max-size", "since",
		"max-files", "max-rate", "max-busy", "window", "nodes"}
}

// loggedTargets are the targets of a command, and its log.
func loggedTargets(cmd *cobra.Command, args []string) (*journal, []chosen, error) {
	v, err := settings(cmd)
	if err != nil {
		return nil, nil, err
	}
	log, err := newLog(cmd, v.GetString("log-format"))
	if err != nil {
		return nil, nil, err
	}
	targets, err := chosenTargets(v, args)
	return log, targets, err
}

// chosenTargets are those of the arguments and of --targets-file or, without
// either, those of the configuration.
func chosenTargets(v *viper.Viper, args []string) ([]chosen, error) {
	if file := v.GetString("targets-file"); file != "" {
		more, err := targetsOf(file)
		if err != nil {
			return nil, err
		}
		args = append(slices.Clone(args), more...)
	}
	var list []chosen
	for _, arg := range args {
		list = append(list, chosen{Target: arg, v: v})
	}
	if len(list) == 0 {
		var err error
		if list, err = configured(v); err != nil {
			return nil, err
		}
	}
	if len(list) == 0 {
		return nil, usage("no target; name a folder, smb://server/share or \\\\server\\share, see kagiban scan --help")
	}
	return list, nil
}

// targetsOf reads a target a line; empty lines and those that begin with # are
// left out.
func targetsOf(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, usage("list of targets: %w; check --targets-file", err)
	}
	var list []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(strings.TrimPrefix(line, "\uFEFF")); line != "" && line[0] != '#' {
			list = append(list, line)
		}
	}
	if len(list) == 0 {
		return nil, usage("list of targets %s is empty; write one a line", file)
	}
	return list, nil
}

// configured reads the targets of the configuration: a list of targets, each a
// text, or a target with settings of its own.
func configured(v *viper.Viper) ([]chosen, error) {
	var list []chosen
	entries, ok := v.Get("targets").([]any)
	if !ok {
		for _, t := range v.GetStringSlice("targets") {
			list = append(list, chosen{Target: t, v: v})
		}
		return list, nil
	}
	for i, entry := range entries {
		switch entry := entry.(type) {
		case string:
			list = append(list, chosen{Target: entry, v: v})
		case map[string]any:
			c, err := configuredOne(v, entry)
			if err != nil {
				return nil, usage("target %d of the configuration: %w", i+1, err)
			}
			list = append(list, c)
		default:
			return nil, usage("target %d of the configuration is neither a text nor a list of settings", i+1)
		}
	}
	return list, nil
}

// configuredOne lays the settings of a target over those of all.
func configuredOne(v *viper.Viper, entry map[string]any) (chosen, error) {
	c := chosen{v: viper.New()}
	for _, key := range v.AllKeys() {
		c.v.SetDefault(key, v.Get(key))
	}
	for _, key := range slices.Sorted(maps.Keys(entry)) {
		value := entry[key]
		switch {
		case key == "target":
			c.Target = fmt.Sprint(value)
		case key == "label":
			c.Label = fmt.Sprint(value)
		case key == "password":
			return c, scan.Errorf("a password does not belong there; use password-file, password-env or keyring")
		case slices.Contains(ownKeys(), key):
			c.v.Set(key, value)
		default:
			return c, scan.Errorf("key %q is not known; use target, label, %s", key, strings.Join(ownKeys(), ", "))
		}
	}
	if c.Target == "" {
		return c, scan.Errorf("it names no target; write target: smb://server/share")
	}
	return c, nil
}
