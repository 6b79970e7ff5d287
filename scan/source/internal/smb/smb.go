// Package smb is the reading half of an SMB client. It is the only package
// that sees the library, whose values it never hands out, so nothing outside
// can reach a call that writes; the tests check that nothing inside makes one.
//
// The one exception is Pipe.Write, which sends questions to a server's own
// services and has no file behind it.
//
// # Sharing
//
// The library opens files with FILE_SHARE_READ and FILE_SHARE_WRITE, without
// an oplock. It cannot ask for FILE_SHARE_DELETE: while a file is open here,
// others can read and save it but not rename or delete it, and somebody who
// holds it with the right to delete makes our open fail as "in use". Handles
// are therefore kept as short as can be: that of a small file is closed before
// its content is looked at.
package smb

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"time"

	smb2 "github.com/cloudsoda/go-smb2"
	krb5 "github.com/jcmturner/gokrb5/v8/client"

	"github.com/kagiban/kagiban/scan/source/internal/lsa"
)

// Credits is how many requests of 64 KiB a session may have in flight: 6 MiB.
// Servers grant a few hundred credits, and one that is asked for more than it
// granted ends the session.
const Credits = 96

// maxCredits is what the library may hoard. With its default of 128, eight
// reads of 1 MiB at once on a fresh session overdraw the account.
const maxCredits = 512

// An Account is who logs on; the zero value is nobody (anonymous).
type Account struct {
	User, Domain, Password string
	Tickets                *krb5.Client // if not nil, logs on by Kerberos and not by NTLM
	Service                string       // principal of the server, for which Tickets has one
	Unsigned               bool         // signs only if the server insists
}

// A Client is one logon on one connection. Its calls block until the server
// answers or the connection is closed, and may be made from many goroutines.
// No call may be in flight during Logoff nor made after it.
type Client struct {
	session *smb2.Session
	ctx     context.Context
}

// Logon negotiates and logs on. ctx must end only after conn was closed: a
// context that ends by itself would leave the session in disorder, and one that
// never ends could leave a caller waiting for credits of a dead connection.
func Logon(ctx context.Context, conn net.Conn, host string, a Account) (*Client, error) {
	d := &smb2.Dialer{
		MaxCreditBalance: maxCredits,
		Negotiator:       smb2.Negotiator{RequireMessageSigning: !a.Unsigned},
		Initiator:        &smb2.NTLMInitiator{User: a.User, Password: a.Password, Domain: a.Domain},
	}
	if a.Tickets != nil {
		d.Initiator = kerberos{&smb2.Krb5Initiator{Client: a.Tickets, TargetSPN: a.Service}}
	}
	s, err := d.DialConn(ctx, conn, host)
	if err != nil {
		return nil, translate(err)
	}
	return &Client{session: s.WithContext(ctx), ctx: ctx}, nil
}

// kerberos refuses a server that gives no key for the session: the library
// would take one that is not there.
type kerberos struct{ *smb2.Krb5Initiator }

func (k kerberos) AcceptSecContext(token []byte) ([]byte, error) {
	out, err := k.Krb5Initiator.AcceptSecContext(token)
	if err == nil && k.Sum(token) == nil {
		err = errors.New("the server gives no Kerberos session key")
	}
	return out, err
}

// Logoff ends the session and closes its connection.
func (c *Client) Logoff() error { return translate(c.session.Logoff()) }

// A Share is one share as the server lists it.
type Share struct {
	Name, Comment string
	Disk          bool
	Kind          string // "disk", "printer", "device", "ipc" or ""
	Special       bool   // for administration
}

// Shares lists the shares of the server, in its order.
func (c *Client) Shares() ([]Share, error) {
	infos, err := c.session.ListShares()
	if err != nil {
		return nil, translate(err)
	}
	kinds := map[smb2.ShareType]string{
		smb2.ShareTypeDiskTree: "disk", smb2.ShareTypePrintQueue: "printer",
		smb2.ShareTypeDevice: "device", smb2.ShareTypeIPC: "ipc",
	}
	shares := make([]Share, len(infos))
	for i, info := range infos {
		kind := kinds[info.Type()]
		shares[i] = Share{info.Name, info.Comment, kind == "disk", kind, info.IsSpecial()}
	}
	return shares, nil
}

// Mount connects to a share.
func (c *Client) Mount(share string) (*Mount, error) {
	s, err := c.session.Mount(share)
	if err != nil {
		return nil, translate(err)
	}
	return &Mount{s.WithContext(c.ctx)}, nil
}

// A Mount is a connected share. Paths below it are separated by '/'.
type Mount struct{ share *smb2.Share }

// An Info is what a server says of a file or folder.
type Info struct {
	Name       string
	Size       int64
	Allocated  int64 // bytes of storage that hold it
	Written    time.Time
	Changed    time.Time
	Attributes uint32 // MS-FSCC 2.6
	Tag        uint32 // of a reparse point, MS-FSCC 2.1.2.1
	ID         uint64 // 0 if unknown
}

func newInfo(fi os.FileInfo) Info {
	st := fi.Sys().(*smb2.FileStat)
	return Info{
		Name: st.FileName, Size: st.EndOfFile, Allocated: st.AllocationSize, Attributes: st.FileAttributes, Tag: st.ReparsePointTag, ID: st.FileId,
		Written: st.LastWriteTime, Changed: st.ChangeTime,
	}
}

// Stat asks for one path without touching content, so that it works on files
// that somebody locked. The identity is not part of the answer.
func (m *Mount) Stat(path string) (Info, error) {
	fi, err := m.share.Stat(path)
	if err != nil {
		return Info{}, translate(err)
	}
	return newInfo(fi), nil
}

// Security returns owner, group and permissions of a file.
func (m *Mount) Security(path string) (lsa.Security, error) {
	sd, err := m.share.SecurityInfoRaw(path, smb2.OwnerSecurityInformation|smb2.GroupSecurityInformation|smb2.DACLSecurityInformation)
	if err != nil {
		return lsa.Security{}, translate(err)
	}
	return lsa.ParseSecurity(sd)
}

// Open opens a file or a folder for reading.
func (m *Mount) Open(path string) (*File, error) {
	f, err := m.share.Open(path)
	if err != nil {
		return nil, translate(err)
	}
	return &File{owned(f), m, path}, nil
}

// owned takes from the garbage collector what it would do with a handle that nobody
// closed: ask the server to, on a session that may be gone, in the one goroutine of
// all finalizers. Here each handle is closed, or its session ends.
func owned(f *smb2.File) *smb2.File {
	runtime.SetFinalizer(f, nil)
	return f
}

// A File is an open file or folder.
type File struct {
	file  *smb2.File
	mount *Mount
	path  string
}

// ReadAt reads up to 1 MiB. Unlike io.ReaderAt it may stop short without an
// error; at the end of the file it returns 0 and io.EOF.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.file.ReadAt(p, off)
	if n == 0 && err == nil && len(p) > 0 {
		err = io.EOF
	}
	return n, translate(err)
}

// Size asks for the present length. There are servers that answer the question
// (FileStandardInformation, MS-FSCC 2.4.47) with less than it asks for; of those
// the answer to a further opening has the length too (MS-SMB2 2.2.14).
func (f *File) Size() (int64, error) {
	n, err := f.file.Seek(0, io.SeekEnd)
	if invalid := (*smb2.InvalidResponseError)(nil); errors.As(err, &invalid) {
		info, err := f.mount.Stat(f.path)
		return info.Size, err
	}
	return n, translate(err)
}

// Stat asks for all that is known of the open file. It costs as much as 1 MiB
// of reading in credits.
func (f *File) Stat() (Info, error) {
	fi, err := f.file.Stat()
	if err != nil {
		return Info{}, translate(err)
	}
	return newInfo(fi), nil
}

// Readdir returns up to n further entries of a folder, io.EOF after the last.
func (f *File) Readdir(n int) ([]Info, error) {
	list, err := f.file.Readdir(n)
	infos := make([]Info, len(list))
	for i, fi := range list {
		infos[i] = newInfo(fi)
	}
	return infos, translate(err)
}

// Close returns the handle to the server.
func (f *File) Close() error { return translate(f.file.Close()) }

// A Pipe is a named pipe to a service of the server.
type Pipe struct {
	share *smb2.Share
	file  *smb2.File
}

// Pipe opens a named pipe, such as "lsarpc".
func (c *Client) Pipe(name string) (*Pipe, error) {
	share, err := c.session.Mount("IPC$")
	if err != nil {
		return nil, translate(err)
	}
	share = share.WithContext(c.ctx)
	file, err := share.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		_ = share.Umount()
		return nil, translate(err)
	}
	return &Pipe{share, owned(file)}, nil
}

func (p *Pipe) Read(b []byte) (int, error) {
	n, err := p.file.Read(b)
	return n, translate(err)
}

// Write sends a message to the service.
func (p *Pipe) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	return n, translate(err)
}

// Close closes the pipe.
func (p *Pipe) Close() error {
	return translate(errors.Join(p.file.Close(), p.share.Umount()))
}
