package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/kagiban/kagiban/scan/source"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// logonFlags are those that say how to log on to SMB servers.
func logonFlags(f *pflag.FlagSet) {
	f.String("auth", source.AuthAuto, "how to log on to SMB: auto, ntlm or kerberos")
	f.Bool("allow-unsigned", false, "do not insist on signed messages: faster, but they could be changed on the way")
	f.String("ccache", "", "Kerberos credential cache `FILE` (default with --auth kerberos: KRB5CCNAME, or that of kinit)")
	f.String("keytab", "", "Kerberos keytab `FILE` with the keys of the user")
	f.String("realm", "", "Kerberos `REALM` of the user (default: that of krb5.conf)")
}

func checkAuth(way string) error {
	switch way {
	case "", source.AuthAuto, source.AuthNTLM, source.AuthKerberos:
		return nil
	}
	return usage("--auth %q is not known; use auto, ntlm or kerberos", way)
}

// tickets says where Kerberos tickets come from: what flags name, or with
// --auth kerberos what the user has from kinit, unless a password is given. The
// variables are those of the other Kerberos programs.
func tickets(v *viper.Viper) source.Kerberos {
	k := source.Kerberos{Realm: v.GetString("realm"), Keytab: v.GetString("keytab"), Cache: v.GetString("ccache"), Conf: os.Getenv("KRB5_CONFIG")}
	if k.Conf == "" {
		k.Conf = "/etc/krb5.conf"
		if runtime.GOOS == "windows" {
			k.Conf = filepath.Join(os.Getenv("ProgramData"), "MIT", "Kerberos5", "krb5.ini")
		}
	}
	_, given := os.LookupEnv("KAGIBAN_PASSWORD")
	for _, key := range []string{"password-file", "password-env", "keyring"} {
		given = given || v.GetString(key) != ""
	}
	if v.GetString("auth") == source.AuthKerberos && k.Keytab == "" && k.Cache == "" && !given {
		k.Cache = usersCache()
	}
	return k
}

// usersCache is the cache that kinit fills, "" if there is none.
func usersCache() string {
	if name := os.Getenv("KRB5CCNAME"); name != "" {
		return name
	}
	file := fmt.Sprintf("/tmp/krb5cc_%d", os.Getuid())
	if _, err := os.Stat(file); err != nil {
		return ""
	}
	return file
}
