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
