package main

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/kagiban/kagiban/scan/state"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
	"golang.org/x/term"
)

// password finds the password of an SMB logon: a file; what a target in the
// configuration names for itself (password-env, keyring); the environment, the
// system's keyring, or a prompt if somebody is there to answer. It is never an
// argument. Account is as accountAt names it.
func password(cmd *cobra.Command, v *viper.Viper, account string) func() (string, error) {
	return func() (string, error) {
		if file := v.GetString("password-file"); file != "" {
			return passwordIn(file)
		}
		if name := v.GetString("password-env"); name != "" {
			p, ok := os.LookupEnv(name)
			if !ok {
				return "", scan.Errorf("the environment variable %s is not set; set it, or use --password-file", name)
			}
			return p, nil
		}
		if name := v.GetString("keyring"); name != "" {
			return fromKeyring(name)
		}
		if p, ok := os.LookupEnv("KAGIBAN_PASSWORD"); ok {
			return p, nil
		}
		p, err := fromKeyring(account)
		if err == nil {
			return p, nil
		}
		if in, ok := terminal(cmd.InOrStdin()); ok {
			return prompt(cmd, in, account)
		}
		return "", scan.Errorf("there is no terminal to ask for it, and %w", err)
	}
}

// accountAt names an account of a server, for the keyring and for messages.
func accountAt(user string, target source.Target) string {
	if target.User != "" {
		user = target.User
	}
	return user + "@" + target.Host
}

// prompt asks whoever sits at the terminal.
func prompt(cmd *cobra.Command, in *os.File, account string) (string, error) {
	fmt.Fprint(cmd.ErrOrStderr(), speech(cmd).Text("Password for %s: ", oneLine(account)))
	p, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(cmd.ErrOrStderr())
	return string(p), err
}

// reportPassword is the password that --report-password-file holds, nil if there
// is no such file named.
func reportPassword(file string) ([]byte, error) {
	if file == "" {
		return nil, nil
	}
	p, err := passwordIn(file)
	if err == nil && len(p) < 8 {
		err = usage("--report-password-file: a password of fewer than eight bytes protects nothing; put a longer one into the file")
	}
	return []byte(p), err
}

func passwordIn(file string) (string, error) {
	if err := secret(scan.Say("password file"), file); err != nil {
		return "", err
	}
	f, err := os.Open(file)
	if err != nil {
		return "", usage("password file: %w", err)
	}
	defer f.Close()
	p, err := firstLine(f)
	if err == nil && p == "" {
		return "", usage("password file %s is empty; its first line must be the password", file)
	}
	return p, err
}

func firstLine(r io.Reader) (string, error) {
	s := bufio.NewScanner(r)
	s.Scan()
	return strings.TrimRight(s.Text(), "\r"), s.Err()
}

// maxPasswords keeps the trial of declared passwords from becoming an attack:
// each costs up to a tenth of a second on each protected file.
const maxPasswords = 100

// declaredPasswords reads the list of passwords that the organisation itself
// has declared to be no secret. They are never printed and never stored.
func declaredPasswords(file string) ([]string, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, usage("list of passwords: %w; check --try-passwords", err)
	}
	var list []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			list = append(list, line)
		}
	}
	if len(list) == 0 || len(list) > maxPasswords {
		return nil, usage("list of passwords %s has %d lines; it must have 1 to %d", file, len(list), maxPasswords)
	}
	return list, nil
}

// keyed names a list of passwords without giving it away.
func keyed(key []byte, list []string) string {
	mac := hmac.New(sha256.New, key)
	for _, s := range list {
		fmt.Fprintf(mac, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

const keyBytes = 32

// hashKey reads the key under which numbers are hashed, and makes it on first
// use. It lies in a file of its own: with the state alone nobody can try
// numbers against the hashes.
func hashKey(v *viper.Viper) ([]byte, error) {
	path, err := keyFile(v)
	if err != nil {
		return nil, err
	}
	if err := trusted(scan.Say("key file"), path); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, usage("key file: %w; name another with --key-file", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // follows no link
	if errors.Is(err, fs.ErrExist) {
		return readKey(path)
	}
	if err != nil {
		return nil, usage("key file: %w; name another with --key-file", err)
	}
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key) // it never fails
	_, err = fmt.Fprintln(f, hex.EncodeToString(key))
	return key, errors.Join(err, f.Sync(), f.Close())
}

// keyFile is the key file that --key-file names or the user's own.
func keyFile(v *viper.Viper) (string, error) {
	if path := v.GetString("key-file"); path != "" {
		return filepath.Abs(path)
	}
	dir, err := stateDir()
	return filepath.Join(dir, "hash.key"), err
}

// fingerprint tells keys apart and gives none away.
func fingerprint(key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("kagiban key of a backup"))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

// keyIsThere refuses to make a new key for a state that has results: their numbers
// were hashed under another, which is lost or not named.
func keyIsThere(v *viper.Viper, known int) error {
	path, err := keyFile(v)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); known == 0 || v.GetBool("new-key") || !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return usage("the key file %s is missing, and the numbers in this state were hashed under it: put it back from a backup, or name it with --key-file; "+
		"if it is lost, --new-key makes another one: everything is read again, and in results of before no number can be looked up any more", path)
}

// keyBelongs refuses a key that is not that of a state to which several machines
// write.
func keyBelongs(ctx context.Context, v *viper.Viper, db *store) error {
	known, err := db.Targets(ctx)
	if err != nil {
		return fatal(err)
	}
	if err := keyIsThere(v, len(known)); err != nil {
		return err
	}
	key, err := hashKey(v)
	if err != nil {
		return err
	}
	if err := db.UseKey(key); err != nil {
		return fatal(err)
	}
	if err := db.BelongsTo(ctx, fingerprint(key), v.GetBool("new-key")); errors.Is(err, state.ErrOtherKey) {
		return usage("%w", err)
	} else if err != nil {
		return fatal(err)
	}
	return nil
}

// useKey has numbers in the names of a state read as they are, where the key is
// there. Without it they are shown masked; commands that need it say so.
func useKey(v *viper.Viper, db *state.DB) error {
	path, err := keyFile(v)
	if err != nil {
		return nil
	}
	key, err := readKey(path)
	if err != nil {
		return nil
	}
	return db.UseKey(key)
}

func readKey(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, usage("key file: %w; look at --key-file", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, usage("key file %s can be read by others (mode %04o); run chmod 600 on it", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("key file: %w; look at --key-file", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keyBytes {
		return nil, usage("key file %s is damaged; restore it, or remove it and scan again with --full", path)
	}
	return key, nil
}
