package scan

import (
	"context"
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

// Readers is the widest circle that may read.
func (a *Access) Readers() Audience { return a.widest(func(g Grant) bool { return g.Read }) }

// Writers is the widest circle that may write.
func (a *Access) Writers() Audience { return a.widest(func(g Grant) bool { return g.Write }) }

func (a *Access) widest(may func(Grant) bool) Audience {
	order := []Audience{AudienceEveryone, AudienceLoggedOn, AudienceDomain, AudienceNamed, AudienceNobody}
	best := len(order) - 1
	for _, g := range a.Grants {
		for i, audience := range order[:best] {
			if may(g) && g.audience() == audience {
				best = i
				break
			}
		}
	}
	return order[best]
}

// audience knows the SIDs of MS-DTYP 2.4.2.4.
func (g Grant) audience() Audience {
	switch g.SID {
	case "S-1-1-0", "S-1-5-7", "S-1-5-2", "S-1-5-32-546": // Everyone, Anonymous, Network, Guests
		return AudienceEveryone
	case "S-1-5-11", "S-1-5-4", "S-1-5-15": // Authenticated Users, Interactive, This Organization
		return AudienceLoggedOn
	case "S-1-5-32-545": // Users
		return AudienceDomain
	}
	domain := strings.HasPrefix(g.SID, "S-1-5-21-")
	if domain && (strings.HasSuffix(g.SID, "-513") || strings.HasSuffix(g.SID, "-515")) { // Domain Users, Domain Computers
		return AudienceDomain
	}
	if domain && strings.HasSuffix(g.SID, "-514") { // Domain Guests
		return AudienceEveryone
	}
	return AudienceNamed
}

// An Accessible source can also tell who may read a file. It is asked for
// files with findings only. Nil: there is no such list.
type Accessible interface {
	Access(ctx context.Context, e Entry) (*Access, error)
}
