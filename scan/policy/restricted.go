package policy

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// A Restriction says when few enough can get at a file that it needs no
// password. The zero value says never. It rests on the list of permissions of
// the file alone: who belongs to a group, what the share itself allows, and
// privileges are not known to it. So whatever is not known is no restriction.
type Restriction struct {
	Accept bool
	// To are the accounts and groups that may be in the list, each DOMAIN\name,
	// a SID, or Owner. Empty: all that somebody chose by name.
	To []string
}

// Owner in Restriction.To stands for whoever owns the file.
const Owner = "owner"

var (
	account = regexp.MustCompile(`^[^\\]+\\[^\\]+$`)
	sid     = regexp.MustCompile(`^(?i)S-1(-[0-9]+)+$`)
	// domainAdministrator: the account Administrator, Domain Admins, Enterprise
	// Admins, MS-DTYP 2.4.2.4.
	domainAdministrator = regexp.MustCompile(`^S-1-5-21-[0-9]+-[0-9]+-[0-9]+-(500|512|519)$`)
)

// NewRestriction accepts restricted access, to a list of accounts and groups if
// there is one. It refuses what would never match, and what is no restriction.
func NewRestriction(to []string) (Restriction, error) {
	r := Restriction{Accept: true}
	for _, name := range to {
		name = strings.TrimSpace(name)
		switch {
		case sid.MatchString(name):
			name = strings.ToUpper(name)
			if (scan.Grant{SID: name}).Audience().Wide() {
				return Restriction{}, scan.Errorf("%q is everybody who can log on, which is no restriction; name a group or an account", name)
			}
		case strings.EqualFold(name, Owner):
			name = Owner
		case !account.MatchString(name):
			return Restriction{}, scan.Errorf(`%q is no account or group; write DOMAIN\name, a SID, or %s`, name, Owner)
		}
		r.To = append(r.To, name)
	}
	return r, nil
}

// covers reports whether few enough can get at a file. Who may write counts like
// who may read: with the right to change the permissions comes that to read.
func (r Restriction) covers(a *scan.Access) bool {
	if !r.Accept || a == nil || a.Readers().Wide() || a.Writers().Wide() {
		return false
	}
	if len(r.To) == 0 {
		return true
	}
	return !slices.ContainsFunc(a.Grants, func(g scan.Grant) bool {
		return (g.Read || g.Write) && !administrative(g.SID) && !r.names(g, a.Owner)
	})
}

// names reports whether an account or group is in the list.
func (r Restriction) names(g scan.Grant, owner string) bool {
	return slices.ContainsFunc(r.To, func(name string) bool {
		if name == Owner {
			name = owner
		}
		return name != "" && (name == g.SID || strings.EqualFold(name, g.Name))
	})
}

// administrative is true of the SIDs of those who get at every file anyway: the
// system, the administrators of the server and of the domain, root.
func administrative(sid string) bool {
	switch sid {
	case "S-1-5-18", "S-1-5-32-544", "S-1-22-1-0":
		return true
	}
	return domainAdministrator.MatchString(sid)
}
