package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	smb2 "github.com/cloudsoda/go-smb2"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/scantest/slowlink"
	"github.com/kagiban/kagiban/scan/source"
)

var updateThroughput = flag.Bool("update-throughput", false, "write the table of BenchmarkSMBThroughput into the topic of speed")

// What is read, and by how many at a time: by kagiban and by the bare library
// alike.
const (
	throughputFiles    = 20_000
	throughputBig      = 1 << 30
	throughputSessions = 4
	throughputReaders  = 16
	throughputTurns    = 4 // of the small files, each a quarter
	// smbclient opens one file after the other: at a distance it gets a part of
	// the files.
	smbclientFiles = 400
)

// BenchmarkSMBThroughput reads 20,000 files of 4–64 KB and one file of 1 GiB
// from a server that is 0, 2 and 20 ms away, and makes the table of the topic "speed":
//
//   - bare: open, read and close with the library that kagiban uses, as many
//     connections and readers at a time, the sizes known; the bound;
//   - reading: the same through scan/source, which also watches, retries,
//     bounds what is in flight, and tells whom the server takes it for;
//   - whole scan: kagiban's own walk, formats and detection over it;
//   - smbclient: Samba's own client, which takes one file after the other.
//
// All require signing, as kagiban does by default. Bare and reading take turns.
func BenchmarkSMBThroughput(b *testing.B) {
	samba.Require(b)
	root := b.TempDir()
	if err := os.Chmod(root, 0o755); err != nil {
		b.Fatal(err)
	}
	makeThroughputFiles(b, root)
	s := samba.StartFor(b, samba.Config{Shares: []samba.Share{
		{Name: "small", Dir: filepath.Join(root, "small")}, {Name: "big", Dir: filepath.Join(root, "big")}, {Name: "few", Dir: filepath.Join(root, "few")}}})
	defer func() {
		if err := s.Stop(); err != nil {
			b.Error(err)
		}
	}()
	var table strings.Builder
	table.WriteString("| | distance | bare library | kagiban, reading | to bare | kagiban, whole scan | to bare | smbclient | kagiban reading to it |\n|---|---|---|---|---|---|---|---|---|\n")
	for b.Loop() {
		for _, roundTrip := range []time.Duration{0, 2 * time.Millisecond, 20 * time.Millisecond} {
			far := distant(b, s, roundTrip)
			far.small(b, &table)
			far.big(b, &table)
			far.close(b)
		}
	}
	if *updateThroughput {
		japanese := strings.NewReplacer(
			"| distance | bare library | kagiban, reading | to bare | kagiban, whole scan | to bare | smbclient | kagiban reading to it |",
			"| 距離 | ライブラリのみ | kagiban（読取り） | 対ライブラリ | kagiban（検査全体） | 対ライブラリ | smbclient | 読取りの対 smbclient |",
			"20000 small files", "小さなファイル 20000", "one file of 1 GiB", "1 GiB のファイル 1 つ", " files/s", " 件/秒", "MB/s", "MB/秒")
		for lang, text := range map[string]string{"en": table.String(), "ja": japanese.Replace(table.String())} {
			scantest.ManualTable(b, "help/"+lang+"/speed.md", "throughput", text, true)
		}
	}
	b.Log("\n" + table.String())
}

func makeThroughputFiles(b *testing.B, root string) {
	line := "0123,山田太郎,東京都千代田区,20260401\n"
	put := func(name string, size int) {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		block := strings.Repeat(line, 1<<20/len(line))
		for size > 0 {
			n, err := io.WriteString(f, block[:min(size, len(block))])
			if err != nil {
				b.Fatal(err)
			}
			size -= n
		}
	}
	for i := range throughputFiles {
		put(fmt.Sprintf("small/%03d/%05d.csv", i/100, i), (4+i%61)<<10)
	}
	for i := range smbclientFiles {
		put(fmt.Sprintf("few/%05d.csv", i), (4+i%61)<<10)
	}
	put("big/big.csv", throughputBig)
}

// A distance is a server at the other end of a slow line.
type distance struct {
	roundTrip time.Duration
	link      *slowlink.Link
	server    *samba.Server
}

func distant(b *testing.B, s *samba.Server, roundTrip time.Duration) *distance {
	link, err := slowlink.Start(s.Address(), roundTrip)
	if err != nil {
		b.Fatal(err)
	}
	return &distance{roundTrip, link, s}
}

func (d *distance) close(b *testing.B) {
	if err := d.link.Close(); err != nil {
		b.Error(err)
	}
}

func (d *distance) options() source.Options {
	return source.Options{
		Password: func() (string, error) { return d.server.Password, nil }, Sessions: throughputSessions,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, d.link.Address())
		},
	}
}

// small reads the small files, bare and through kagiban in turns.
func (d *distance) small(b *testing.B, table *strings.Builder) {
	entries, src := d.open(b, "small")
	defer src.Close()
	bare := d.library(b, "small")
	defer bare.close()
	var ours, theirs rate
	turn := len(entries) / throughputTurns
	for i := range throughputTurns {
		part := entries[i*turn : (i+1)*turn]
		ways := []func(){
			func() { theirs.add(d.all(b, part, bare.read)) },
			func() { ours.add(d.all(b, part, reading(src))) },
		}
		ways[i%2]()
		ways[1-i%2]()
	}
	whole := d.scan(b, "small")
	client := d.smbclient(b, "few", "-Tc", "/dev/null").of(smbclientFiles, 0)
	d.row(table, fmt.Sprintf("%d small files", len(entries)), "files/s", rate.files, theirs, ours, whole, client)
}

func (d *distance) big(b *testing.B, table *strings.Builder) {
	entries, src := d.open(b, "big")
	defer src.Close()
	bare := d.library(b, "big")
	defer bare.close()
	var ours, theirs rate
	for range 2 {
		theirs.add(d.all(b, entries, bare.read))
		ours.add(d.all(b, entries, reading(src)))
	}
	whole := d.scan(b, "big")
	client := d.smbclient(b, "big", "-c", "get big.csv /dev/null").of(1, throughputBig)
	d.row(table, "one file of 1 GiB", "MB/s", rate.megabytes, theirs, ours, whole, client)
}

func (d *distance) row(table *strings.Builder, what, unit string, speed func(rate) float64, bare, ours, whole, client rate) {
	f := speed
	fmt.Fprintf(table, "| %s | %d ms | %.0f %s | %.0f | %.2f | %.0f | %.2f | %.0f | %.1f |\n",
		what, d.roundTrip.Milliseconds(), f(bare), unit, f(ours), f(ours)/f(bare), f(whole), f(whole)/f(bare), f(client), f(ours)/f(client))
}

// open returns a source and all that it lists.
func (d *distance) open(b *testing.B, share string) ([]scan.Entry, scan.Source) {
	src, err := source.Open(b.Context(), d.server.URL(share), d.options())
	if err != nil {
		b.Fatal(err)
	}
	var entries []scan.Entry
	if err := src.Walk(b.Context(), func(e scan.Entry, err error) error {
		entries = append(entries, e)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	return entries, src
}

// A rate is what was read in a time.
type rate struct {
	n, bytes int64
	took     time.Duration
}

func (r *rate) add(o rate)         { r.n, r.bytes, r.took = r.n+o.n, r.bytes+o.bytes, r.took+o.took }
func (r rate) files() float64      { return float64(r.n) / r.took.Seconds() }
func (r rate) megabytes() float64  { return float64(r.bytes) / 1e6 / r.took.Seconds() }
func elapsed(begin time.Time) rate { return rate{took: time.Since(begin)} }
func (r rate) of(n, b int64) rate  { r.n, r.bytes = n, b; return r }

// all has the files read whole by as many readers as there may be.
func (d *distance) all(b *testing.B, entries []scan.Entry, read func(scan.Entry, []byte) (int64, error)) rate {
	var bytes atomic.Int64
	work := make(chan scan.Entry)
	begin := time.Now()
	var readers sync.WaitGroup
	for range throughputReaders {
		readers.Go(func() {
			buf := make([]byte, 1<<20)
			for e := range work {
				n, err := read(e, buf)
				if err != nil || n != e.Size {
					b.Errorf("%s: %d of %d bytes, %v", e.Path, n, e.Size, err)
				}
				bytes.Add(n)
			}
		})
	}
	for _, e := range entries {
		work <- e
	}
	close(work)
	readers.Wait()
	return elapsed(begin).of(int64(len(entries)), bytes.Load())
}

func reading(src scan.Source) func(scan.Entry, []byte) (int64, error) {
	return func(e scan.Entry, buf []byte) (int64, error) {
		blob, err := src.Open(context.Background(), e)
		if err != nil {
			return 0, err
		}
		n, err := readThrough(blob, blob.Size(), buf)
		if cerr := blob.Close(); err == nil {
			err = cerr
		}
		return n, err
	}
}

func readThrough(r io.ReaderAt, size int64, buf []byte) (n int64, err error) {
	for n < size {
		got, err := r.ReadAt(buf[:min(int64(len(buf)), size-n)], n)
		n += int64(got)
		if err != nil && n < size {
			return n, err
		}
	}
	return n, nil
}

// A library is the bare library on some connections.
type library struct {
	sessions []*smb2.Session
	mounts   []*smb2.Share
	turn     atomic.Int64
}

func (d *distance) library(b *testing.B, share string) *library {
	l := &library{}
	for range throughputSessions {
		conn, err := net.Dial("tcp", d.link.Address())
		if err != nil {
			b.Fatal(err)
		}
		dialer := &smb2.Dialer{
			MaxCreditBalance: 512, Negotiator: smb2.Negotiator{RequireMessageSigning: true},
			Initiator: &smb2.NTLMInitiator{User: d.server.User, Password: d.server.Password},
		}
		session, err := dialer.DialConn(b.Context(), conn, d.server.Host)
		if err != nil {
			b.Fatal(err)
		}
		mount, err := session.Mount(share)
		if err != nil {
			b.Fatal(err)
		}
		l.sessions, l.mounts = append(l.sessions, session), append(l.mounts, mount)
	}
	return l
}

func (l *library) close() {
	for _, s := range l.sessions {
		_ = s.Logoff()
	}
}

func (l *library) read(e scan.Entry, buf []byte) (int64, error) {
	f, err := l.mounts[int(l.turn.Add(1))%len(l.mounts)].Open(e.Path)
	if err != nil {
		return 0, err
	}
	n, err := readThrough(f, e.Size, buf)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return n, err
}

// scan is all that kagiban does, but for the state and the reports.
func (d *distance) scan(b *testing.B, share string) rate {
	detector, err := detectors.Options{}.New([]byte("a key of this benchmark"))
	if err != nil {
		b.Fatal(err)
	}
	var counters source.Counters
	opts := d.options()
	opts.Counters = &counters
	begin := time.Now()
	sum, err := engine.Run(b.Context(), engine.Config{
		Targets: []engine.Target{{Name: share, Open: opener(d.server.URL(share), opts)}},
		Formats: format.List(), Detector: detector, Store: &scantest.MemoryStore{}, Limits: scan.DefaultLimits(),
	})
	if err != nil || sum.Targets[0].Err != nil {
		b.Fatal(err, sum.Targets[0].Err)
	}
	return elapsed(begin).of(sum.Files, counters.Bytes.Load())
}

// smbclient has Samba's own client read from a share and throw it away.
func (d *distance) smbclient(b *testing.B, share string, what ...string) rate {
	host, port, _ := net.SplitHostPort(d.link.Address())
	args := append([]string{"//" + host + "/" + share, "--port=" + port, "--user=" + d.server.User, "--client-protection=sign"}, what...)
	cmd := exec.CommandContext(b.Context(), "smbclient", args...)
	cmd.Env = append(os.Environ(), "PASSWD="+d.server.Password)
	begin := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("smbclient: %v\n%s", err, out)
	}
	return elapsed(begin)
}
