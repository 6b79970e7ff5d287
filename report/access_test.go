package report

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/xuri/excelize/v2"
)

// reach is how many files of a status a circle can read.
type reach map[string]int64

func reachKey(code string, s scan.Status) string { return code + " " + string(s) }

// reachTruth counts anew, from the grants and not by the method under test.
func reachTruth(b *Book) reach {
	m := reach{}
	for f := range b.Files() {
		if f.Status != scan.StatusViolation && f.Status != scan.StatusReview && f.Status != scan.StatusExcepted {
			continue
		}
		code := "nobody"
		if f.Access == nil {
			code = "unknown"
		} else {
			rank := func(sid string) string {
				switch {
				case sid == "S-1-1-0":
					return "everyone"
				case sid == "S-1-5-11":
					return "authenticated"
				case strings.HasSuffix(sid, "-513"):
					return "domain-users"
				}
				return "named"
			}
			order := []string{"everyone", "authenticated", "domain-users", "named", "nobody"}
			for _, g := range f.Access.Grants {
				if got := rank(g.SID); g.Read && slices.Index(order, got) < slices.Index(order, code) {
					code = got
				}
			}
		}
		m[reachKey(code, f.Status)]++
	}
	return m
}

// TestReachInAllFormats reads out of each format how many findings each circle
// can read.
func TestReachInAllFormats(t *testing.T) {
	readers := map[string]func(*testing.T, string, words) reach{
		"console": reachConsole, "html": reachHTML, "xlsx": reachXLSX, "csv": reachCSV, "jsonl": reachJSONL,
	}
	for _, f := range fileFormats() {
		for _, lang := range languages() {
			b := richBook(t, lang)
			want := reachTruth(b)
			for _, code := range audienceCodes() {
				if want[reachKey(code, scan.StatusViolation)] == 0 {
					t.Fatalf("the book has no violation that %s can read", code)
				}
			}
			var out bytes.Buffer
			if err := Write(t.Context(), b, Output{f, &out}); err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(want, readers[f.Name](t, out.String(), wordsIn(lang))); diff != "" {
				t.Errorf("%s, %s: files by who can read them (-want +got):\n%s", f.Name, lang, diff)
			}
		}
	}
}

// reachRows takes rows of a name and counts, of which those at the places given
// are files in violation, for review, excepted.
func reachRows(t *testing.T, rows [][]string, w words, places [3]int) reach {
	t.Helper()
	m := reach{}
	for _, row := range rows {
		for _, code := range audienceCodes() {
			if len(row) <= places[2] || strings.TrimSpace(row[0]) != w.code("audience", code) {
				continue
			}
			for i, s := range []scan.Status{scan.StatusViolation, scan.StatusReview, scan.StatusExcepted} {
				if n := number(t, row[places[i]]); n > 0 {
					m[reachKey(code, s)] += n
				}
			}
		}
	}
	return m
}

func reachConsole(t *testing.T, text string, w words) reach {
	line := regexp.MustCompile(`(?m)^  (\S.*?) +([0-9,]+) +([0-9,]+) +([0-9,]+) +([0-9,]+)$`)
	var rows [][]string
	for _, m := range line.FindAllStringSubmatch(text, -1) {
		rows = append(rows, m[1:])
	}
	return reachRows(t, rows, w, [3]int{1, 3, 4})
}

func reachHTML(t *testing.T, text string, w words) reach {
	return reachRows(t, htmlRows(t, text), w, [3]int{1, 3, 5})
}

func reachXLSX(t *testing.T, text string, w words) reach {
	book, err := excelize.OpenReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	summary, err := book.GetRows(w.text("head.summary"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := book.GetRows(w.text("head.all"))
	if err != nil {
		t.Fatal(err)
	}
	stated := reachRows(t, summary, w, [3]int{1, 3, 5})
	if diff := gocmp.Diff(stated, reachList(all, w)); diff != "" {
		t.Errorf("summary and list of all files (-summary +list):\n%s", diff)
	}
	return stated
}

// reachList counts a list of files. A locked file may have readers too.
func reachList(rows [][]string, w words) reach {
	m := reach{}
	status, readers := slices.Index(rows[0], w.text("col.status")), slices.Index(rows[0], w.text("col.readers"))
	for _, row := range rows[1:] {
		for _, s := range []scan.Status{scan.StatusViolation, scan.StatusReview, scan.StatusExcepted} {
			for _, code := range audienceCodes() {
				if len(row) > readers && row[status] == w.code("status", string(s)) && row[readers] == w.code("audience", code) {
					m[reachKey(code, s)]++
				}
			}
		}
	}
	return m
}

func reachCSV(t *testing.T, text string, w words) reach {
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return reachList(rows, w)
}

func reachJSONL(t *testing.T, text string, _ words) reach {
	m := reach{}
	dec := json.NewDecoder(strings.NewReader(text))
	for dec.More() {
		var l struct {
			Status scan.Status
			Access *struct{ Readers string }
		}
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		if !hasRecords(l.Status) {
			continue
		}
		code := "unknown"
		if l.Access != nil {
			code = l.Access.Readers
		}
		m[reachKey(code, l.Status)]++
	}
	return m
}

// TestReachAddsUp says that the circles come to all findings, files and records.
func TestReachAddsUp(t *testing.T) {
	b := richBook(t, "ja")
	s := newSummary(b.Totals, wordsIn("ja"))
	for status, got := range map[scan.Status]Sum{scan.StatusViolation: s.ReaderSum.Violation, scan.StatusReview: s.ReaderSum.Review, scan.StatusExcepted: s.ReaderSum.Excepted} {
		if want := b.Totals.Statuses[status]; got.Files != want.Files || got.Records != want.Records {
			t.Errorf("%s: circles come to %d files and %d records, want %d and %d", status, got.Files, got.Records, want.Files, want.Records)
		}
	}
	var wide Sum
	for f := range b.Files() {
		if f.Status == scan.StatusViolation && f.Access != nil && f.Access.Readers() < scan.AudienceNamed { // the three wide ones come first
			wide.Files++
			wide.Records += f.Counts.Records
		}
	}
	if got := s.wide(); got.Files != wide.Files || got.Records != wide.Records || got.Files == 0 {
		t.Errorf("%d files and %d records are widely readable, want %d and %d", got.Files, got.Records, wide.Files, wide.Records)
	}
}

// TestUnknownReadersAreNoComfort says that what is not known does not lower the
// rate of what many can read.
func TestUnknownReadersAreNoComfort(t *testing.T) {
	k := &bookKit{}
	// nothing is known of it
	k.records(k.add(scan.StatusViolation, "不明.csv"), 5, 5, scan.Classes{Two: 5}, nil)
	for i := range 2 {
		w := wordsIn("en")
		s := newSummary(k.book("en").Totals, w)
		at := slices.IndexFunc(s.Rates, func(r rate) bool { return r.Name == w.text("rate.wide") })
		if i == 0 && at >= 0 {
			t.Errorf("a rate of nothing known: %+v", s.Rates[at])
		}
		if i == 1 && (at < 0 || s.Rates[at].Part != 4 || s.Rates[at].Whole != 7) {
			t.Errorf("rates %+v, want 4 of 7 with known readers", s.Rates)
		}
		k.readable()
	}
}

// TestRestrictedIsToldApart counts what is excepted by access apart from what
// somebody allowed, in every format.
func TestRestrictedIsToldApart(t *testing.T) {
	b := richBook(t, "ja")
	w := wordsIn("ja")
	s := newSummary(b.Totals, w)
	if s.Restricted == nil || s.Restricted.Files != 2 || s.Restricted.Records != 601 || s.Restricted.Persons != 601 {
		t.Fatalf("excepted by access: %+v, want 2 files with 601 records", s.Restricted)
	}
	if all := b.Totals.Statuses[scan.StatusExcepted]; all.Files != 3 || all.Records != 1101 {
		t.Errorf("excepted: %+v", all)
	}
	row := regexp.MustCompile(regexp.QuoteMeta(w.text("text.restricted")) + `\D+2\D+601\D+601\D`)
	for _, f := range fileFormats() {
		text := render(t, f, b)
		if f.Name == "jsonl" {
			if n := strings.Count(text, `"status":"excepted","reason":"access-restricted","records":30`); n != 2 {
				t.Errorf("jsonl: %d lines say so", n)
			}
			continue
		}
		if f.Name == "csv" {
			if n := strings.Count(text, "例外,"+w.code("reason", scan.ReasonRestricted)); n != 2 {
				t.Errorf("csv: %d rows say so", n)
			}
			continue
		}
		if flat := strings.ReplaceAll(text, "\n", " "); !row.MatchString(regexp.MustCompile(`[A-Z]+[0-9]+\t|<[^>]*>`).ReplaceAllString(flat, " ")) {
			t.Errorf("%s does not count them", f.Name)
		}
	}
	for _, f := range List() {
		if text := render(t, f, emptyBook("ja")); strings.Contains(text, w.text("text.restricted")) {
			t.Errorf("%s speaks of files that are not there", f.Name)
		}
	}
}

// TestWhoCanRead looks at what one file says.
func TestWhoCanRead(t *testing.T) {
	found := scan.Judgement{Status: scan.StatusViolation}
	group := func(n int) scan.Grant {
		return scan.Grant{SID: fmt.Sprintf("S-1-5-21-1-2-3-%d", 2000+n), Name: fmt.Sprintf(`D\g%d`, n), Read: true}
	}
	everyone := scan.Grant{SID: "S-1-1-0", Name: "Everyone", Read: true}
	writer := scan.Grant{SID: "S-1-5-11", Name: "Authenticated Users", Write: true}
	admins := scan.Grant{SID: "S-1-5-32-544", Name: `BUILTIN\Administrators`, Read: true}
	for _, c := range []struct {
		name      string
		access    *scan.Access
		judgement scan.Judgement
		readers   string
		writers   string
		names     []string
		wide      bool
	}{
		{name: "not known", judgement: found, readers: "不明", writers: "不明"},
		{name: "not asked", judgement: scan.Judgement{Status: scan.StatusClean}},
		{name: "nobody", judgement: found, access: &scan.Access{}, readers: "許可された人なし", writers: "許可された人なし"},
		{name: "widest first", judgement: found, access: &scan.Access{Grants: []scan.Grant{admins, group(1), writer, everyone}},
			readers: "全員(Everyone)", writers: "ログオンした全員(Authenticated Users)", names: []string{"Everyone", `D\g1`, `BUILTIN\Administrators`}, wide: true},
		{name: "many", judgement: found, access: &scan.Access{Grants: []scan.Grant{group(1), group(2), group(3), group(4), group(5), group(6), group(7)}},
			readers: "特定の利用者・グループ", writers: "許可された人なし", names: []string{`D\g1`, `D\g2`, `D\g3`, `D\g4`, `D\g5`, "ほか 2"}},
		{name: "as many as are named", judgement: found, access: &scan.Access{Grants: []scan.Grant{group(1), group(2), group(3), group(4), group(5)}},
			readers: "特定の利用者・グループ", writers: "許可された人なし", names: []string{`D\g1`, `D\g2`, `D\g3`, `D\g4`, `D\g5`}},
		{name: "without a name", judgement: found, access: &scan.Access{Grants: []scan.Grant{{SID: "S-1-5-21-1-2-3-7", Read: true}}},
			readers: "特定の利用者・グループ", writers: "許可された人なし", names: []string{"S-1-5-21-1-2-3-7"}},
		{name: "of a locked file", judgement: scan.Judgement{Status: scan.StatusUnchecked}, access: &scan.Access{Grants: []scan.Grant{everyone}},
			readers: "全員(Everyone)", writers: "許可された人なし", names: []string{"Everyone"}, wide: true},
	} {
		v := newView(File{Result: &scan.Result{Access: c.access}, Judgement: c.judgement}, wordsIn("ja"), &Book{})
		if v.Readers() != c.readers || v.Writers() != c.writers || v.Wide() != c.wide {
			t.Errorf("%s: readers %q, writers %q, wide %t; want %q, %q, %t", c.name, v.Readers(), v.Writers(), v.Wide(), c.readers, c.writers, c.wide)
		}
		if diff := gocmp.Diff(c.names, v.ReaderNames()); diff != "" {
			t.Errorf("%s: names (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestAudienceRank says that each circle has a rank, and that none which is
// wide comes after one that is not.
func TestAudienceRank(t *testing.T) {
	var ranks []int
	for _, a := range scan.Audiences() {
		sid := map[scan.Audience]string{scan.AudienceEveryone: "S-1-1-0", scan.AudienceLoggedOn: "S-1-5-11", scan.AudienceDomain: "S-1-5-32-545", scan.AudienceNamed: "S-1-5-18"}[a]
		access := &scan.Access{}
		if sid != "" {
			access.Grants = []scan.Grant{{SID: sid, Read: true}}
		}
		ranks = append(ranks, newView(File{Result: &scan.Result{Access: access}}, nil, &Book{}).AudienceRank())
	}
	unknown := newView(File{Result: &scan.Result{}, Judgement: scan.Judgement{Status: scan.StatusViolation}}, nil, &Book{}).AudienceRank()
	if !slices.IsSortedFunc(ranks, cmp.Compare[int]) || ranks[0] != 0 || unknown <= ranks[2] || unknown >= ranks[3] {
		t.Errorf("ranks %v, not known %d", ranks, unknown)
	}
}

// TestLockedFilesHaveOwners says that who has to close a file is named wherever
// it is listed.
func TestLockedFilesHaveOwners(t *testing.T) {
	const owner, file = `KIKO\tanaka`, "locked.dat"
	for _, f := range fileFormats() {
		text := strings.ReplaceAll(render(t, f, richBook(t, "ja")), `\\`, `\`)
		if strings.Count(text, owner) == 0 || !strings.Contains(text, file) {
			t.Errorf("%s does not name the owner of a locked file", f.Name)
		}
		if f.Extension == ".xlsx" {
			_, sheet, _ := strings.Cut(text, "== 検査不能\n")
			sheet, _, _ = strings.Cut(sheet, "\n== ")
			if !strings.Contains(sheet, owner) {
				t.Error("the sheet of what was not checked names no owner")
			}
		}
	}
}

// TestRuleIsSaid says that a reader learns what access was to the judgement.
func TestRuleIsSaid(t *testing.T) {
	for _, c := range []struct {
		rule Rule
		want string
	}{
		{Rule{}, "判定に用いていない"},
		{Rule{AcceptRestricted: true}, "名指しされた人・グループだけ"},
		{Rule{AcceptRestricted: true, RestrictedTo: []string{`D\人事`, `D\課1234567890`}}, `D\人事、D\課********90。`},
	} {
		b := richBook(t, "ja")
		b.Rule = c.rule
		for _, f := range List() {
			if f.Name != "html" && f.Name != "xlsx" {
				continue
			}
			text := regexp.MustCompile(`"\nA[0-9]+\t"`).ReplaceAllString(render(t, f, b), "") // long texts go over several rows
			if !strings.Contains(strings.ReplaceAll(text, `\\`, `\`), c.want) {
				t.Errorf("%s does not say %q", f.Name, c.want)
			}
		}
	}
}
