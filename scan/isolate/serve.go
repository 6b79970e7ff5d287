package isolate

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/kagiban/kagiban/scan"
)

// Serve is the whole life of a worker: it gives up what it does not need, says
// so, and serves one file after the other until in ends. A panic of a decoder
// ends the process, as it should. Leave must end it at once (os.Exit): it is
// called when the parent is gone or the decoder gets nowhere, while the decoder
// still runs.
func Serve(ctx context.Context, in io.Reader, out io.Writer, formats []scan.Format, leave func(code int)) error {
	inForce, err := confine()
	if err != nil {
		return fmt.Errorf("worker: %w", err)
	}
	s := &server{ctx: ctx, leave: leave, wire: newWire(in, out), formats: map[string]scan.Format{}, orders: make(chan message), data: make(chan []byte)}
	for _, f := range formats {
		s.formats[f.Name] = f
	}
	go s.sort()
	go watch(s.wire, leave)
	if err := s.wire.send(msgHello, []byte(inForce)); err != nil {
		return err
	}
	for {
		m, ok := <-s.orders
		if !ok {
			return nil
		}
		if err := s.serve(m); err != nil {
			return err
		}
	}
}

type message struct {
	kind byte
	body []byte
}

// A server is a worker from inside.
type server struct {
	ctx     context.Context
	leave   func(code int)
	wire    *wire
	formats map[string]scan.Format
	orders  chan message
	data    chan []byte // answers to msgRead
	doc     scan.Document
	file    *scan.File // that of doc
}

// sort separates orders from the bytes that were asked for. Its end is that of
// the parent, and of the worker, whatever that is doing.
func (s *server) sort() {
	defer close(s.orders)
	defer close(s.data)
	for {
		kind, body, err := s.wire.receive()
		if err != nil {
			s.leave(exitAlone)
			return
		}
		if kind == msgData {
			s.data <- body
		} else {
			s.orders <- message{kind, body}
		}
	}
}

func (s *server) serve(m message) error {
	var err error
	switch m.kind {
	case msgOpen:
		var b openBody
		if err := json.Unmarshal(m.body, &b); err != nil {
			return err
		}
		if err = s.open(b); err == nil {
			return s.wire.sendJSON(msgReady, s.doc.Protection())
		}
	case msgUnlock:
		var passwords [][]byte
		if err := json.Unmarshal(m.body, &passwords); err != nil {
			return err
		}
		var opened scan.Document
		if opened, err = s.unlock(passwords); opened != nil && err == nil {
			s.doc = opened
			return s.wire.sendJSON(msgReady, s.doc.Protection())
		}
		if err == nil {
			return s.wire.send(msgDone)
		}
	case msgContent:
		if s.doc == nil {
			return errors.New("content of nothing")
		}
		out := &sender{server: s}
		err = s.doc.Content(s.ctx, out)
		if out.err != nil {
			return out.err
		}
		if err == nil {
			spans, whole := s.file.Ledger().Spans()
			if err := s.wire.sendJSON(msgClaims, claimsBody{spans, whole}); err != nil {
				return err
			}
			return s.wire.send(msgDone)
		}
	default:
		return fmt.Errorf("order %q is not known", m.kind)
	}
	return s.wire.sendJSON(msgError, bodyOf(err))
}

func (s *server) open(b openBody) error {
	if closer, ok := s.doc.(io.Closer); ok {
		_ = closer.Close()
	}
	s.doc = nil
	format, ok := s.formats[b.Format]
	if !ok || format.Isolated == nil {
		return fmt.Errorf("worker knows no format %q: %w", b.Format, scan.ErrUnsupported)
	}
	at := &pages{source: &source{server: s, item: b.Item, size: b.Size}, size: b.Size}
	f, err := scan.NewFile(s.ctx, scan.Place{Name: b.Name, At: at, Size: b.Size, Host: newHost(b.Limits)})
	if err != nil {
		return err
	}
	s.file = f
	s.doc, err = format.Isolated(s.ctx, f)
	return err
}

// unlock tries one password after the other. Each is progress: the cost of one is
// bounded by the decoder, that of all is not.
func (s *server) unlock(passwords [][]byte) (scan.Document, error) {
	locked, ok := s.doc.(scan.Locked)
	if !ok {
		return nil, nil
	}
	for _, password := range passwords {
		if opened, err := locked.Unlock(s.ctx, []string{string(password)}); opened != nil || err != nil {
			return opened, err
		}
		s.wire.messages.Add(1)
	}
	return nil, nil
}

// A sender is the sink of a worker. Its first error is that of the pipe.
type sender struct {
	server *server
	err    error
}

func (o *sender) keep(err error) error {
	if o.err == nil {
		o.err = err
	}
	return o.err
}

func (o *sender) Row(r scan.Row) error { return o.keep(o.server.wire.sendJSON(msgRow, r)) }

func (o *sender) Problem(err error) { _ = o.keep(o.server.wire.sendJSON(msgProblem, bodyOf(err))) }

// Member offers a member and sends its bytes as far as they are wanted.
func (o *sender) Member(m scan.Member) error {
	s := o.server
	if err := s.wire.sendJSON(msgMember, memberBody{m.Name, m.Size, m.Protection, m.Unlocked, m.Again}); err != nil {
		return o.keep(err)
	}
	var r io.ReadCloser
	defer func() {
		if r != nil {
			_ = r.Close()
		}
	}()
	piece := make([]byte, pieceSize)
	for order := range s.orders {
		switch order.kind {
		case msgNext:
			return nil
		case msgFetch:
		default:
			return o.keep(fmt.Errorf("order %q in a member", order.kind))
		}
		var err error
		n := 0
		if r == nil {
			r, err = m.Open()
		}
		if err == nil {
			n, err = io.ReadFull(r, piece)
		}
		switch {
		case n > 0: // the error comes again
			err = s.wire.send(msgPiece, piece[:n])
		case err == io.EOF:
			err = s.wire.send(msgEnd)
		default:
			err = s.wire.sendJSON(msgError, bodyOf(err))
		}
		if err != nil {
			return o.keep(err)
		}
	}
	return o.keep(io.ErrUnexpectedEOF)
}

// A source reads the file under examination through the pipes.
type source struct {
	server *server
	item   uint32
	size   int64
	mu     sync.Mutex
}

func (r *source) ReadAt(p []byte, off int64) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var body [16]byte
	binary.BigEndian.PutUint32(body[:], r.item)
	binary.BigEndian.PutUint64(body[4:], uint64(off))
	binary.BigEndian.PutUint32(body[12:], uint32(len(p)))
	if err := r.server.wire.send(msgRead, body[:]); err != nil {
		return 0, err
	}
	data, ok := <-r.server.data
	if !ok || len(data) == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p, data[1:])
	switch {
	case data[0] == readFailed:
		return n, errors.New("file cannot be read")
	case n < len(p):
		return n, io.EOF
	}
	return n, nil
}

// pages keeps a few pages of a file, since decoders read little at a time and
// each read is a way to the other process and back.
type pages struct {
	source io.ReaderAt
	size   int64
	mu     sync.Mutex
	kept   [4]page
	oldest int
}

type page struct {
	off  int64
	data []byte
}

const pageSize = 128 << 10

func (c *pages) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for n < len(p) && off < c.size {
		data, err := c.page(off - off%pageSize)
		if err != nil {
			return n, err
		}
		m := copy(p[n:], data[off%pageSize:])
		n, off = n+m, off+int64(m)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (c *pages) page(start int64) ([]byte, error) {
	for _, pg := range c.kept {
		if pg.data != nil && pg.off == start {
			return pg.data, nil
		}
	}
	data := make([]byte, min(pageSize, c.size-start))
	if _, err := c.source.ReadAt(data, start); err != nil {
		return nil, err
	}
	c.kept[c.oldest] = page{start, data}
	c.oldest = (c.oldest + 1) % len(c.kept)
	return data, nil
}
