package main

import (
	"errors"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/spf13/cobra"
	"github.com/zalando/go-keyring"
)

const (
	keyringService = "kagiban" // under which the system's keyring has our passwords
	// keyringIn is how long the keyring may take. A locked one asks whoever sits
	// at the machine to unlock it, and at night nobody does.
	keyringIn = time.Minute
)

func newKeyring() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keyring",
		Short: "Keep the passwords of SMB accounts in the system's keyring",
		Long: `The keyring is that of the user who runs kagiban: the Credential Manager of
Windows, the keychain of macOS, the Secret Service of a desktop (GNOME Keyring,
KWallet). A server without a desktop has none; give --password-file there.

ACCOUNT is the target as it is scanned, such as smb://auditor@fs01/share, or a
name of your own for "keyring: NAME" of a target in the configuration.`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, c := range []*cobra.Command{
		{Use: "set ACCOUNT", Short: "Put a password in: asked for, or the first line of standard input", RunE: setInKeyring},
		{Use: "delete ACCOUNT", Short: "Take a password out", RunE: deleteFromKeyring},
	} {
		c.Args = arguments(1, 1)
		c.Flags().String("user", "", "`USER` of an SMB target that names none")
		cmd.AddCommand(c)
	}
	return cmd
}

func setInKeyring(cmd *cobra.Command, args []string) error {
	account, err := keyringAccount(cmd, args[0])
	if err != nil {
		return err
	}
	secret, err := newPassword(cmd, account)
	if err != nil {
		return err
	}
	if _, err := unlessItHangs(func() (string, error) { return "", keyring.Set(keyringService, account, secret) }); err != nil {
		return fatal(scan.Errorf("the password of %q is not kept: %w; a scan also takes --password-file FILE", account, err))
	}
	say(cmd, "the keyring has the password of %s", oneLine(account))
	return nil
}

func deleteFromKeyring(cmd *cobra.Command, args []string) error {
	account, err := keyringAccount(cmd, args[0])
	if err != nil {
		return err
	}
	_, err = unlessItHangs(func() (string, error) { return "", keyring.Delete(keyringService, account) })
	if errors.Is(err, keyring.ErrNotFound) {
		return usage("the keyring has no password of %q; write the account as it was set", account)
	}
	if err != nil {
		return fatal(scan.Errorf("the password of %q was not taken out: %w", account, err))
	}
	say(cmd, "the keyring has no password of %s any more", oneLine(account))
	return nil
}

// keyringAccount is the name under which a scan of the target looks.
func keyringAccount(cmd *cobra.Command, arg string) (string, error) {
	v, err := settings(cmd)
	if err != nil {
		return "", err
	}
	target, err := source.Parse(arg)
	if err != nil {
		return "", &exitError{exitUsage, err}
	}
	if target.Host == "" {
		return arg, nil
	}
	account := accountAt(v.GetString("user"), target)
	if strings.HasPrefix(account, "@") {
		return "", usage("%s names no user; write smb://USER@%s, or use --user", arg, target.Host)
	}
	return account, nil
}

// newPassword asks for a password, or takes the first line of what is piped in.
func newPassword(cmd *cobra.Command, account string) (secret string, err error) {
	if in, ok := terminal(cmd.InOrStdin()); ok {
		secret, err = prompt(cmd, in, account)
	} else {
		secret, err = firstLine(cmd.InOrStdin())
	}
	if err == nil && secret == "" {
		return "", usage("no password was given for %q; type it, or pipe it in", account)
	}
	return secret, err
}

// fromKeyring returns the password of an account.
func fromKeyring(account string) (string, error) {
	p, err := unlessItHangs(func() (string, error) { return keyring.Get(keyringService, account) })
	if errors.Is(err, keyring.ErrNotFound) {
		return "", scan.Errorf("the keyring has no password of %q (kagiban keyring set puts it there)", account)
	}
	return p, err
}

// unlessItHangs calls the keyring, which may wait for somebody. That call goes
// on in vain.
func unlessItHangs(call func() (string, error)) (string, error) {
	type answer struct {
		secret string
		err    error
	}
	got := make(chan answer, 1)
	go func() {
		secret, err := call()
		got <- answer{secret, err}
	}()
	select {
	case a := <-got:
		if a.err != nil && !errors.Is(a.err, keyring.ErrNotFound) {
			return "", scan.Errorf("the system's keyring cannot be used: %w", a.err)
		}
		return a.secret, a.err
	case <-time.After(keyringIn):
		return "", scan.Errorf("the system's keyring has not answered within %v; unlock it", keyringIn)
	}
}
