package source_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// An instance is a server as administrators set them up, each hard for a
// client in its own way.
type instance struct {
	name     string
	config   samba.Config
	kerberos bool // NTLM is off
}

func instances() []instance {
	return []instance{
		{name: "default"},
		{name: "signing mandatory", config: samba.Config{Signing: true}},
		{name: "encryption required", config: samba.Config{Encryption: true}},
		{name: "NTLM off, Kerberos", kerberos: true},
		{name: "few credits", config: samba.Config{Lines: []string{"smb2 max credits = 16"}}},
		{name: "SMB 2.0.2 only", config: samba.Config{Lines: []string{"server max protocol = SMB2_02"}}},
		{name: "SMB 3.0, signed and encrypted", config: samba.Config{Signing: true, Encryption: true, Lines: []string{"server max protocol = SMB3_00"}}},
	}
}

// serve starts the server with one share, and says how it is logged on to.
func (in instance) serve(t *testing.T, share samba.Share) (*samba.Server, source.Options) {
	t.Helper()
	samba.Require(t)
	c := in.config
	c.Shares = []samba.Share{share}
	if in.kerberos {
		samba.RequireKDC(t)
		k, err := samba.StartKDC(t.Context(), "KAGIBAN.TEST", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := k.Stop(); err != nil {
				t.Errorf("stopping the KDC: %v", err)
			}
		})
		c.Kerberos = k
	}
	s := serve(t, c)
	opts := options(t, s)
	if in.kerberos {
		s.Host = "localhost"
		opts.Auth, opts.Kerberos.Conf = source.AuthKerberos, c.Kerberos.Conf
		if err := c.Kerberos.AddUser(t.Context(), s.User, s.Password); err != nil {
			t.Fatal(err)
		}
	}
	return s, opts
}

// The acceptance kit passes on each of them.
func TestSMBSource(t *testing.T) {
	for _, in := range instances() {
		t.Run(in.name, func(t *testing.T) {
			t.Parallel()
			dir := openDir(t)
			tree := scantest.NewSourceTree(t, dir)
			denySome(t, tree)
			s, opts := in.serve(t, samba.Share{Name: "総務部", Dir: dir, AsUser: true})
			scantest.Source(t, tree, func(t *testing.T) scan.Source { return open(t, s.URL("総務部"), opts) })
		})
	}
}

// denySome adds what the user of the server, who is not root, may not read, and
// links, which the server itself follows: one leads to the folder it is in.
func denySome(t *testing.T, tree *scantest.SourceTree) {
	t.Helper()
	write(t, filepath.Join(tree.Dir, "denied.txt"), "x", 0)
	write(t, filepath.Join(tree.Dir, "closed", "unseen.txt"), "x", 0o644)
	if err := os.Chmod(filepath.Join(tree.Dir, "closed"), 0); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(tree.Dir, ".snapshot", "daily", "old.txt"), "x", 0o644)
	for _, link := range []string{"loop", "総務/back"} {
		if err := os.Symlink(".", filepath.Join(tree.Dir, filepath.FromSlash(link))); err != nil {
			t.Fatal(err)
		}
	}
	tree.Denied = append(tree.Denied, "denied.txt")
	tree.Closed = append(tree.Closed, "closed")
	tree.Gaps = append(tree.Gaps, "loop", "総務/back", ".snapshot/daily")
}
