package source_test

import (
	"bytes"
	"errors"
	"net"
	"os"
	"testing"

	cloud "github.com/cloudsoda/go-smb2"

	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// createChanged is a connection that changes each CREATE request (MS-SMB2
// 2.2.13) to one that neither library can make.
type createChanged struct {
	net.Conn
	change func(request []byte) // from the header on
}

func (c createChanged) Write(p []byte) (int, error) {
	const command, create, head, body = 12, 5, 64, 56
	if len(p) > head+body && string(p[:4]) == "\xfeSMB" && p[command] == create {
		p = bytes.Clone(p)
		c.change(p)
	}
	return c.Conn.Write(p)
}

// shareWithNobody clears ShareAccess.
func shareWithNobody(request []byte) {
	const shareAccess = 64 + 32
	clear(request[shareAccess : shareAccess+4])
}

// grab asks for a batch oplock; nobody will answer when it is to be given back.
func grab(request []byte) {
	const oplockLevel, batch = 64 + 3, 0x09
	request[oplockLevel] = batch
}

// hold opens a file as somebody else, until it is released.
func hold(t *testing.T, s *samba.Server, share, name string, change func(request []byte)) (release func()) {
	t.Helper()
	conn, err := net.Dial("tcp", s.Address())
	if err != nil {
		t.Fatal(err)
	}
	d := &cloud.Dialer{Initiator: &cloud.NTLMInitiator{User: s.User, Password: s.Password}}
	session, err := d.DialConn(t.Context(), createChanged{conn, change}, s.Host)
	if err != nil {
		t.Fatal(err)
	}
	mount, err := session.Mount(share)
	if err != nil {
		t.Fatal(err)
	}
	f, err := mount.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := errors.Join(f.Close(), session.Logoff()); err != nil {
			t.Error(err)
		}
	}
}
