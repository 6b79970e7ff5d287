package policy

import (
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// PasswordHints are where people in Japan write down the password of a file
// that they pass on.
func PasswordHints() *scan.PasswordHints {
	return &scan.PasswordHints{
		Words: []string{"パスワード", "ﾊﾟｽﾜｰﾄﾞ", "ぱすわーど", "暗証", "解凍", "password", "passwd", "passphrase", "pass:", "pass：", "pw:", "pw：", "ｐｗ"},
		Files: func(name string) []string {
			stem := strings.TrimSuffix(name, path.Ext(name))
			return []string{
				stem + ".txt", name + ".txt", stem + "_password.txt", stem + "_pass.txt", stem + "_パスワード.txt", stem + "パスワード.txt",
				"パスワード.txt", "解凍パスワード.txt", "password.txt", "pass.txt", "pw.txt", "readme.txt", "お読みください.txt", "はじめにお読みください.txt",
			}
		},
	}
}
