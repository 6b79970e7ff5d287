package policy_test

import (
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/policy"
)

func TestBin(t *testing.T) {
	for _, tt := range []struct{ target, path, want string }{
		{"smb://fs01/share", "総務/#recycle/名簿.xlsx", "総務/#recycle"},
		{"smb://fs01/share", "総務/名簿.xlsx", ""},
		{"smb://fs01/share/#recycle", "名簿.xlsx", "smb://fs01/share/#recycle"},
		{"smb://fs01/share/#recycle/佐藤", "名簿.xlsx", "smb://fs01/share/#recycle"},
		{"/srv/files", "#recycle", ""}, // a file
	} {
		r := &scan.Result{Entry: scan.Entry{Target: tt.target, Path: tt.path}}
		if got := policy.Bin(r); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.target, tt.path, got, tt.want)
		}
	}
}
