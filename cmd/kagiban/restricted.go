package main

import (
	"encoding/csv"
	"strings"

	"github.com/kagiban/kagiban/scan/policy"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// restrictedFlags say whether restricted access is as good as a password.
func restrictedFlags(f *pflag.FlagSet) {
	f.Bool("accept-restricted", false, "what only chosen accounts and groups can read or write is excepted, not a violation")
	f.StringSlice("restricted-to", nil, "with --accept-restricted: only these `ACCOUNTS` and administrators may be among them; DOMAIN\\name, a SID, or owner")
}

// restriction reads the flags.
func restriction(v *viper.Viper) (policy.Restriction, error) {
	to, err := accounts(v.Get("restricted-to"))
	if err != nil {
		return policy.Restriction{}, usage("--restricted-to: %w", err)
	}
	switch {
	case !v.GetBool("accept-restricted") && len(to) > 0:
		return policy.Restriction{}, usage("--restricted-to does nothing without --accept-restricted; add that, or leave it out")
	case !v.GetBool("accept-restricted"):
		return policy.Restriction{}, nil
	}
	r, err := policy.NewRestriction(to)
	if err != nil {
		return policy.Restriction{}, usage("--restricted-to: %w", err)
	}
	return r, nil
}

// accounts takes a list, or a text that is separated by commas as on the command
// line: names of groups have spaces in them.
func accounts(value any) ([]string, error) {
	switch value := value.(type) {
	case []string:
		return value, nil
	case []any:
		var list []string
		for _, one := range value {
			name, ok := one.(string)
			if !ok {
				return nil, usage("%v is no name; write a list of texts", one)
			}
			list = append(list, name)
		}
		return list, nil
	case string:
		if strings.TrimSpace(value) == "" {
			return nil, nil
		}
		return csv.NewReader(strings.NewReader(value)).Read()
	case nil:
		return nil, nil
	}
	return nil, usage("%v is no list of names; write names with commas between them", value)
}
