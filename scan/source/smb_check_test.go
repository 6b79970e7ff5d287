package source_test

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// steps tries a target and writes each step in a word: its name, and "!" or
// "-" before it if it went wrong or was not tried.
func steps(t *testing.T, target string, opts source.Options) (words []string, failed source.Step) {
	t.Helper()
	ok, err := source.Check(t.Context(), target, opts, func(s source.Step) {
		word := s.Name.String()
		switch {
		case s.Untried:
			word = "-" + word
		case s.Err != nil:
			word, failed = "!"+word, s
		}
		words = append(words, word)
		t.Logf("%-10s %s (%s)", word, s.Detail, s.Remedy)
	})
	if err != nil || ok != (failed.Err == nil) {
		t.Errorf("Check = %v, %v; the step that failed: %+v", ok, err, failed)
	}
	return words, failed
}

func TestSMBCheck(t *testing.T) {
	s := serve(t, samba.Config{Guests: true, Shares: []samba.Share{
		{Name: "data"}, {Name: "empty"}, {Name: "denied", AsUser: true}, {Name: "closed", AsUser: true, Lines: []string{"valid users = root"}},
	}})
	write(t, filepath.Join(shareDir(t, s, "data"), "年金", "a.txt"), "content", 0o644)
	write(t, filepath.Join(shareDir(t, s, "denied"), "a.txt"), "content", 0)
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for _, tt := range []struct{ name, target, password, want string }{
		{"share", s.URL("data"), s.Password, "resolve reach log on identity signing list read"},
		{"server", s.URL(""), s.Password, "resolve reach log on identity signing list read"},
		{"nothing to read", s.URL("empty"), s.Password, "resolve reach log on identity signing list -read"},
		{"no right to read files", s.URL("denied"), s.Password, "resolve reach log on identity signing list !read"},
		{"no right to the share", s.URL("closed"), s.Password, "resolve reach log on identity signing !list -read"},
		{"no such share", s.URL("無い"), s.Password, "resolve reach log on identity signing !list -read"},
		{"wrong password", s.URL("data"), "wrong", "resolve reach !log on -identity -signing -list -read"},
		{"unknown, so a guest", strings.Replace(s.URL("data"), s.User, "stranger", 1), "any", "resolve reach log on !identity -signing -list -read"},
		{"nobody listens", "smb://u@" + gone.Addr().String() + "/data", "any", "resolve !reach -log on -identity -signing -list -read"},
		{"no file server", "smb://u@" + silent.Addr().String() + "/data", "any", "resolve reach !log on -identity -signing -list -read"},
		{"unknown name", "smb://u@no-such-host.invalid/data", "any", "!resolve -reach -log on -identity -signing -list -read"},
		{"local", shareDir(t, s, "data"), "", "list read"},
		{"no such folder", filepath.Join(t.TempDir(), "none"), "", "!list -read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opts := options(t, s)
			opts.Password = func() (string, error) { return tt.password, nil }
			if tt.name == "no file server" {
				opts.Stall = 700 * time.Millisecond
			}
			words, failed := steps(t, tt.target, opts)
			if got := strings.Join(words, " "); got != tt.want {
				t.Errorf("the steps are\n%s, want\n%s", got, tt.want)
			}
			if failed.Err != nil && (failed.Remedy.Empty() || failed.Detail.Empty() || strings.Contains(failed.Detail.String(), "\n")) {
				t.Errorf("a step fails without a reason on one line and a remedy: %+v", failed)
			}
		})
	}
	if ok, err := source.Check(t.Context(), "smb://u:p@host/x", source.Options{}, func(source.Step) {}); ok || !errors.Is(err, source.ErrBadTarget) {
		t.Errorf("Check of a bad target = %v, %v", ok, err)
	}
}

// What check says of the session is what the server was set to.
func TestSMBCheckTellsSigning(t *testing.T) {
	for _, tt := range []struct {
		config   samba.Config
		unsigned bool
		want     string
	}{
		{samba.Config{}, false, "SMB 3.1.1, signed"},
		{samba.Config{}, true, "SMB 3.1.1, neither signed nor encrypted"},
		{samba.Config{Signing: true}, true, "SMB 3.1.1, signed"},
		{samba.Config{Encryption: true}, false, "SMB 3.1.1, encrypted"},
		{samba.Config{Lines: []string{"server max protocol = SMB3_00"}}, false, "SMB 3.0, signed"},
		{samba.Config{Lines: []string{"server max protocol = SMB2_02"}}, false, "SMB 2.0.2, signed"},
	} {
		t.Run(fmt.Sprintf("%+v", tt), func(t *testing.T) {
			tt.config.Shares = []samba.Share{{Name: "data"}}
			s := serve(t, tt.config)
			opts := options(t, s)
			opts.Unsigned = tt.unsigned
			var got []string
			_, err := source.Check(t.Context(), s.URL("data"), opts, func(s source.Step) {
				if s.Name.String() == "signing" {
					got = append(got, s.Detail.String())
				}
			})
			if diff := cmp.Diff([]string{tt.want}, got); diff != "" || err != nil {
				t.Errorf("%v; (-want +got):\n%s", err, diff)
			}
		})
	}
}
