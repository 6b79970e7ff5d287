package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/policy"
)

// The grants of these tests.
var (
	everyone = scan.Grant{SID: "S-1-1-0", Name: "Everyone", Read: true}
	loggedOn = scan.Grant{SID: "S-1-5-11", Name: `NT AUTHORITY\Authenticated Users`, Read: true}
	users    = scan.Grant{SID: "S-1-5-21-1-2-3-513", Name: `DOM\Domain Users`, Read: true}
	byNTLM   = scan.Grant{SID: "S-1-5-64-10", Name: `NT AUTHORITY\NTLM Authentication`, Read: true}
	jinji    = scan.Grant{SID: "S-1-5-21-1-2-3-1105", Name: `DOM\人事`, Read: true, Write: true}
	suzuki   = scan.Grant{SID: "S-1-5-21-1-2-3-1106", Name: `DOM\suzuki`, Read: true, Write: true}
	nameless = scan.Grant{SID: "S-1-5-21-9-9-9-1200", Read: true}
	admins   = scan.Grant{SID: "S-1-5-32-544", Name: `BUILTIN\Administrators`, Read: true, Write: true}
	system   = scan.Grant{SID: "S-1-5-18", Name: `NT AUTHORITY\SYSTEM`, Read: true, Write: true}
	domain   = scan.Grant{SID: "S-1-5-21-1-2-3-512", Name: `DOM\Domain Admins`, Read: true, Write: true}
)

func TestRestricted(t *testing.T) {
	access := func(owner string, grants ...scan.Grant) *scan.Access {
		return &scan.Access{Owner: owner, Grants: grants}
	}
	writes := func(g scan.Grant) scan.Grant {
		g.Read, g.Write = false, true
		return g
	}
	for _, c := range []struct {
		name   string
		to     []string
		access *scan.Access
		want   bool
	}{
		{name: "not known", access: nil},
		{name: "not known, with a list", to: []string{`DOM\人事`}, access: nil},
		{name: "nobody", access: access(`DOM\suzuki`), want: true},
		{name: "named", access: access(`DOM\suzuki`, jinji, suzuki, nameless), want: true},
		{name: "everyone", access: access(`DOM\suzuki`, jinji, everyone)},
		{name: "logged on", access: access(`DOM\suzuki`, loggedOn)},
		{name: "all of the domain", access: access(`DOM\suzuki`, users, jinji)},
		{name: "all who came by NTLM", access: access(`DOM\suzuki`, byNTLM)},
		{name: "everyone may write only", access: access(`DOM\suzuki`, jinji, writes(everyone))},
		{name: "in the list", to: []string{`DOM\人事`}, access: access(`DOM\suzuki`, jinji), want: true},
		{name: "in the list in other letters", to: []string{`dom\人事`}, access: access("", jinji), want: true},
		{name: "in the list by its SID", to: []string{"s-1-5-21-9-9-9-1200", `DOM\人事`}, access: access("", nameless, jinji), want: true},
		{name: "administrators are in it", to: []string{`DOM\人事`}, access: access("", system, admins, domain, jinji), want: true},
		{name: "administrators alone", to: []string{`DOM\人事`}, access: access("", system, admins), want: true},
		{name: "not in the list", to: []string{`DOM\人事`}, access: access("", jinji, suzuki)},
		{name: "not in the list, may write only", to: []string{`DOM\人事`}, access: access("", jinji, writes(suzuki))},
		{name: "without a name", to: []string{`DOM\人事`}, access: access("", nameless)},
		{name: "same name of another domain", to: []string{`OTHER\人事`}, access: access("", jinji)},
		{name: "everyone, whatever the list", to: []string{`DOM\人事`}, access: access("", jinji, everyone)},
		{name: "the owner is not in it by himself", to: []string{`DOM\人事`}, access: access(`DOM\suzuki`, suzuki)},
		{name: "the owner by that word", to: []string{`DOM\人事`, "Owner"}, access: access(`DOM\suzuki`, suzuki, jinji), want: true},
		{name: "the owner by SID", to: []string{"owner"}, access: access(nameless.SID, nameless), want: true},
		{name: "another than the owner", to: []string{"owner"}, access: access(`DOM\tanaka`, suzuki)},
		{name: "owner not known", to: []string{"owner"}, access: access("", nameless)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := policy.NewRestriction(c.to)
			if err != nil {
				t.Fatal(err)
			}
			result := &scan.Result{Access: c.access, Items: []scan.Item{item(scan.VerdictNone, 1, 0)}}
			got := policy.Policy{Restricted: r}.Judge(result)
			if (got.Status == scan.StatusExcepted) != c.want || (got.Reason == scan.ReasonRestricted) != c.want {
				t.Errorf("Judge = %s (%s), want restricted: %t", got.Status, got.Reason, c.want)
			}
			r.Accept = false
			if got := (policy.Policy{Restricted: r}).Judge(result); got.Status != scan.StatusViolation {
				t.Errorf("not accepted: Judge = %s", got.Status)
			}
		})
	}
}

func TestNewRestriction(t *testing.T) {
	got, err := policy.NewRestriction([]string{` DOM\人事 `, "s-1-5-21-1-2-3-1105", "OWNER"})
	if diff := cmp.Diff(policy.Restriction{Accept: true, To: []string{`DOM\人事`, "S-1-5-21-1-2-3-1105", "owner"}}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, wrong := range []string{"人事", "", "Everyone", `DOM\`, `\人事`, `a\b\c`, "S-1-1-0", "S-1-5-11", "s-1-5-32-545", "S-1-5-21-1-2-3-513", "S-1-5-64-10", "S-1-x"} {
		if r, err := policy.NewRestriction([]string{`DOM\人事`, wrong}); err == nil || !strings.Contains(strings.ToLower(err.Error()), fmt.Sprintf("%q", strings.ToLower(wrong))) || r.Accept {
			t.Errorf("%q gives %+v, %v; want an error that names it", wrong, r, err)
		}
	}
}
