package policy_test

import (
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/policy"
)

func item(v scan.Verdict, high, middle int64, problems ...scan.Kind) scan.Item {
	i := scan.Item{Protection: scan.Protection{Verdict: v}}
	i.Findings.High.Records, i.Findings.Medium.Records = high, middle
	for _, k := range problems {
		i.Problems = append(i.Problems, scan.Problem{Kind: k})
	}
	return i
}

func TestJudge(t *testing.T) {
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	active := scan.Exception{Pattern: "部/**", Created: at.Add(-time.Hour), Expires: at.Add(time.Hour)}
	expired := scan.Exception{Pattern: "部/**", Created: at.Add(-2 * time.Hour), Expires: at}
	removed := active
	removed.Removal.At = at.Add(-time.Minute)
	byTarget := active
	byTarget.Pattern = "smb://fs/share/部/a.zip"
	named := &scan.Access{Grants: []scan.Grant{{SID: "S-1-5-21-1-2-3-1105", Read: true}}}
	accept := policy.Policy{Restricted: policy.Restriction{Accept: true}}
	none, password, unknown := scan.VerdictNone, scan.VerdictPassword, scan.VerdictUnknown
	for _, c := range []struct {
		name   string
		items  []scan.Item
		result scan.Result
		policy policy.Policy
		want   scan.Status
		reason string
	}{
		{name: "clean", items: []scan.Item{item(none, 0, 0)}, want: scan.StatusClean},
		{name: "violation", items: []scan.Item{item(none, 1, 0)}, want: scan.StatusViolation},
		{name: "review", items: []scan.Item{item(none, 0, 1)}, want: scan.StatusReview},
		{name: "violation before review", items: []scan.Item{item(none, 1, 5)}, want: scan.StatusViolation},
		{name: "too few records", items: []scan.Item{item(none, 4, 0)}, policy: policy.Policy{MinRecords: 5}, want: scan.StatusReview, reason: "min-records"},
		{name: "protected", items: []scan.Item{item(password, 0, 0)}, want: scan.StatusProtected},
		{name: "rights management", items: []scan.Item{item(scan.VerdictOther, 0, 0)}, want: scan.StatusProtected},
		{name: "member protected", items: []scan.Item{item(none, 0, 0), item(password, 0, 0)}, want: scan.StatusProtected},
		{name: "one open member among protected", items: []scan.Item{item(scan.VerdictPartial, 0, 0), item(password, 0, 0), item(none, 3, 0)}, want: scan.StatusViolation},
		{name: "damaged", items: []scan.Item{item(unknown, 0, 0, scan.KindMalformed)}, want: scan.StatusUnchecked, reason: "malformed"},
		{name: "damaged member beside protected", items: []scan.Item{item(scan.VerdictPartial, 0, 0), item(password, 0, 0), item(none, 0, 0, scan.KindLimit)}, want: scan.StatusUnchecked, reason: "limit"},
		{name: "found before damage", items: []scan.Item{item(none, 2, 0, scan.KindMalformed)}, want: scan.StatusViolation},
		{name: "unknown without a problem", items: []scan.Item{item(unknown, 0, 0)}, want: scan.StatusUnchecked, reason: "unsupported"},
		{name: "nothing known at all", want: scan.StatusUnchecked, reason: "unreadable"},
		{name: "left out", items: []scan.Item{item(unknown, 0, 0)}, result: scan.Result{Skipped: "exclude"}, want: scan.StatusSkipped, reason: "exclude"},
		{name: "out of scope", items: []scan.Item{{Skipped: "picture"}}, want: scan.StatusSkipped, reason: "picture"},
		{name: "archive of pictures", items: []scan.Item{item(none, 0, 0)}, result: scan.Result{Members: 2, Omitted: 2}, want: scan.StatusSkipped, reason: "members"},
		{name: "archive with pictures", items: []scan.Item{item(none, 0, 0)}, result: scan.Result{Members: 2, Omitted: 1}, want: scan.StatusClean},
		{name: "excepted", items: []scan.Item{item(none, 1, 0)}, policy: policy.Policy{Exceptions: []scan.Exception{active}, At: at}, want: scan.StatusExcepted},
		{name: "excepted by target", items: []scan.Item{item(none, 1, 0)}, policy: policy.Policy{Exceptions: []scan.Exception{byTarget}, At: at}, want: scan.StatusExcepted},
		{name: "exception expired", items: []scan.Item{item(none, 1, 0)}, policy: policy.Policy{Exceptions: []scan.Exception{expired}, At: at}, want: scan.StatusViolation},
		{name: "exception removed", items: []scan.Item{item(none, 1, 0)}, policy: policy.Policy{Exceptions: []scan.Exception{removed}, At: at}, want: scan.StatusViolation},
		{name: "restricted access", items: []scan.Item{item(none, 1, 0)}, result: scan.Result{Access: named}, policy: accept, want: scan.StatusExcepted, reason: "access-restricted"},
		{name: "restricted access is no excuse by itself", items: []scan.Item{item(none, 1, 0)}, result: scan.Result{Access: named}, want: scan.StatusViolation},
		{name: "access not known", items: []scan.Item{item(none, 1, 0)}, policy: accept, want: scan.StatusViolation},
		{name: "restricted access to a review", items: []scan.Item{item(none, 0, 1)}, result: scan.Result{Access: named}, policy: accept, want: scan.StatusReview},
		{name: "restricted access to few records", items: []scan.Item{item(none, 1, 0)}, result: scan.Result{Access: named}, policy: policy.Policy{MinRecords: 2, Restricted: accept.Restricted}, want: scan.StatusReview, reason: "min-records"},
		{name: "restricted access does not make clean", items: []scan.Item{item(unknown, 0, 0, scan.KindLocked)}, result: scan.Result{Access: named}, policy: accept, want: scan.StatusUnchecked, reason: "locked"},
		{name: "exception before restricted access", items: []scan.Item{item(none, 1, 0)}, result: scan.Result{Access: named}, policy: policy.Policy{Exceptions: []scan.Exception{active}, At: at, Restricted: accept.Restricted}, want: scan.StatusExcepted},
		{name: "restricted access after an exception", items: []scan.Item{item(none, 1, 0)}, result: scan.Result{Access: named}, policy: policy.Policy{Exceptions: []scan.Exception{expired}, At: at, Restricted: accept.Restricted}, want: scan.StatusExcepted, reason: "access-restricted"},
		{name: "exception does not make clean", items: []scan.Item{item(unknown, 0, 0, scan.KindDenied)}, policy: policy.Policy{Exceptions: []scan.Exception{active}, At: at}, want: scan.StatusUnchecked, reason: "denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.result
			r.Entry, r.Items = scan.Entry{Target: "smb://fs/share", Path: "部/a.zip"}, c.items
			got := c.policy.Judge(&r)
			if got.Status != c.want || got.Reason != c.reason {
				t.Errorf("Judge = %s (%s), want %s (%s)", got.Status, got.Reason, c.want, c.reason)
			}
		})
	}
}
