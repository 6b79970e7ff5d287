package format_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/kagiban/kagiban/scan/scantest"
	"golang.org/x/text/encoding/japanese"
)

// TestPasswordNearby opens what has its password in the same mail or in a text
// file beside it, and only if that was asked for.
func TestPasswordNearby(t *testing.T) {
	locked := map[string]string{"zip/password-aes-256.zip": "zip", "7z/password.7z": "7z", "xls/password-rc4-40.xls": "xls"}
	for path, ext := range locked {
		data, err := os.ReadFile(filepath.Join(fixtures, path))
		if err != nil {
			t.Fatal(err)
		}
		cp932, err := japanese.ShiftJIS.NewEncoder().String("解凍パスワードは「himitsu」です。")
		if err != nil {
			t.Fatal(err)
		}
		mail := func(body string) map[string][]byte {
			return map[string][]byte{"mail.eml": mailWith(body, "list."+ext, data)}
		}
		for name, c := range map[string]struct {
			files map[string][]byte
			want  bool
		}{
			"in the mail":            {mail("お疲れ様です。\r\n添付ファイルのパスワード：himitsu\r\n"), true},
			"on the next line":       {mail("パスワードは下記のとおりです。\r\n\r\nhimitsu\r\n"), true},
			"another word":           {mail("パスワード：wrong\r\n"), false},
			"word without a sign":    {mail("himitsu no list\r\n"), false},
			"in a file beside":       {map[string][]byte{"a/list." + ext: data, "a/パスワード.txt": []byte(cp932)}, true},
			"in a file of that name": {map[string][]byte{"a/list." + ext: data, "a/list.txt": []byte("himitsu")}, true},
			"in another folder":      {map[string][]byte{"a/list." + ext: data, "b/list.txt": []byte("himitsu")}, false},
		} {
			t.Run(path+"/"+name, func(t *testing.T) {
				if got := nearbyNoted(t, c.files, true); got != c.want {
					t.Errorf("noted: %v, want %v", got, c.want)
				}
				if nearbyNoted(t, c.files, false) {
					t.Error("tried without being asked to")
				}
			})
		}
	}
}

// nearbyNoted scans files and reports whether a password was found nearby and
// opened something.
func nearbyNoted(t *testing.T, files map[string][]byte, nearby bool) bool {
	t.Helper()
	var hints *scan.PasswordHints
	if nearby {
		hints = policy.PasswordHints()
	}
	var k scantest.MemoryStore
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: files}}
	_, err := engine.Run(t.Context(), engine.Config{
		Targets: []engine.Target{m.Target("memory")}, Formats: format.List(), Detector: idle{}, Store: &k,
		Limits: scan.DefaultLimits(), Workers: 1, Nearby: hints, Isolator: scantest.Isolator(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	noted := false
	for _, r := range k.Kept {
		for _, item := range r.Items {
			noted = noted || slices.Contains(item.Protection.Notes, scan.NotePasswordNearby)
			if slices.Contains(item.Protection.Notes, scan.NoteGuessable) && !noted {
				t.Errorf("%v is called guessable", item.Inner)
			}
		}
	}
	return noted
}

func mailWith(body, name string, data []byte) []byte {
	var b bytes.Buffer
	b.WriteString("From: a@example.jp\r\nTo: b@example.jp\r\nSubject: list\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n")
	b.WriteString("--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body + "\r\n")
	b.WriteString("--x\r\nContent-Type: application/octet-stream; name=" + name + "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=" + name + "\r\n\r\n")
	b.WriteString(base64.StdEncoding.EncodeToString(data) + "\r\n--x--\r\n")
	return b.Bytes()
}
