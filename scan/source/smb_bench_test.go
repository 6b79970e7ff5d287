package source_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	hiro "github.com/hirochachacha/go-smb2"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

const (
	benchWorkers = 16
	smallFiles   = 1000
	bigSize      = 64 << 20
)

// A reader reads one file whole and says how many bytes it had.
type reader func(name string) (int64, error)

// BenchmarkSMB measures files and bytes per second through this package and,
// in the same run, turn and turn about, through hirochachacha/go-smb2 as its
// users would: as many sessions, as many workers, reads of 1 MiB. The machine
// may be busy, so only the ratio of bytes per second (more than 1: we are
// faster) says something. Where the server requires signing, the peer loses
// reads; "peer-failed/op" counts the files.
func BenchmarkSMB(b *testing.B) {
	if err := samba.Available(); err != nil {
		b.Skip(err)
	}
	for _, c := range []struct {
		name   string
		config samba.Config
	}{{"default", samba.Config{}}, {"signing", samba.Config{Signing: true}}, {"encryption", samba.Config{Encryption: true}}} {
		b.Run(c.name, func(b *testing.B) { benchServer(b, c.config) })
	}
}

func benchServer(b *testing.B, c samba.Config) {
	dir := b.TempDir()
	small, big := []string{}, []string{"big.bin"}
	for i := range smallFiles {
		name := fmt.Sprintf("small/%d.txt", i)
		small = append(small, name)
		write(b, filepath.Join(dir, name), strings.Repeat("0123456789abcde\n", 256+4*i), 0o644)
	}
	write(b, filepath.Join(dir, "big.bin"), strings.Repeat("0123456789abcde\n", bigSize/16), 0o644)
	c.Shares = []samba.Share{{Name: "data", Dir: dir}}
	s := samba.StartFor(b, c)
	defer func() {
		if err := s.Stop(); err != nil {
			b.Error(err)
		}
	}()
	src, err := source.Open(b.Context(), s.URL("data"), source.Options{Password: func() (string, error) { return s.Password, nil }})
	if err != nil {
		b.Fatal(err)
	}
	defer src.Close()
	ours := func(name string) (int64, error) { return readSource(b, src, name) }
	theirs := peer(b, s, 4)
	b.Run("small", func(b *testing.B) { race(b, small, ours, theirs) })
	b.Run("big", func(b *testing.B) { race(b, big, ours, theirs) })
}

func readSource(b *testing.B, src scan.Source, name string) (int64, error) {
	blob, err := src.Open(b.Context(), scan.Entry{Path: name})
	if err != nil {
		return 0, err
	}
	defer blob.Close()
	p := make([]byte, min(blob.Size(), 1<<20))
	var total int64
	for total < blob.Size() {
		n, err := blob.ReadAt(p[:min(int64(len(p)), blob.Size()-total)], total)
		total += int64(n)
		if err != nil && total < blob.Size() {
			return total, err
		}
	}
	return total, nil
}

// peer spreads files over sessions of the other library.
func peer(b *testing.B, s *samba.Server, sessions int) reader {
	b.Helper()
	var mounts []*hiro.Share
	for range sessions {
		conn, err := net.Dial("tcp", s.Address())
		if err != nil {
			b.Fatal(err)
		}
		d := &hiro.Dialer{MaxCreditBalance: 512, Initiator: &hiro.NTLMInitiator{User: s.User, Password: s.Password}}
		session, err := d.Dial(conn)
		if err != nil {
			b.Fatal(err)
		}
		mount, err := session.Mount("data")
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { conn.Close() })
		mounts = append(mounts, mount)
	}
	var turn atomic.Int64
	return func(name string) (int64, error) {
		mount := mounts[int(turn.Add(1))%len(mounts)]
		f, err := mount.Open(filepath.ToSlash(name))
		if err != nil {
			return 0, err
		}
		defer f.Close()
		p := make([]byte, 1<<20)
		var total int64
		for {
			n, err := f.ReadAt(p, total)
			total += int64(n)
			if n < len(p) || err != nil {
				if errors.Is(err, io.EOF) {
					err = nil
				}
				return total, err
			}
		}
	}
}

// race lets both read all files in each round.
func race(b *testing.B, files []string, ours, theirs reader) {
	var mine, other time.Duration
	var bytes, otherBytes, failed int64
	for b.Loop() {
		took, n, bad := readAll(files, ours)
		if bad > 0 {
			b.Errorf("%d files could not be read", bad)
		}
		mine, bytes = mine+took, bytes+n
		took, n, bad = readAll(files, theirs)
		other, otherBytes, failed = other+took, otherBytes+n, failed+bad
	}
	b.ReportMetric(float64(len(files)*b.N)/mine.Seconds(), "files/s")
	b.ReportMetric(float64(bytes)/1e6/mine.Seconds(), "MB/s")
	b.ReportMetric(float64(bytes)/mine.Seconds()/(float64(otherBytes)/other.Seconds()), "times-peer")
	b.ReportMetric(float64(failed)/float64(b.N), "peer-failed/op")
}

func readAll(files []string, read reader) (took time.Duration, bytes, failed int64) {
	var total, bad atomic.Int64
	work := make(chan string)
	begin := time.Now()
	var wg sync.WaitGroup
	for range benchWorkers {
		wg.Go(func() {
			for name := range work {
				n, err := read(name)
				total.Add(n)
				if err != nil {
					bad.Add(1)
				}
			}
		})
	}
	for _, name := range files {
		work <- name
	}
	close(work)
	wg.Wait()
	return time.Since(begin), total.Load(), bad.Load()
}
