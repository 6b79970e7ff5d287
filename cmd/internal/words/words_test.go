package words

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// An error keeps its words through what wraps it, and is found by errors.Is.
func TestErrorsKeepTheirWords(t *testing.T) {
	ja, en := In("ja"), In("en")
	missing := &fs.PathError{Op: "open", Path: "d.csv", Err: syscall.ENOENT}
	spoken := scan.Errorf("list of targets: %w; check --targets-file", missing)
	for _, tt := range []struct {
		err    error
		en, ja string
	}{
		{spoken, "list of targets: open d.csv: no such file or directory; check --targets-file", "対象の一覧を読めません（d.csv: その名前のファイルもフォルダもありません）。--targets-file を確認してください"},
		{fmt.Errorf("x: %w", spoken), "x: list of targets: open d.csv: no such file or directory; check --targets-file", "x: 対象の一覧を読めません（d.csv: その名前のファイルもフォルダもありません）。--targets-file を確認してください"},
		{errors.Join(scan.ErrBusy, io.ErrUnexpectedEOF), "another scan is using it\nunexpected EOF", "ほかの検査が使用中です; 途中で終わっています"},
		{fmt.Errorf("%w (%w)", scan.ErrMalformed, syscall.ENOSPC), "damaged (no space left on device)", "壊れています (ディスクに空きがありません)"},
		{scan.Errorf("%w: %s scans %s since %s", scan.ErrBusy, "fs01", "smb://a/b", "10:00"), "another scan is using it: fs01 scans smb://a/b since 10:00", "ほかの検査が使用中です（fs01 が 10:00 から smb://a/b を検査中）"},
		{errors.New("words of a stranger"), "words of a stranger", "words of a stranger"},
		{Told("run 7 is not under way any more; see kagiban status --runs"), "run 7 is not under way any more; see kagiban status --runs", "検査 7 は進行中ではありません。kagiban status --runs で確認してください"},
		{scan.Errorf("the server at %s takes the connection and does not answer for %v", "a:1", 90*time.Second), "the server at a:1 takes the connection and does not answer for 1m30s", "サーバー a:1 は接続を受けましたが、1分30秒応答しません"},
	} {
		if got := en.Error(tt.err); got != tt.en || got != tt.err.Error() {
			t.Errorf("in English: %q, want %q", got, tt.en)
		}
		if got := ja.Error(tt.err); got != tt.ja {
			t.Errorf("in Japanese: %q, want %q", got, tt.ja)
		}
	}
	var path *fs.PathError
	if !errors.Is(spoken, fs.ErrNotExist) || !errors.As(spoken, &path) || !errors.Is(scan.Errorf("%w and %w", scan.ErrBusy, io.EOF), io.EOF) {
		t.Error("what is wrapped is not found")
	}
	if got := ja.Outcome(errors.New("words of a stranger")); got != "処理できませんでした（words of a stranger）" {
		t.Errorf("an error of others ends a command with %q", got)
	}
}

// What systems and libraries say has words by its kind.
func TestForeignErrors(t *testing.T) {
	ja := In("ja")
	dial := errors.New("dial tcp 10.0.0.1:445: i/o timeout")
	for want, err := range map[string]error{
		"10.0.0.1:445: 応答がありません":   dial,
		"ディスクに空きがありません":            &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC},
		"ファイルシステムが読み取り専用です":        syscall.EROFS,
		"10.0.0.1:445: 接続を拒否されました": errors.New("dial tcp 10.0.0.1:445: connectex: No connection could be made because the target machine actively refused it."),
		"C:\\x: ほかのプログラムが開いています":   &fs.PathError{Op: "open", Path: `C:\x`, Err: errors.New("The process cannot access the file because it is being used by another process.")},
		"アクセスが拒否されました":             os.ErrPermission,
		"接続を拒否されました":               os.NewSyscallError("connect", syscall.ECONNREFUSED),
		"サーバー名が見つかりません":            errors.New("lookup fs01 on 10.0.0.1:53: no such host"),
		"時間がかかりすぎました":              fmt.Errorf("asking: %w", context.DeadlineExceeded),
		"サーバー証明書の認証局が信頼されていません":    &url.Error{Op: "Post", URL: "https://x", Err: errors.New("tls: failed to verify certificate: x509: certificate signed by unknown authority")},
		"サーバー証明書が有効ではありません（x509":   errors.New("x509: certificate has expired or is not yet valid"),
	} {
		if got := ja.Error(err); !strings.Contains(got, want) {
			t.Errorf("%v is said as %q, want %q", err, got, want)
		}
	}
}

// Each kind of foreign error is known to the catalogue, and a kind comes before the
// ones that hold it.
func TestKinds(t *testing.T) {
	ja := In("ja")
	for i, k := range kinds() {
		if !japanese(ja.Lookup(k.words)) {
			t.Errorf("%q has no words", k.words)
		}
		for _, before := range kinds()[:i] {
			if before.ends != "" && k.ends != "" && strings.HasSuffix(k.ends, before.ends) {
				t.Errorf("%q is never reached behind %q", k.ends, before.ends)
			}
		}
	}
}

func TestDuration(t *testing.T) {
	ja := In("ja")
	for want, d := range map[string]time.Duration{
		"10分": 10 * time.Minute, "1時間30分": 90 * time.Minute, "2日3秒": 48*time.Hour + 3*time.Second, "0秒": 0, "300ミリ秒": 300 * time.Millisecond,
		"0.3ミリ秒": 300 * time.Microsecond, "-3秒": -3 * time.Second, "1秒": time.Second + 400*time.Millisecond,
	} {
		if got := ja.Duration(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

// A text that another process made in English finds its sentence again.
func TestHeard(t *testing.T) {
	ja := In("ja")
	for text, want := range map[string]string{
		scan.Say("run %d is of kagiban %s, this node is %s: install the same version on all nodes", 3, "v1", "v2").String(): "検査 3 は kagiban v1 のもので、このノードは v2 です。すべてのノードに同じ版を入れてください",
		"smb://fs01/share: there is no such file or folder; look at the spelling":                                           "smb://fs01/share: その名前のファイルもフォルダもありません。綴りを確認してください",
		scan.Say("the server refuses the logon of %q (%v)", "auditor", scan.ErrStalled).String():                            "サーバーが \"auditor\" のログオンを拒否しました（サーバーが応答しません）",
		"what nobody here ever said": "what nobody here ever said",
		"":                           "",
	} {
		if got := ja.Heard(text); got != want {
			t.Errorf("%q is heard as %q, want %q", text, got, want)
		}
		if got := In("en").Heard(text); got != text {
			t.Errorf("in English %q is heard as %q", text, got)
		}
	}
}

// Lines are not too long, lose nothing, and tear no word.
func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  []string
	}{
		{"keep the server busy for at most so long", 16, []string{"keep the server", "busy for at most", "so long"}},
		{"検査記録のデータベースが途中で応答しなくなったとき、待つ時間", 24, []string{"検査記録のデータベースが", "途中で", "応答しなくなったとき、", "待つ時間"}},
		{"パスワードを書いた FILE（AES-256）に収めます", 24, []string{"パスワードを書いた FILE", "（AES-256）に収めます"}},
		{"--a-flag-that-is-longer-than-the-line で", 10, []string{"--a-flag-that-is-longer-than-the-line", "で"}},
		{"漢字漢字漢字漢字漢字漢字", 10, []string{"漢字漢字漢", "字漢字漢字", "漢字"}},
		{"", 10, []string{""}},
	} {
		got := Wrap(tt.text, tt.width)
		if strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("%q in %d columns is %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
	long := "あ、い。「う」え（お）か" + strings.Repeat("きく、", 30)
	for width := 8; width < 40; width++ {
		for _, line := range Wrap(long, width) {
			if Width(line) > width || strings.ContainsAny(line[:3], "、。") || strings.HasSuffix(line, "（") || strings.HasSuffix(line, "「") {
				t.Errorf("in %d columns: %q", width, line)
			}
		}
	}
}

// A page is as wide as its terminal; what is a table, fenced or indented stays.
func TestPage(t *testing.T) {
	text := "# A title that is longer than the page\n\nOne line\nand another of the paragraph.\n\n- an entry of a\n  list\n- 日本語の\n  項目です\n\n| a | table | that | is | wide |\n|---|\n\n```\nfenced text that is wide\n- no entry\n```\n\n    indented text that is wide\n"
	want := "# A title that is longer than the page\n\nOne line and another\nof the paragraph.\n\n- an entry of a list\n- 日本語の項目です\n\n| a | table | that | is | wide |\n|---|\n\n```\nfenced text that is wide\n- no entry\n```\n\n    indented text that is wide\n"
	if got := Page(text, 20); got != want {
		t.Errorf("the page is\n%s", got)
	}
	if got := Page("- 一二三四五六七八九十\n", 12); got != "- 一二三四五\n  六七八九十\n" {
		t.Errorf("a long entry is\n%s", got)
	}
}

func TestLocale(t *testing.T) {
	for _, tt := range []struct{ all, messages, lang, want string }{
		{"", "", "ja_JP.UTF-8", "ja"}, {"", "", "C.UTF-8", "en"}, {"", "ja_JP.UTF-8", "C", "ja"}, {"C", "ja_JP.UTF-8", "ja_JP.UTF-8", "en"}, {"", "", "", "en"}, {"ja_JP.eucJP", "", "", "ja"},
	} {
		t.Setenv("LC_ALL", tt.all)
		t.Setenv("LC_MESSAGES", tt.messages)
		t.Setenv("LANG", tt.lang)
		if got := Locale(); got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}

func TestOf(t *testing.T) {
	if Of(t.Context()).Name() != "en" || Of(With(t.Context(), In("ja"))).Name() != "ja" {
		t.Error("a context does not keep its language")
	}
	if Fill("判定", 6) != "判定  " || Cut("判定する", 5) != "判定" || Width("a判") != 3 {
		t.Error("columns are counted wrongly")
	}
}
