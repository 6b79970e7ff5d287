package words

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"syscall"
)

// What the system and libraries say is English, whatever the language of the person:
// the common kinds have words here. The rest stays as it is.

// A kind is a kind of foreign error with its words.
type kind struct {
	is    error  // by identity, or nil
	ends  string // by how its text ends; by what it holds, if this ends with a colon
	words string
}

// kinds are looked through in order.
func kinds() []kind {
	return []kind{
		{is: context.DeadlineExceeded, words: "it took too long"},
		{is: context.Canceled, words: "it was cancelled"},
		{is: syscall.ENOSPC, words: "there is no room left on the disk"},
		{is: syscall.EROFS, words: "the file system is read-only"},
		{is: syscall.EIO, words: "the disk or the network has a read or write error"},
		{is: syscall.EISDIR, words: "it is a folder"},
		{is: syscall.ENOTDIR, words: "a part of the path is no folder"},
		{is: syscall.EMFILE, words: "too many files are open"},
		{is: syscall.ENAMETOOLONG, words: "the name is too long"},
		{is: syscall.ECONNREFUSED, words: "the connection was refused"},
		{is: syscall.ECONNRESET, words: "the connection was broken off by the other side"},
		{is: syscall.EHOSTUNREACH, words: "there is no way to this address"},
		{is: syscall.ENETUNREACH, words: "there is no way to this address"},
		{is: syscall.EADDRINUSE, words: "the address is in use by another program"},
		{is: fs.ErrNotExist, words: "there is no such file or folder"},
		{is: fs.ErrPermission, words: "access is denied"},
		{is: fs.ErrExist, words: "it is there already"},
		{is: fs.ErrClosed, words: "it is closed already"},
		{is: errors.ErrUnsupported, words: "it is not supported here"},
		{is: io.ErrUnexpectedEOF, words: "it ends too early"},
		{is: io.EOF, words: "it ends too early"},
		// As Windows says it, of which syscall has no names.
		{ends: "There is not enough space on the disk.", words: "there is no room left on the disk"},
		{ends: "because it is being used by another process.", words: "another program has it open"},
		{ends: "The media is write protected.", words: "the file system is read-only"},
		{ends: "actively refused it.", words: "the connection was refused"},
		{ends: "forcibly closed by the remote host.", words: "the connection was broken off by the other side"},
		{ends: "connected host has failed to respond.", words: "there is no answer"},
		{ends: "to an unreachable network.", words: "there is no way to this address"},
		{ends: "to an unreachable host.", words: "there is no way to this address"},
		{ends: "disk quota exceeded", words: "the quota of the disk is used up"},
		{ends: "no such host", words: "the name of the server is not known"},
		{ends: "server misbehaving", words: "the name server does not answer"},
		{ends: "i/o timeout", words: "there is no answer"},
		{ends: "connection timed out", words: "there is no answer"},
		{ends: "tls: handshake failure", words: "no TLS connection came about"},
		{ends: "certificate signed by unknown authority", words: "the certificate of the server is from an authority that is not trusted"},
		{ends: "x509:", words: "the certificate of the server is not valid"},
		{ends: "executable file not found in $PATH", words: "the program is not installed"},
		{ends: "token too long", words: "a line is too long"},
		{ends: "zip: not a valid zip file", words: "it is no xlsx file, or it is damaged"},
	}
}

// foreign writes an error that no part of the program made.
func (l Language) foreign(err error) string {
	text := err.Error()
	for _, k := range kinds() {
		switch {
		case k.is != nil && errors.Is(err, k.is):
			return l.Lookup(k.words)
		case k.is != nil:
		case strings.HasSuffix(k.ends, ":") && strings.Contains(text, k.ends):
			return l.Lookup(k.words) + "（" + text + "）"
		case strings.HasSuffix(text, k.ends):
			if before, _, ok := cutLast(strings.TrimSuffix(text, k.ends), ": "); ok {
				return calls.ReplaceAllString(before+": ", "$1") + l.Lookup(k.words)
			}
			return l.Lookup(k.words)
		}
	}
	return text
}
