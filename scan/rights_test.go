package scan_test

import (
	"testing"

	"github.com/kagiban/kagiban/scan"
)

func TestReadersAreTheWidestCircle(t *testing.T) {
	for want, sids := range map[scan.Audience][]string{
		scan.AudienceEveryone: {"S-1-5-18", "S-1-5-11", "S-1-1-0"},
		scan.AudienceLoggedOn: {"S-1-5-21-1-2-3-513", "S-1-5-11"},
		scan.AudienceDomain:   {"S-1-5-21-1-2-3-1105", "S-1-5-21-1-2-3-513", "S-1-5-18"},
		scan.AudienceNamed:    {"S-1-5-21-1-2-3-1105", "S-1-22-2-513"},
		scan.AudienceNobody:   {},
	} {
		access := &scan.Access{Grants: []scan.Grant{{SID: "S-1-1-0", Write: true}}}
		for _, sid := range sids {
			access.Grants = append(access.Grants, scan.Grant{SID: sid, Read: true})
		}
		if got := access.Readers(); got != want {
			t.Errorf("readers among %q: %q, want %q", sids, got, want)
		}
		if got := access.Writers(); got != scan.AudienceEveryone {
			t.Errorf("writers: %q", got)
		}
	}
}

// A circle that nobody chose is never taken for a chosen one.
func TestAudienceOfSIDs(t *testing.T) {
	for want, sids := range map[scan.Audience][]string{
		scan.AudienceEveryone: {"S-1-1-0", "S-1-5-2", "S-1-5-7", "S-1-5-32-546", "S-1-5-21-1-2-3-514", "S-1-5-21-1-2-3-501"},
		// NTLM, asserted identity, remote logon, local accounts, another organisation, claims, nothing that is known
		scan.AudienceLoggedOn: {"S-1-5-11", "S-1-5-15", "S-1-5-4", "S-1-5-64-10", "S-1-18-1", "S-1-5-14", "S-1-5-113", "S-1-5-1000", "S-1-5-32-554", "S-1-99-1", "S-1-5-21-0-0-0-497", ""},
		scan.AudienceDomain:   {"S-1-5-32-545", "S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-515"},
		scan.AudienceNamed:    {"S-1-5-18", "S-1-5-32-544", "S-1-5-21-1-2-3-512", "S-1-5-21-1-2-3-1513", "S-1-5-80-1-2-3-4-5", "S-1-3-4", "S-1-12-1-1-2-3-4", "S-1-22-1-0", "S-1-22-2-513"},
	} {
		for _, sid := range sids {
			got := scan.Grant{SID: sid, Read: true}.Audience()
			if got != want || got.Wide() != (want != scan.AudienceNamed) {
				t.Errorf("%q is %q (wide: %t), want %q", sid, got, got.Wide(), want)
			}
		}
	}
}
