package report

import (
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// nasty are names that do harm where they are not taken for text.
func nasty() []string {
	return []string{
		`=cmd|'\C calc'!A0.csv`, "+1-2.xlsx", "-2+3.xlsx", "@SUM(A1).csv", "＝１＋１.csv", "\tタブ.csv", "\r改行.csv", " =SUM(A1).csv",
		`<script>document.title="hurt"</script>.xlsx`, `"><img src=x onerror=alert(1)>.csv`, "</script></style><h1>見出し.csv", "{{.Lang}}.csv", "&lt;b&gt;.csv",
		"\x1b[31m赤\x1b[2J.csv", "\u009b31m.csv", "名簿\u202exslx.exe", "zero\u200bwidth\ufeff.csv", "\u2066隔離\u2069.csv",
		`引用"符,と;区切り.csv`, "一行目\n二行目\r\n三行目.csv", "\u2028行区切り.csv", "\xff\xfe不正.csv", "javascript:alert(1).csv", "smb:∕∕evil.example∕share.csv",
		strings.Repeat("とても長い名前", 60) + ".xlsx", "_x0041__x000D_.csv", "'apostrophe.csv", "外字\ue000と葛\U000e0100.csv",
	}
}

// A bookKit builds a Book of invented files.
type bookKit struct {
	files, gone []File
	ledger      []scan.Exception
}

// made is when all books of the tests are made.
func made() time.Time { return time.Date(2026, 4, 1, 0, 30, 0, 0, time.UTC) }

// richBook has every status, reason, note and class, and all the nasty names.
func richBook(tb testing.TB, lang string) *Book {
	tb.Helper()
	k := &bookKit{ledger: []scan.Exception{
		{ID: 1, Pattern: "年金給付課/移行/**", Reason: "システム移行（決裁 2026-114）", Approver: "例外 花子", Created: made().AddDate(0, -1, 0), Expires: made().AddDate(0, 6, 0)},
		{ID: 2, Pattern: "**/<b>.csv", Reason: "=1+1", Approver: "\u202e承認", Created: made().AddDate(-1, 0, 0), Expires: made().AddDate(0, -2, 0)},
		{ID: 3, Pattern: "総務部/**", Reason: "取消", Approver: "例外 太郎", Created: made().AddDate(-1, 0, 0), Expires: made().AddDate(1, 0, 0), Removal: scan.Removal{At: made().AddDate(0, -3, 0), By: "佐藤", Reason: "移行が済んだ"}},
	}}
	k.found()
	k.readable()
	k.notFound()
	k.problems()
	for i, name := range nasty() {
		status := []scan.Status{scan.StatusViolation, scan.StatusReview, scan.StatusClean}[i%3]
		f := k.add(status, "危険な名前/"+name)
		if status != scan.StatusClean {
			k.records(f, int64(i+1), int64(i+1), scan.Classes{Two: int64(i + 1)}, map[string]int64{"21": int64(i + 1)})
		}
		f.Entry.Owner = name
		f.Items = append(f.Items, scan.Item{Inner: []string{name}, Format: "text", Protection: scan.Protection{Verdict: scan.VerdictNone}})
	}
	k.putRight()
	return k.book(lang)
}

// add makes a file with an ID as long as a pension number, which no report is
// to show.
func (k *bookKit) add(status scan.Status, path string) *File {
	n := int64(len(k.files) + 1)
	r := &scan.Result{
		ID: n, Scanned: made().Add(-time.Hour), Revision: "1234567890",
		Entry: scan.Entry{Target: "smb://fs01/共有", Path: path, Size: 1000 * n, ModTime: time.Date(2025, 12, 3, 4, 5, 6, 0, time.UTC), ID: 1234567890},
		Items: []scan.Item{{Format: "xlsx", Size: 1000 * n, Protection: scan.Protection{Verdict: scan.VerdictNone}}},
	}
	k.files = append(k.files, File{Result: r, Judgement: scan.Judgement{Status: status}, Department: Department{Name: FolderOf(r.Entry)}})
	return &k.files[len(k.files)-1]
}

// records adds findings to a file, with evidence.
func (k *bookKit) records(f *File, records, persons int64, classes scan.Classes, places map[string]int64) {
	f.Counts = scan.Counts{Records: records, Classes: classes, Places: places, Interim: places["99"]}
	f.Persons = persons
	f.Entry.Owner = `DOM\suzuki`
	f.History = scan.History{FirstSeen: made().AddDate(0, -2, 0), FirstFound: made().AddDate(0, -1, 0), LastFound: made().Add(-time.Hour)}
	hit := scan.Hit{
		Table: "名簿", Row: 2, Column: "基礎年金番号", Masked: "****-****07", Score: 100, Confidence: scan.ConfidenceHigh,
		Why: []string{"header", "shape", "column", "prefecture", "name"},
	}
	f.Items[0].Findings = scan.Findings{High: f.Counts, Repaired: 1, Hits: []scan.Hit{hit, {Row: 3, Column: "A", Masked: "****-****12", Score: 55, Confidence: scan.ConfidenceMedium}}}
	if f.Status == scan.StatusReview {
		f.Items[0].Findings.High, f.Items[0].Findings.Medium = scan.Counts{}, f.Counts
	}
}

func (k *bookKit) found() {
	f := k.add(scan.StatusViolation, "年金給付課/受給者名簿.xlsx")
	k.records(f, 1200, 1100, scan.Classes{Number: 10, Two: 90, Three: 1000, Four: 100},
		map[string]int64{"01": 100, "21": 400, "22": 200, "41": 300, "96": 50, "99": 100, "other": 50})
	f.Items[0].Protection.Notes = []scan.Note{scan.NoteSheetProtection, scan.NoteHiddenSheets}

	f = k.add(scan.StatusViolation, "総務部/送付/名簿一式.zip")
	k.records(f, 30, 30, scan.Classes{Four: 30}, map[string]int64{"82": 30})
	f.Items[0].Format, f.Items[0].Protection = "zip", scan.Protection{Verdict: scan.VerdictPartial, Scheme: "zipcrypto", Strength: scan.StrengthWeak, Notes: []scan.Note{scan.NoteNamesVisible}}
	member := f.Items[0]
	member.Inner, member.Format, member.Protection = []string{"内側.zip", "名簿.csv"}, "text", scan.Protection{Verdict: scan.VerdictNone}
	f.Items[0].Findings = scan.Findings{}
	f.Partial = true
	f.Items = append(f.Items, member, scan.Item{Inner: []string{"壊れた.xlsx"}, Format: "xlsx", Problems: []scan.Problem{{Kind: scan.KindMalformed, Detail: "zip: not a valid zip file"}}})

	f = k.add(scan.StatusExcepted, "年金給付課/移行/抽出.csv")
	k.records(f, 500, 480, scan.Classes{Three: 500}, map[string]int64{"31": 500})
	f.Exception = &k.ledger[0]

	f = k.add(scan.StatusReview, "直下.csv")
	k.records(f, 3, 3, scan.Classes{Number: 3}, map[string]int64{"12": 3})
	f.Reason, f.Entry.Path = "min-records", "直下.csv"
}

// administrators are what each file of a server grants.
func administrators() []scan.Grant {
	return []scan.Grant{
		{SID: "S-1-5-18", Name: `NT AUTHORITY\SYSTEM`, Read: true, Write: true},
		{SID: "S-1-5-32-544", Name: `BUILTIN\Administrators`, Read: true, Write: true},
	}
}

// readable makes findings for each circle of readers, one with many grants, one
// with names that do harm, and two that are excepted since few can read them.
func (k *bookKit) readable() {
	domain := "S-1-5-21-3623811015-3361044348-30300820-" // parts of a SID may be as long as a number
	grants := map[scan.Audience]scan.Grant{
		scan.AudienceEveryone: {SID: "S-1-1-0", Name: "Everyone", Read: true, Write: true},
		scan.AudienceLoggedOn: {SID: "S-1-5-11", Name: `NT AUTHORITY\Authenticated Users`, Read: true},
		scan.AudienceDomain:   {SID: domain + "513", Name: `KIKO\Domain Users`, Read: true},
		scan.AudienceNamed:    {SID: domain + "1105", Name: `KIKO\年金給付課 全職員`, Read: true, Write: true},
	}
	add := func(status scan.Status, name string, records int64, grants ...scan.Grant) *File {
		f := k.add(status, "事業管理課/公開/"+name+".csv")
		k.records(f, records, records, scan.Classes{Three: records}, map[string]int64{"21": records})
		f.Access = &scan.Access{Owner: f.Entry.Owner, Group: `KIKO\Domain Users`, Grants: append(administrators(), grants...)}
		return f
	}
	for i, a := range scan.Audiences() {
		if a == scan.AudienceNobody {
			add(scan.StatusViolation, string(a), 40).Access.Grants = nil
			continue
		}
		add(scan.StatusViolation, string(a), int64(80-10*i), grants[a])
		add(scan.StatusReview, string(a)+" 要確認", int64(8-i), grants[a])
	}
	many := add(scan.StatusViolation, "大勢", 25, grants[scan.AudienceNamed], grants[scan.AudienceDomain], grants[scan.AudienceLoggedOn])
	for i := range 40 {
		many.Access.Grants = append(many.Access.Grants, scan.Grant{SID: fmt.Sprint(domain, 2000+i), Name: fmt.Sprintf(`KIKO\とても長い名前のグループ %02d %s`, i, strings.Repeat("長", 30)), Read: true, Write: i%2 == 0})
	}
	harm := add(scan.StatusViolation, "名前のない者", 5, scan.Grant{SID: domain + "9999", Read: true}, scan.Grant{SID: domain + "9998", Name: "=cmd|'\\C calc'!A0", Write: true},
		scan.Grant{SID: domain + "9997", Name: "<b>\u202e\x1b[31m", Read: true})
	harm.Entry.Owner, harm.Access.Owner, harm.Access.Group = domain+"9999", domain+"9999", "@SUM(A1)"
	for i, name := range []string{"制限 人事", "制限 給付"} {
		add(scan.StatusExcepted, name, int64(300+i), grants[scan.AudienceNamed]).Reason = scan.ReasonRestricted
	}
}

func (k *bookKit) notFound() {
	for _, p := range []scan.Protection{
		{Verdict: scan.VerdictPassword, Scheme: "agile-aes-256-sha512", Strength: scan.StrengthStrong},
		{Verdict: scan.VerdictPassword, Scheme: "zipcrypto", Strength: scan.StrengthWeak, Notes: []scan.Note{scan.NoteNamesVisible, scan.NotePasswordNearby}},
		{Verdict: scan.VerdictPassword, Scheme: "aes-256", Strength: scan.StrengthStrong, Notes: []scan.Note{scan.NoteGuessable}},
		{Verdict: scan.VerdictOther, Scheme: "irm"},
	} {
		f := k.add(scan.StatusProtected, "総務部/保護/"+p.Scheme+string(p.Strength)+".xlsx")
		f.Items[0].Protection = p
	}
	k.add(scan.StatusClean, "総務部/議事録.xlsx").Entry.ModTime = time.Time{}
	k.add(scan.StatusClean, "総務部/古い.xlsx").Entry.ModTime = time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, rule := range []string{"picture", "media", "font", "program", "members", "exclude", "include", "max-size", "since", "a-new-rule"} {
		f := k.add(scan.StatusSkipped, "広報室/"+rule)
		f.Reason, f.Items[0].Skipped, f.Items[0].Protection = rule, rule, scan.Protection{}
	}
}

func (k *bookKit) problems() {
	for _, kind := range []scan.Kind{
		scan.KindDenied, scan.KindLocked, scan.KindGone, scan.KindTimeout, scan.KindUnreadable, scan.KindOffline, scan.KindLink,
		scan.KindMalformed, scan.KindUnsupported, scan.KindIncomplete, scan.KindLimit, scan.KindCrashed,
	} {
		f := k.add(scan.StatusUnchecked, "記録課/"+string(kind)+".dat")
		f.Reason, f.Partial = string(kind), true
		if kind == scan.KindLocked {
			f.Entry.Owner = `KIKO\tanaka`
			f.Access = &scan.Access{Owner: f.Entry.Owner, Group: `KIKO\Domain Users`, Grants: administrators()}
		}
		f.Items[0] = scan.Item{Size: f.Entry.Size, Problems: []scan.Problem{{Kind: kind, Detail: "detail <for> a \x1b[1mtechnician"}}}
	}
}

// life gives a file its place in the ledger of findings, and what people said.
func (k *bookKit) life(f *File, b *Book) {
	if f.Finding != nil || !hasRecords(f.Status) && f.Status != scan.StatusUnchecked {
		return
	}
	stage := []scan.Stage{scan.StageNew, scan.StageOpen, scan.StageRecurred}[f.ID%3]
	f.Finding = &scan.Finding{Number: f.ID, Stage: stage, Since: made().AddDate(0, 0, -9), First: made().AddDate(0, -1, 0), Last: made(),
		Basis: scan.Basis{Status: f.Status, Size: f.Entry.Size, ModTime: f.Entry.ModTime, Records: f.Counts.Records}}
	f.Department.Contact, f.Department.Site = "管理係 <内線 100>", "本部"
	f.Due = DefaultDue().due(*f)
	say := func(field, value string) {
		f.Remarks[field] = scan.Remark{Finding: f.ID, Field: field, Value: value, Who: "点検 次郎", At: made().AddDate(0, 0, -2), Basis: f.Finding.Basis}
	}
	f.Remarks = map[string]scan.Remark{}
	switch {
	case f.Status == scan.StatusViolation && f.ID%2 == 1:
		say(scan.FieldKind, "password")
		say(scan.FieldPerson, "=担当")
		say(scan.FieldState, "doing")
	case f.Status == scan.StatusReview && f.ID%2 == 1, f.Reason == string(scan.KindOffline):
		say(scan.FieldDecision, scan.DecisionNot)
		say(scan.FieldGround, "様式の見本")
	}
}

func (k *bookKit) putRight() {
	here := len(k.files)
	for _, status := range []scan.Status{scan.StatusViolation, scan.StatusProtected, scan.StatusClean} {
		f := k.add(status, "総務部/是正/"+string(status)+".xlsx")
		f.History = scan.History{FirstFound: made().AddDate(0, -3, 0), LastFound: made().AddDate(0, -2, 0)}
		if status == scan.StatusViolation {
			f.History.Gone = made().AddDate(0, 0, -7)
		}
	}
	for i, how := range []string{scan.HowDeleted, scan.HowPassword, scan.HowRules} {
		stage := scan.StageClosed
		if how == scan.HowRules {
			stage = scan.StageWithdrawn
		}
		k.files[here+i].Finding = &scan.Finding{Number: k.files[here+i].ID, Stage: stage, How: how, Since: made().AddDate(0, 0, -7), First: made().AddDate(0, -3, 0), Last: made().AddDate(0, -2, 0), Basis: scan.Basis{Records: 5}}
	}
	k.gone = append(k.gone, k.files[here:]...)
	k.files = append(k.files[:here], k.gone[1:]...)
}

// book counts what was built. Persons of several files come from the state;
// here each file has persons of its own.
func (k *bookKit) book(lang string) *Book {
	b := &Book{
		Lang: lang, Version: "1.2.3", Made: made(), Zone: time.FixedZone("JST", 9*3600), Ledger: k.ledger, Limits: scan.DefaultLimits(), Totals: NewTotals(),
		Rule:  Rule{AcceptRestricted: true, RestrictedTo: []string{`KIKO\年金給付課 全職員`, "owner"}},
		Files: each(k.files), Gone: each(k.gone),
	}
	if len(k.files) > 0 {
		b.Changes = &Changes{Since: made().AddDate(0, 0, -1), FixedHow: map[string]int64{scan.HowDeleted: 1, scan.HowPassword: 1},
			New: Count{3, 40}, Remaining: Count{5, 1300}, Recurred: Count{1, 7}, Fixed: Count{2, 10}, Withdrawn: Count{1, 5}, Overdue: Count{2, 1230}}
		b.Trend = []scan.Tally{
			{Run: 1, At: made().AddDate(0, 0, -8), Sums: map[scan.Status]scan.TallySum{scan.StatusViolation: {Files: 30, Records: 4000, Persons: 3900}, scan.StatusReview: {Files: 4}}},
			{Run: 2, At: made().AddDate(0, 0, -1), Sums: map[scan.Status]scan.TallySum{scan.StatusViolation: {Files: 26, Records: 3000, Persons: 2900}, scan.StatusReview: {Files: 6}}},
		}
		b.Declared = []Declaration{{"2026年3月", "総務部", "適正"}, {"2026年3月", "年金給付課", "対策完了"}, {"2026年3月", "ない課", "適正"}}
	}
	for i := range k.files {
		k.life(&k.files[i], b)
	}
	for _, f := range k.files {
		b.Totals.Add(f)
		b.Totals.Statuses[f.Status].Persons += f.Persons
		if f.Restricted() {
			b.Totals.Restricted.Persons += f.Persons
		}
		b.Totals.Folders[f.Department.Name].Statuses[f.Status].Persons += f.Persons
	}
	b.Targets = []Target{
		{Name: "smb://fs01/共有", Complete: true, Completed: made().Add(-time.Hour), Files: b.Totals.Files, Bytes: b.Totals.Bytes},
		{Name: "smb://fs02/閉鎖", Completed: made().AddDate(0, 0, -1)},
		{Name: "smb://fs03/未了"},
	}
	return b
}

func each(files []File) func() iter.Seq2[File, error] {
	return func() iter.Seq2[File, error] {
		return func(yield func(File, error) bool) {
			for _, f := range files {
				if !yield(f, nil) {
					return
				}
			}
		}
	}
}

// emptyBook is that of a share without files.
func emptyBook(lang string) *Book {
	b := (&bookKit{}).book(lang)
	b.Targets = nil
	return b
}
