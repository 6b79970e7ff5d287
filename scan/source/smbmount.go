package source

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// Mount implements scan.Mounted: of a share the serial number of its volume and the
// identity of its topmost folder, which is another one where a disk is not mounted.
// A server that has no such numbers says nothing.
func (s *smbSource) Mount(ctx context.Context, folder string) (string, error) {
	share := s.target.Share
	if share == "" {
		share, _, _ = strings.Cut(folder, "/")
	}
	if share == "" {
		return "", nil // a server is as many as it has shares
	}
	var serial uint32
	var top smb.Info
	err := s.pool.use(ctx, share, func(l *session, m *smb.Mount) error {
		f, err := l.open(ctx, m, "")
		if err != nil {
			return err
		}
		defer l.close(f)
		return l.do(ctx, 16, func() (err error) {
			if serial, err = f.Serial(); err == nil {
				top, err = f.Stat()
			}
			return err
		})
	})
	switch {
	case errors.Is(err, smb.ErrNoShare):
		return scan.MountGone, nil
	case err != nil || serial == 0 || top.ID == 0:
		return "", err
	}
	return fmt.Sprintf("share:%08x:%x", serial, top.ID), nil
}
