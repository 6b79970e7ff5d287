package source

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kagiban/kagiban/scan"
)

func TestParse(t *testing.T) {
	tests := []struct {
		in    string
		want  Target
		shown string
	}{
		{"smb://fs01/share", Target{Host: "fs01", Port: "445", Share: "share"}, "smb://fs01/share"},
		{"SMB://FS01/share/", Target{Host: "fs01", Port: "445", Share: "share"}, "smb://fs01/share"},
		{"smb://fs01", Target{Host: "fs01", Port: "445"}, "smb://fs01"},
		{"smb://fs01:4455/share/総務/名簿", Target{Host: "fs01", Port: "4455", Share: "share", Path: "総務/名簿"}, "smb://fs01:4455/share/総務/名簿"},
		{"smb://DOM;suzuki@fs01/share", Target{Host: "fs01", Port: "445", Domain: "DOM", User: "suzuki", Share: "share"}, "smb://fs01/share"},
		{"smb://suzuki@corp.example@fs01/share", Target{Host: "fs01", Port: "445", User: "suzuki@corp.example", Share: "share"}, "smb://fs01/share"},
		{"smb://DOM%3Bsuzuki@fs01/share", Target{Host: "fs01", Port: "445", Domain: "DOM", User: "suzuki", Share: "share"}, "smb://fs01/share"},
		{"smb://fs01/%E7%B7%8F%E5%8B%99/a", Target{Host: "fs01", Port: "445", Share: "総務", Path: "a"}, "smb://fs01/総務/a"},
		{"smb://fs01/share/50%/#1?", Target{Host: "fs01", Port: "445", Share: "share", Path: "50%/#1?"}, "smb://fs01/share/50%/#1?"},
		{"smb://fs01/share/%2541", Target{Host: "fs01", Port: "445", Share: "share", Path: "%41"}, "smb://fs01/share/%2541"},
		{"smb://fs01/share/../../a//b/.", Target{Host: "fs01", Port: "445", Share: "share", Path: "a/b"}, "smb://fs01/share/a/b"},
		{"smb://[2001:db8::1]/share", Target{Host: "2001:db8::1", Port: "445", Share: "share"}, "smb://[2001:db8::1]/share"},
		{"smb://[2001:db8::1]:4455/share", Target{Host: "2001:db8::1", Port: "4455", Share: "share"}, "smb://[2001:db8::1]:4455/share"},
		{`\\fs01\share\総務\a`, Target{Host: "fs01", Port: "445", Share: "share", Path: "総務/a"}, "smb://fs01/share/総務/a"},
		{"//fs01/share/a", Target{Host: "fs01", Port: "445", Share: "share", Path: "a"}, "smb://fs01/share/a"},
		{`\\fs01\share\100%41`, Target{Host: "fs01", Port: "445", Share: "share", Path: "100%41"}, "smb://fs01/share/100%2541"},
	}
	for _, tt := range tests {
		got, err := Parse(tt.in)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.in, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreUnexported(Target{})); diff != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", tt.in, diff)
		}
		if got.String() != tt.shown {
			t.Errorf("Parse(%q).String() = %q, want %q", tt.in, got, tt.shown)
		}
		again, err := Parse(got.String())
		if err != nil || again.String() != got.String() {
			t.Errorf("Parse(%q) = %q, %v; want it to read its own text", got, again, err)
		}
	}
}

func TestParseLocal(t *testing.T) {
	dir := t.TempDir()
	for _, in := range []string{dir, dir + "/", "file://" + filepath.ToSlash(dir)} {
		got, err := Parse(in)
		if err != nil || got.String() != dir {
			t.Errorf("Parse(%q) = %q, %v; want %q", in, got, err, dir)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, in := range []string{
		"", "smb://", "smb:///share", "smb://fs01:0/share", "smb://fs01:http/share", "ftp://fs01/share", `\\`, "file://other/share",
		"smb://suzuki:Himitsu1@fs01/share", "smb://DOM;suzuki:Himitsu1@fs01/share", "smb://suzuki:@fs01/share",
		"smb://suzuki:Him@itsu1@fs01/share", "smb://suzuki:Him/itsu1@fs01/share", "ftp://suzuki:Himitsu1@fs01/share",
	} {
		_, err := Parse(in)
		var bad *TargetError
		if !errors.As(err, &bad) || !errors.Is(err, ErrBadTarget) {
			t.Errorf("Parse(%q): %v, want a TargetError that is ErrBadTarget", in, err)
			continue
		}
		if strings.Contains(err.Error(), "Him") || strings.Contains(err.Error(), "itsu1") {
			t.Errorf("Parse(%q): the error repeats the password: %v", in, err)
		}
		if strings.Contains(in, "smb://") && strings.Contains(in, "itsu1") && !strings.Contains(bad.Remedy.String(), "--password-file") {
			t.Errorf("Parse(%q): the remedy does not name --password-file: %v", in, err)
		}
	}
}

// TestTargetErrorIsTheTargets: whoever lists folders one by one has to know that it
// is not the folder.
func TestTargetErrorIsTheTargets(t *testing.T) {
	err := fmt.Errorf("listing: %w", &TargetError{Target: "smb://fs01/share", Reason: scan.Say("no such share"), Err: fs.ErrNotExist})
	if !errors.Is(err, scan.ErrTarget) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not that of the target", err)
	}
	if errors.Is(fs.ErrNotExist, scan.ErrTarget) {
		t.Error("a folder that is not there is the target's fault")
	}
}
