package samba

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// Kill ends the server as a power cut does: nobody is told, nothing is put in
// order. Its folder stays; Restart brings it back.
func (s *Server) Kill() error { return s.process.kill(s.path("pid")) }

// Restart starts a server that was killed again, on the same port.
func (s *Server) Restart(ctx context.Context) error { return s.run(ctx) }

// Freeze stops the processes that serve the clients of the moment: connections
// stay open and nothing is answered on them. With all, the one that takes new
// connections is stopped too, so that a new one is taken by the system alone.
func (s *Server) Freeze(all bool) error { return s.process.freeze(all) }

// DropClients kills the processes that serve the clients of the moment. The server
// takes new ones.
func (s *Server) DropClients() error { return s.process.dropClients() }

// Thaw lets all processes of the server go on.
func (s *Server) Thaw() error { return s.process.thaw() }

// RemoveShare takes a share out of the configuration and ends it for those who
// use it, as an administrator does.
func (s *Server) RemoveShare(ctx context.Context, name string) error {
	conf, err := os.ReadFile(s.path("smb.conf"))
	if err != nil {
		return err
	}
	begin := bytes.Index(conf, []byte("["+name+"]\n"))
	if begin < 0 {
		return fmt.Errorf("there is no share %q", name)
	}
	rest := []byte{}
	if next := bytes.Index(conf[begin+1:], []byte("\n[")); next >= 0 {
		rest = conf[begin+1+next+1:]
	}
	if err := os.WriteFile(s.path("smb.conf.whole"), conf, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(s.path("smb.conf"), append(conf[:begin:begin], rest...), 0o644); err != nil {
		return err
	}
	return errors.Join(s.reload(ctx), s.control(ctx, "close-share", name))
}

// PutBack undoes RemoveShare.
func (s *Server) PutBack(ctx context.Context) error {
	if err := os.Rename(s.path("smb.conf.whole"), s.path("smb.conf")); err != nil {
		return err
	}
	return s.reload(ctx)
}

// reload returns when the configuration has been read: messages are taken in
// their order, and the second is answered.
func (s *Server) reload(ctx context.Context) error {
	return errors.Join(s.control(ctx, "reload-config"), s.control(ctx, "ping"))
}

// control sends a message to all processes of the server.
func (s *Server) control(ctx context.Context, message ...string) error {
	smbcontrol, err := find("smbcontrol")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	args := append([]string{"--configfile=" + s.path("smb.conf"), "smbd"}, message...)
	if out, err := exec.CommandContext(ctx, smbcontrol, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("smbcontrol %s: %w: %s", message[0], err, bytes.TrimSpace(out))
	}
	return nil
}
