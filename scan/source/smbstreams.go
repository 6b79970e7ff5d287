package source

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// Streams implements scan.Streamer. It takes three round trips, of a folder some
// more: whoever lists it does not know its times.
func (s *smbSource) Streams(ctx context.Context, e scan.Entry) (list []scan.Entry, err error) {
	if strings.Contains(path.Base(e.Path), ":") {
		return nil, nil // it is one
	}
	share, below := s.locate(e)
	if e.Folder {
		info, err := s.stat(ctx, share, below)
		if err != nil {
			return nil, err
		}
		it := smbItem(info)
		e.ModTime, e.ChangeTime = it.ModTime, it.ChangeTime
	}
	name := e.Path
	if below == "" && name != "" { // a share of a server
		name += "/"
	}
	err = s.pool.use(ctx, share, func(l *session, m *smb.Mount) error {
		f, err := l.open(ctx, m, below)
		if err != nil {
			return err
		}
		defer l.close(f)
		var streams []smb.Stream
		err = l.do(ctx, 1, func() (err error) {
			streams, err = f.Streams()
			return err
		})
		list = nil
		for _, stream := range streams {
			// Its times are those of the file; an identity of its own it has not.
			list = append(list, scan.Entry{
				Target: e.Target, Path: name + ":" + stream.Name, Size: stream.Size, ModTime: e.ModTime, ChangeTime: e.ChangeTime,
			})
		}
		return err
	})
	if errors.Is(err, smb.ErrNoStreams) {
		return nil, nil
	}
	return list, err
}
