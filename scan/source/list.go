// Package source is where files come from: folders of this computer and SMB
// shares. It alone reaches file servers, and nothing in it can write to a target.
//
// Read list.go first (which target is opened how), then target.go (how targets
// are written), walk.go (the order in which a tree is visited), walkahead.go (how a
// distant tree is walked in time), local.go, and the SMB files: smb.go (the
// source), smblogon.go (who logs on and how), smbpool.go, smbsession.go and
// smbcredits.go (sessions that stall, break, and want to be spared), smbblob.go
// and smbreadahead.go (an open file). The SMB library is seen by internal/smb
// alone, that for Kerberos by internal/krb.
package source

import (
	"context"
	"errors"
	"net"
	"runtime"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// Options say how targets are reached. The zero value is good for local ones.
type Options struct {
	User   string // "user", "DOMAIN\user" or "user@domain"; one in the target wins
	Domain string // if User names none
	// Password is asked at most once, and only when a server wants it.
	Password func() (string, error)
	Auth     string   // AuthAuto (also ""), AuthNTLM or AuthKerberos
	Kerberos Kerberos // by what a ticket is had
	// AllowGuest accepts that the server takes us for a guest, and without a
	// User logs on as nobody. A guest sees less, so a scan may look cleaner
	// than the share is; therefore it has to be asked for.
	AllowGuest bool
	// Unsigned does without signatures where the server does not insist on
	// them: faster, but somebody between could change what is read.
	Unsigned bool
	// HiddenShares includes shares whose name ends in "$" when a target names
	// a server without a share. Administrative ones (C$, ADMIN$) stay out.
	HiddenShares bool
	RecycleBins  bool          // look into recycle bins too (scan.IsRecycleBin)
	Streams      bool          // visit the alternate data streams of folders too
	Sessions     int           // connections to one server; 0 means 4
	Stall        time.Duration // a server that is silent, or cannot be reached, for so long is given up; 0 means 60 s
	Impatient    bool          // one that cannot be reached is not tried again
	Pacer        *Pacer        // bounds what is asked, shared by the sources of one target; nil for no bounds
	Counters     *Counters     // if not nil, counts what is opened and read
	// Notice, if not nil, is called with what is worth a line in a log and is no error.
	Notice func(scan.Text)
	// Dial, if not nil, replaces net.Dialer.DialContext.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// An opener takes the targets that are its own.
type opener struct {
	takes func(Target, Options) bool
	open  func(context.Context, Target, Options) (complete, error)
}

// openers returns the kinds of sources, the first that takes a target opens it.
func openers() []opener {
	return []opener{
		{takesSMB, openSMB},
		{takesLocal, openLocal},
	}
}

// Open makes the source of a target: "smb://[DOMAIN;user@]server[:port]/share/path",
// `\\server\share\path`, "file://…" or a local path. What keeps the target from
// being walked at all (no such host, wrong password, no such share) comes back
// as one *TargetError. The caller closes the source.
func Open(ctx context.Context, target string, opts Options) (scan.Source, error) {
	t, err := Parse(target)
	if err != nil {
		return nil, err
	}
	opts = opts.withDefaults()
	for _, o := range openers() {
		if !o.takes(t, opts) {
			continue
		}
		src, err := o.open(ctx, t, opts)
		if err != nil {
			return nil, err
		}
		if opts.Pacer != nil {
			src = paced(src, opts.Pacer)
		}
		if opts.Counters != nil {
			return Counted(src, opts.Counters), nil
		}
		return src, nil
	}
	return nil, &TargetError{Target: t.String(), Reason: scan.Say("no source can open it"), Err: errors.ErrUnsupported}
}

// takesSMB leaves a UNC path without a user to Windows itself, which logs on
// as the person who runs the program.
func takesSMB(t Target, opts Options) bool {
	native := runtime.GOOS == "windows" && t.unc && t.Share != "" && opts.User == ""
	return t.Host != "" && !native
}

func takesLocal(Target, Options) bool { return true }

func (o Options) withDefaults() Options {
	if o.Sessions <= 0 {
		o.Sessions = 4
	}
	if o.Stall <= 0 {
		o.Stall = time.Minute
	}
	if o.Notice == nil {
		o.Notice = func(scan.Text) {}
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	return o
}
