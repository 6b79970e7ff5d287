package source

import (
	"errors"
	"net"
	"net/url"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// A Target is a target taken apart.
type Target struct {
	// Of an SMB target; Host is empty for a local one.
	Host, Port   string
	Domain, User string
	Share        string // empty: all shares of the server
	// Path is below the share, separated by '/', or the absolute local path.
	Path string

	unc bool
}

// Errors by which the reason of a TargetError can be known, beside
// fs.ErrNotExist, fs.ErrPermission and scan.ErrStalled.
var (
	ErrBadTarget   = errors.New("target is not written correctly")
	ErrUnreachable = errors.New("server cannot be reached")
	ErrLogon       = errors.New("logon refused")
	ErrGuest       = errors.New("logged on as a guest only")
	ErrNoShare     = errors.New("no such share")
)

// A TargetError says why a target cannot be walked and what to do about it.
type TargetError struct {
	Target string // as reports show it
	Reason scan.Text
	Remedy scan.Text // empty: there is none
	Err    error

	lost bool // the server itself is out of reach, so going on is of no use
}

func (e *TargetError) Error() string { return e.Text().String() }

// Text implements scan.Spoken.
func (e *TargetError) Text() scan.Text {
	if e.Remedy.Empty() {
		return scan.Say("%s: %v", e.Target, e.Reason)
	}
	return scan.Say("%s: %v; %v", e.Target, e.Reason, e.Remedy)
}

func (e *TargetError) Unwrap() error { return e.Err }

// Is says that it is scan.ErrTarget.
func (e *TargetError) Is(target error) bool { return target == scan.ErrTarget }

func isLost(err error) bool {
	var e *TargetError
	return errors.As(err, &e) && e.lost
}

// Parse takes a target apart. It refuses a password in it, since targets end
// up in process lists, logs and reports.
//
// In URLs %XX is decoded where XX are hexadecimal digits; '#', '?' and a lone
// '%' stand for themselves, as they are common in the names of folders.
func Parse(target string) (Target, error) {
	switch {
	case target == "":
		return Target{}, &TargetError{Target: `""`, Reason: scan.Say("the target is empty"),
			Remedy: scan.Say(`name a folder, smb://server/share or \\server\share`), Err: ErrBadTarget}
	case hasScheme(target, "smb"):
		return parseServer(target, target[len("smb://"):], true)
	case strings.HasPrefix(target, `\\`), strings.HasPrefix(target, "//"):
		return parseServer(target, strings.ReplaceAll(target[2:], `\`, "/"), false)
	case hasScheme(target, "file"):
		return parseFileURL(target)
	case strings.Contains(target, "://"):
		return Target{}, &TargetError{Target: hideUserinfo(target), Reason: scan.Say("this kind of target is not known"),
			Remedy: scan.Say(`name a folder, smb://server/share or \\server\share`), Err: ErrBadTarget}
	}
	return localTarget(target)
}

// String is the target as reports and messages show it: without user and
// password, and the same for a URL and a UNC path. Parse can read it again.
func (t Target) String() string {
	if t.Host == "" {
		return t.Path
	}
	host := t.Host
	if t.Port != defaultPort {
		host = net.JoinHostPort(t.Host, t.Port)
	} else if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	s := "smb://" + host
	for _, part := range []string{t.Share, t.Path} {
		if part != "" {
			s += "/" + escapePercent(part)
		}
	}
	return s
}

const (
	defaultPort       = "445"
	passwordInTarget  = "a password must not stand in the target"
	passwordElsewhere = "take it out and use --password-file FILE or the environment variable KAGIBAN_PASSWORD"
)

func parseServer(target, rest string, isURL bool) (Target, error) {
	fail := func(reason, remedy scan.Text) (Target, error) {
		return Target{}, &TargetError{Target: hideUserinfo(target), Reason: reason, Remedy: remedy, Err: ErrBadTarget}
	}
	authority, tail, _ := strings.Cut(rest, "/")
	t := Target{unc: !isURL, Port: defaultPort}
	if at := strings.LastIndexByte(authority, '@'); isURL && at >= 0 {
		user := authority[:at]
		authority = authority[at+1:]
		if strings.Contains(user, ":") {
			return fail(scan.Say(passwordInTarget), scan.Say(passwordElsewhere))
		}
		t.Domain, t.User = splitUser(unescapePercent(user))
	}
	t.Host = authority
	if isURL {
		var err error
		t.Host, t.Port, err = splitPort(authority)
		if err != nil && strings.Contains(tail, "@") { // user:pass/word@server
			return fail(scan.Say(passwordInTarget), scan.Say(passwordElsewhere))
		}
		if err != nil {
			return fail(scan.Say("the port is not a number from 1 to 65535"), scan.Say("write smb://server:445/share"))
		}
		tail = unescapePercent(tail)
	}
	t.Host = strings.ToLower(t.Host)
	if t.Host == "" {
		return fail(scan.Say("no server is named"), scan.Say("write smb://server/share"))
	}
	share, below, _ := strings.Cut(strings.TrimLeft(tail, "/"), "/")
	t.Share = share
	t.Path = strings.TrimPrefix(path.Clean("/"+below), "/")
	return t, nil
}

func splitPort(authority string) (host, port string, err error) {
	bare := strings.TrimSuffix(strings.TrimPrefix(authority, "["), "]")
	if !strings.Contains(authority, ":") || strings.HasPrefix(authority, "[") && strings.HasSuffix(authority, "]") {
		return bare, defaultPort, nil
	}
	if host, port, err = net.SplitHostPort(authority); err != nil {
		return "", "", err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", "", scan.Errorf("port %q", port)
	}
	return host, strconv.FormatUint(n, 10), nil
}

// splitUser takes "DOMAIN;user" and `DOMAIN\user` apart.
func splitUser(s string) (domain, user string) {
	if i := strings.IndexAny(s, `;\`); i >= 0 {
		return s[:i], s[i+1:]
	}
	return "", s
}

func parseFileURL(target string) (Target, error) {
	u, err := url.Parse(target)
	if err != nil || u.Path == "" || u.Host != "" && u.Host != "localhost" {
		return Target{}, &TargetError{Target: hideUserinfo(target), Reason: scan.Say("the file URL is not written correctly"),
			Remedy: scan.Say("write file:///folder, or the folder alone"), Err: ErrBadTarget}
	}
	p := u.Path
	if len(p) > 2 && p[0] == '/' && p[2] == ':' { // file:///C:/folder
		p = p[1:]
	}
	return localTarget(filepath.FromSlash(p))
}

func localTarget(target string) (Target, error) {
	abs, err := filepath.Abs(target)
	if err != nil {
		return Target{}, &TargetError{Target: target, Reason: scan.Say("the folder cannot be found"), Err: err}
	}
	return Target{Path: abs}, nil
}

func hasScheme(target, scheme string) bool {
	n := len(scheme) + len("://")
	return len(target) >= n && strings.EqualFold(target[:n], scheme+"://")
}

// hideUserinfo keeps all that stands before the last '@' out of messages: it
// may hold a password, and a password may hold a '/'.
func hideUserinfo(target string) string {
	scheme, rest, ok := strings.Cut(target, "://")
	if !ok {
		return target
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		rest = "…" + rest[at:]
	}
	return scheme + "://" + rest
}

// unescapePercent decodes %XX and leaves every other '%' alone.
func unescapePercent(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8)
			b.WriteByte(byte(n))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// escapePercent is the inverse: it touches only what would be decoded.
func escapePercent(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i])
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			b.WriteString("25")
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
