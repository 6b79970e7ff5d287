package isolate

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// busyMax bounds the work of one worker, well below its limit of CPU time.
const busyMax = time.Hour

// A remote is a document that lives in a worker.
type remote struct {
	pool    *Pool
	worker  *worker
	file    *scan.File
	ctx     context.Context
	unwatch func() bool
	began   time.Time

	protection scan.Protection
	broken     error // the worker cannot be used again
	member     uint64
	closed     bool
}

func (d *remote) open(format string) error {
	d.began = time.Now()
	d.worker.items++
	err := d.worker.wire.sendJSON(msgOpen, openBody{
		Item: d.worker.items, Format: format, Name: d.file.Name, Size: d.file.Size(), Limits: d.file.Limits(),
	})
	if err != nil {
		return d.lost()
	}
	kind, body, err := d.next()
	if err != nil {
		return err
	}
	if kind != msgReady || json.Unmarshal(body, &d.protection) != nil {
		return d.strange(kind)
	}
	return nil
}

// Protection implements scan.Document.
func (d *remote) Protection() scan.Protection { return d.protection }

var _ scan.Locked = (*remote)(nil)

// Unlock implements scan.Locked.
func (d *remote) Unlock(_ context.Context, passwords []string) (scan.Document, error) {
	list := make([][]byte, len(passwords)) // their bytes, which may be no UTF-8
	for i, password := range passwords {
		list[i] = []byte(password)
	}
	if err := d.worker.wire.sendJSON(msgUnlock, list); err != nil {
		return nil, d.lost()
	}
	kind, body, err := d.next()
	switch {
	case err != nil:
		return nil, err
	case kind == msgDone:
		return nil, nil
	case kind != msgReady || json.Unmarshal(body, &d.protection) != nil:
		return nil, d.strange(kind)
	}
	return d, nil
}

// Content implements scan.Document.
func (d *remote) Content(_ context.Context, out scan.Sink) error {
	if err := d.worker.wire.send(msgContent); err != nil {
		return d.lost()
	}
	for {
		kind, body, err := d.next()
		if err != nil {
			return err
		}
		switch kind {
		case msgDone:
			return nil
		case msgRow:
			err = d.row(body, out)
		case msgProblem:
			var b errorBody
			if json.Unmarshal(body, &b) != nil {
				return d.strange(kind)
			}
			out.Problem(b.err())
		case msgMember:
			err = d.take(body, out)
		case msgClaims:
			err = d.claims(body)
		default:
			return d.strange(kind)
		}
		if err != nil {
			// The engine wants no more, or the worker is gone: there is no
			// point in hearing the rest.
			d.broken = err
			return err
		}
	}
}

func (d *remote) row(body []byte, out scan.Sink) error {
	var row scan.Row
	if json.Unmarshal(body, &row) != nil {
		return d.strange(msgRow)
	}
	return out.Row(row)
}

// claims takes what the worker has accounted for.
func (d *remote) claims(body []byte) error {
	var b claimsBody
	if json.Unmarshal(body, &b) != nil {
		return d.strange(msgClaims)
	}
	d.file.Ledger().Adopt(b.Spans, b.Whole, scan.UseRead)
	return nil
}

// take hands a member to the engine, which may read it or not.
func (d *remote) take(body []byte, out scan.Sink) error {
	var b memberBody
	if json.Unmarshal(body, &b) != nil {
		return d.strange(msgMember)
	}
	d.member++
	stream := &stream{doc: d, member: d.member}
	err := out.Member(scan.Member{Name: b.Name, Size: b.Size, Protection: b.Protection, Unlocked: b.Unlocked, Again: b.Again, Open: func() (io.ReadCloser, error) {
		return struct {
			io.Reader
			io.Closer
		}{d.file.Bound(stream), io.NopCloser(nil)}, nil
	}})
	if err != nil {
		return err
	}
	if d.broken != nil {
		return d.broken
	}
	if err := d.worker.wire.send(msgNext); err != nil {
		return d.lost()
	}
	return nil
}

// A stream is the content of a member; it asks for a piece at a time.
type stream struct {
	doc    *remote
	member uint64
	left   []byte
	err    error
}

func (s *stream) Read(p []byte) (int, error) {
	if s.doc.member != s.member || s.doc.closed {
		return 0, errors.New("member read after its time")
	}
	for len(s.left) == 0 {
		if s.err == nil {
			s.fetch()
		}
		if s.err != nil {
			return 0, s.err
		}
	}
	n := copy(p, s.left)
	s.left = s.left[n:]
	return n, nil
}

func (s *stream) fetch() {
	if err := s.doc.worker.wire.send(msgFetch); err != nil {
		s.err = s.doc.lost()
		return
	}
	kind, body, err := s.doc.next()
	switch {
	case err != nil:
		s.err = err
	case kind == msgPiece && len(body) > 0:
		s.left = body
	case kind == msgEnd:
		s.err = io.EOF
	default:
		s.err = s.doc.strange(kind)
	}
}

// next returns the next message of the worker and serves what it reads
// meanwhile. An error that the worker reports comes as that error.
func (d *remote) next() (byte, []byte, error) {
	for {
		back := d.file.Elsewhere()
		kind, body, err := d.worker.wire.receive()
		back()
		if err != nil {
			return 0, nil, d.lost()
		}
		switch kind {
		case msgRead:
			if err := d.read(body); err != nil {
				return 0, nil, err
			}
		case msgError:
			var b errorBody
			if json.Unmarshal(body, &b) != nil {
				return 0, nil, d.strange(kind)
			}
			return 0, nil, b.err()
		default:
			return kind, body, nil
		}
	}
}

// read answers one msgRead: item (4 bytes), offset (8) and length (4).
func (d *remote) read(body []byte) error {
	if len(body) != 16 {
		return d.strange(msgRead)
	}
	item, off, n := binary.BigEndian.Uint32(body), int64(binary.BigEndian.Uint64(body[4:])), binary.BigEndian.Uint32(body[12:])
	if off < 0 || n > messageMax/2 {
		return d.strange(msgRead)
	}
	status, data := []byte{readFailed}, []byte(nil)
	if item == d.worker.items { // else a library still reads what is over
		data = make([]byte, n)
		got, err := d.file.ReadAt(data, off)
		data = data[:got]
		switch {
		case err == nil:
			status[0] = readDone
		case errors.Is(err, io.EOF):
			status[0] = readEOF
		}
		// A failure of the source is remembered by the file, and wins over
		// what the worker makes of it.
	}
	if err := d.worker.wire.send(msgData, status, data); err != nil {
		return d.lost()
	}
	return nil
}

// lost is the error of a worker that is gone: killed because the time was up,
// or dead.
func (d *remote) lost() error {
	if d.broken == nil {
		d.broken = d.worker.died()
		if d.ctx.Err() != nil {
			d.broken = context.Cause(d.ctx)
		}
	}
	return d.broken
}

// strange is the error of a worker that breaks the protocol. It is not trusted
// any further.
func (d *remote) strange(kind byte) error {
	d.broken = fmt.Errorf("worker sent an unexpected message %q: %w", kind, scan.ErrCrashed)
	return d.broken
}

// Close puts the worker back, or ends it if it is of no use any more.
func (d *remote) Close() error {
	if d.closed {
		return nil
	}
	d.closed = true
	d.worker.busy += time.Since(d.began)
	if stopped := d.unwatch(); d.broken != nil || !stopped {
		d.worker.end()
		return nil
	}
	d.pool.give(d.worker)
	return nil
}
