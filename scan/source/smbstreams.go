package source

import (
	"context"
	"errors"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// Streams implements scan.Streamer. It takes three round trips.
func (s *smbSource) Streams(ctx context.Context, e scan.Entry) (list []scan.Entry, err error) {
	share, path := s.locate(e)
	err = s.pool.use(ctx, share, func(l *session, m *smb.Mount) error {
		f, err := l.open(ctx, m, path)
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
				Target: e.Target, Path: e.Path + ":" + stream.Name, Size: stream.Size, ModTime: e.ModTime, ChangeTime: e.ChangeTime,
			})
		}
		return err
	})
	if errors.Is(err, smb.ErrNoStreams) {
		return nil, nil
	}
	return list, err
}
