package main

import (
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// A permitted file lies on the share of these tests with permissions of its
// own: by its mode, or as the server stores them for Windows.
type permitted struct {
	name             string
	mode             os.FileMode
	acl              []entry // nil: the mode says it
	readers, writers string
}

// An entry of a list of permissions, MS-DTYP 2.4.4.
type entry struct {
	deny bool
	sid  string
	mask uint32
}

const (
	maskRead = 0x120089 // FILE_GENERIC_READ
	maskFull = 0x1F01FF // FILE_ALL_ACCESS
	stranger = "S-1-5-21-3623811015-3361044348-30300820-1013"
)

func permittedFiles() []permitted {
	admins := entry{false, "S-1-5-32-544", maskFull}
	return []permitted{
		{"all.csv", 0o644, nil, "everyone", "named"},
		{"all write.csv", 0o666, nil, "everyone", "everyone"},
		{"group.csv", 0o640, nil, "named", "named"},
		{"owner.csv", 0o600, nil, "named", "named"},
		{"logged on.csv", 0o644, []entry{{false, "S-1-5-11", maskRead}, admins}, "authenticated", "named"},
		{"users.csv", 0o644, []entry{{false, "S-1-5-32-545", maskRead}, admins}, "domain-users", "named"},
		{"administrators.csv", 0o644, []entry{admins, {false, "S-1-5-18", maskFull}}, "named", "named"},
		{"stranger.csv", 0o644, []entry{{false, stranger, maskRead}, admins}, "named", "named"},
		{"denied.csv", 0o644, []entry{{true, "S-1-1-0", maskRead}, {false, "S-1-5-11", maskRead}}, "nobody", "nobody"},
	}
}

// permittedShare offers these files, each with a pension number inside.
func permittedShare(t *testing.T) (dir string, server *samba.Server) {
	t.Helper()
	samba.Require(t)
	if modules, err := filepath.Glob("/usr/lib/*/samba/vfs/acl_xattr.so"); err != nil || modules == nil {
		if os.Getenv("KAGIBAN_TEST_REQUIRE") == "1" {
			t.Fatal("KAGIBAN_TEST_REQUIRE=1 and Samba has no module acl_xattr")
		}
		t.Skip("needs the module acl_xattr of Samba (package samba-vfs-modules)")
	}
	dir = t.TempDir()
	for at := dir; at != filepath.Dir(at) && at != os.TempDir(); at = filepath.Dir(at) { // Samba has to get there
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	server = samba.StartFor(t, samba.Config{Shares: []samba.Share{{
		Name: "data", Dir: dir, Lines: []string{"vfs objects = acl_xattr", "acl_xattr:ignore system acls = yes"},
	}}})
	t.Cleanup(func() { _ = server.Stop() })
	t.Setenv("KAGIBAN_PASSWORD", server.Password)
	for _, f := range permittedFiles() {
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path, []byte("氏名,基礎年金番号,生年月日\n山田太郎,3112-345678,1950-01-02\n"), f.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, f.mode); err != nil { // whatever the umask
			t.Fatal(err)
		}
		if err := os.Chown(path, 5, 60); err != nil { // games
			t.Fatal(err)
		}
		if f.acl != nil {
			permit(t, path, f.acl)
		}
	}
	return dir, server
}

// permit stores a list of permissions where Samba keeps it for Windows: as a
// self-relative security descriptor, MS-DTYP 2.4.6, behind the head of version 1
// of Samba's own attribute.
func permit(t *testing.T, path string, acl []entry) {
	t.Helper()
	owner, group := sidBytes(t, "S-1-22-1-5"), sidBytes(t, "S-1-22-2-60")
	var list []byte
	for _, e := range acl {
		kind := byte(0)
		if e.deny {
			kind = 1
		}
		sid := sidBytes(t, e.sid)
		list = binary.LittleEndian.AppendUint16(append(list, kind, 0), uint16(8+len(sid)))
		list = append(binary.LittleEndian.AppendUint32(list, e.mask), sid...)
	}
	head := binary.LittleEndian.AppendUint16([]byte{2, 0}, uint16(8+len(list)))
	list = append(binary.LittleEndian.AppendUint16(head, uint16(len(acl))), append([]byte{0, 0}, list...)...)
	sd := []byte{1, 0, 1, 0, 0, 0, 2, 0, 1, 0, 4, 0x80}                              // then revision 1, with a list, self-relative
	for _, at := range []int{28, 28 + len(owner), 0, 28 + len(owner) + len(group)} { // from the beginning of the attribute
		sd = binary.LittleEndian.AppendUint32(sd, uint32(at))
	}
	sd = append(append(append(sd, owner...), group...), list...)
	if err := syscall.Setxattr(path, "security.NTACL", sd, 0); err != nil {
		t.Fatalf("%s: %v; these tests need a folder whose file system keeps attributes", path, err)
	}
}

// sidBytes is a SID as it is stored, MS-DTYP 2.4.2.2.
func sidBytes(t *testing.T, text string) []byte {
	t.Helper()
	parts := strings.Split(text, "-")[2:]
	sid := []byte{1, byte(len(parts) - 1), 0, 0, 0, 0, 0}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			sid = append(sid, byte(n))
			continue
		}
		sid = binary.LittleEndian.AppendUint32(sid, uint32(n))
	}
	return sid
}

// An accessLine is what these tests look at in a line of jsonl.
type accessLine struct {
	Path, Status, Reason, Owner string
	Access                      *struct {
		Group, Readers, Writers string
		Grants                  []scan.Grant
	}
}

func accessLines(t *testing.T, jsonl string) map[string]accessLine {
	t.Helper()
	found := map[string]accessLine{}
	dec := json.NewDecoder(strings.NewReader(jsonl))
	for dec.More() {
		var l accessLine
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		found[l.Path] = l
	}
	return found
}

// TestAccessOverSMB takes the real lists of permissions of a server through to
// jsonl and csv.
func TestAccessOverSMB(t *testing.T) {
	dir, server := permittedShare(t)
	before := picture(t, dir)
	state := t.TempDir()
	stdout, stderr, code := program(t, state, "scan", server.URL("data"), "--format", "jsonl", "--out", "-")
	if code != exitFound {
		t.Fatalf("exit code %d, want %d\n%s", code, exitFound, stderr)
	}
	lines := accessLines(t, stdout)
	table, stderr, code := program(t, state, "report", "--format", "csv", "--out", "-", "--lang", "en")
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, "\uFEFF"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{
		"everyone": "Everyone", "authenticated": "All who log on (Authenticated Users)", "domain-users": "All domain users (Domain Users)",
		"named": "Chosen people and groups", "nobody": "Nobody is allowed",
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	for _, want := range permittedFiles() {
		got, ok := lines[want.name]
		if !ok || got.Access == nil {
			t.Errorf("%s: nothing is known of its access", want.name)
			continue
		}
		if got.Access.Readers != want.readers || got.Access.Writers != want.writers || got.Status != "violation" {
			t.Errorf("%s is a %s that %s can read and %s can write, want a violation, %s and %s: %+v", want.name, got.Status, got.Access.Readers, got.Access.Writers, want.readers, want.writers, got.Access)
		}
		owner := `KAGISRV\games`
		if want.acl != nil {
			owner = `Unix User\games`
		}
		if got.Owner != owner || got.Access.Group != `Unix Group\games` {
			t.Errorf("%s belongs to %q and %q", want.name, got.Owner, got.Access.Group)
		}
		row := slices.IndexFunc(rows, func(row []string) bool { return row[column("File")] == want.name })
		shown := []string{rows[row][column("Owner")], rows[row][column("Who can read")], rows[row][column("Who can change")]}
		if diff := cmp.Diff([]string{owner, words[want.readers], words[want.writers]}, shown); diff != "" {
			t.Errorf("%s in csv (-want +got):\n%s", want.name, diff)
		}
		names := rows[row][column("Accounts that can read")]
		for _, g := range got.Access.Grants {
			name := g.Name
			if name == "" {
				name = g.SID
			}
			if g.Read && !strings.Contains(names, name) {
				t.Errorf("%s: csv names %q and not %s", want.name, names, name)
			}
		}
	}
	if diff := cmp.Diff(before, picture(t, dir)); diff != "" {
		t.Errorf("the share was changed (-before +after):\n%s", diff)
	}
}

// TestRestrictedOverSMB judges one scan under several rules, and sees a list of
// permissions that was widened later.
func TestRestrictedOverSMB(t *testing.T) {
	dir, server := permittedShare(t)
	state := t.TempDir()
	scanned, stderr, code := program(t, state, "scan", server.URL("data"), "--accept-restricted", "--format", "jsonl", "--out", "-")
	if code != exitFound {
		t.Fatalf("exit code %d, want %d\n%s", code, exitFound, stderr)
	}
	restricted := []string{"administrators.csv", "denied.csv", "group.csv", "owner.csv", "stranger.csv"}
	if diff := cmp.Diff(restricted, excepted(t, scanned)); diff != "" {
		t.Errorf("excepted (-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		flags []string
		want  []string
	}{
		{nil, nil},
		{[]string{"--accept-restricted"}, restricted},
		{[]string{"--accept-restricted", "--restricted-to", stranger}, []string{"administrators.csv", "denied.csv", "stranger.csv"}},
		{[]string{"--accept-restricted", "--restricted-to", `kagisrv\GAMES,Unix Group\games`}, []string{"administrators.csv", "denied.csv", "group.csv", "owner.csv"}},
		{[]string{"--accept-restricted", "--restricted-to", "owner"}, []string{"administrators.csv", "denied.csv", "owner.csv"}},
		{[]string{"--accept-restricted", "--restricted-to", `OTHER\games`}, []string{"administrators.csv", "denied.csv"}},
	} {
		stdout, stderr, code := program(t, state, append([]string{"report", "--format", "jsonl", "--out", "-"}, c.flags...)...)
		if code != 0 {
			t.Fatalf("%q: exit code %d\n%s", c.flags, code, stderr)
		}
		if diff := cmp.Diff(c.want, excepted(t, stdout)); diff != "" {
			t.Errorf("%q: excepted (-want +got):\n%s", c.flags, diff)
		}
	}
	summary, stderr, code := program(t, state, "report", "--accept-restricted", "--format", "console", "--out", "-", "--lang", "en")
	if apart := regexp.MustCompile(`Excepted +5 +5 +1\n +of them by restricted access +5 +5 +1\n`); code != 0 || !apart.MatchString(summary) {
		t.Errorf("exit code %d, no five files of one person in\n%s%s", code, summary, stderr)
	}
	permit(t, filepath.Join(dir, "administrators.csv"), []entry{{false, "S-1-1-0", maskRead}})
	// Samba gives the file no other time: it is kept, and asked for its access.
	program(t, state, "scan", server.URL("data"), "--format", "jsonl", "--out", "-")
	scanned, _, _ = program(t, state, "report", "--accept-restricted", "--format", "jsonl", "--out", "-")
	if diff := cmp.Diff(restricted[1:], excepted(t, scanned)); diff != "" {
		t.Errorf("after everyone may read one more, excepted (-want +got):\n%s", diff)
	}
}

// excepted are the files that are excepted since few can read them, in order.
func excepted(t *testing.T, jsonl string) (names []string) {
	t.Helper()
	for name, l := range accessLines(t, jsonl) {
		switch {
		case l.Status == "excepted" && l.Reason == scan.ReasonRestricted:
			names = append(names, name)
		case l.Status != "violation" || l.Reason != "":
			t.Errorf("%s is %s (%s)", name, l.Status, l.Reason)
		}
	}
	slices.Sort(names)
	return names
}
