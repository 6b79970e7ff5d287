package scan

import (
	"context"
	"slices"
	"strings"
)

// An Access is who may read or change a file, as the list of its permissions
// says. Rights by way of the share, of folders above and of privileges are not
// in it, and neither is who belongs to a group.
type Access struct {
	Owner  string  `json:"owner"` // DOMAIN\name, or the SID where the server has no name
	Group  string  `json:"group,omitempty"`
	Grants []Grant `json:"grants"` // in the order of the list; those that allow neither are left out
}

// A Grant is what one account or group may do.
type Grant struct {
	SID   string `json:"sid"`
	Name  string `json:"name,omitempty"` // DOMAIN\name, "" where the server has none
	Read  bool   `json:"read,omitempty"`
	Write bool   `json:"write,omitempty"` // content, or the permissions themselves
}

// An Audience classes a circle of readers.
type Audience string

// The audiences, widest first.
const (
	AudienceEveryone Audience = "everyone" // also guests, as far as they get in
	AudienceLoggedOn Audience = "authenticated"
	AudienceDomain   Audience = "domain-users" // all users of a domain or of the server
	AudienceNamed    Audience = "named"        // accounts and groups that somebody chose
	AudienceNobody   Audience = "nobody"
)

// Audiences lists all, widest first.
func Audiences() []Audience {
	return []Audience{AudienceEveryone, AudienceLoggedOn, AudienceDomain, AudienceNamed, AudienceNobody}
}

// Wide reports whether nobody chose the circle: whoever can log on is in them.
func (a Audience) Wide() bool {
	return a == AudienceEveryone || a == AudienceLoggedOn || a == AudienceDomain
}

// Readers is the widest circle that may read.
func (a *Access) Readers() Audience { return a.widest(func(g Grant) bool { return g.Read }) }

// Writers is the widest circle that may write.
func (a *Access) Writers() Audience { return a.widest(func(g Grant) bool { return g.Write }) }

func (a *Access) widest(may func(Grant) bool) Audience {
	order := Audiences()
	best := len(order) - 1
	for _, g := range a.Grants {
		if may(g) {
			best = min(best, slices.Index(order, g.Audience()))
		}
	}
	return order[best]
}

// Audience is the circle that one grant opens, by the SIDs of MS-DTYP 2.4.2.4.
// A group that Windows fills by itself, such as everybody who came by NTLM, is
// taken for a wide one unless it is known not to be.
func (g Grant) Audience() Audience {
	switch g.SID {
	case "S-1-1-0", "S-1-5-7", "S-1-5-2", "S-1-5-32-546": // Everyone, Anonymous, Network, Guests
		return AudienceEveryone
	case "S-1-5-32-545": // Users
		return AudienceDomain
	case "S-1-5-32-554": // Pre-Windows 2000 Compatible Access: holds Authenticated Users, if not Everyone
		return AudienceLoggedOn
	case "S-1-5-8", "S-1-5-9", "S-1-5-18", "S-1-5-19", "S-1-5-20": // Proxy, domain controllers, the system's own accounts
		return AudienceNamed
	}
	rid := g.SID[strings.LastIndex(g.SID, "-")+1:]
	switch domain := strings.HasPrefix(g.SID, "S-1-5-21-"); {
	case strings.HasPrefix(g.SID, "S-1-5-21-0-0-0-"): // who came with claims
		return AudienceLoggedOn
	case domain && (rid == "513" || rid == "515"): // Domain Users, Domain Computers
		return AudienceDomain
	case domain && (rid == "514" || rid == "501"): // Domain Guests, Guest
		return AudienceEveryone
	}
	for _, chosen := range []string{"S-1-3-", "S-1-5-5-", "S-1-5-21-", "S-1-5-32-", "S-1-5-80-", "S-1-5-82-", "S-1-5-83-", "S-1-12-1-", "S-1-15-", "S-1-22-1-", "S-1-22-2-"} {
		if strings.HasPrefix(g.SID, chosen) { // creator, one logon, domain, server, services, cloud, apps, unix users and groups
			return AudienceNamed
		}
	}
	return AudienceLoggedOn
}

// An Accessible source also knows who may read a file. It is asked for
// files with findings only. Nil: there is no such list.
type Accessible interface {
	Access(ctx context.Context, e Entry) (*Access, error)
}
