package isolate

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"

	"github.com/kagiban/kagiban/scan"
)

// A Quarantine is the scan.Quarantine: each file gets a process of its own,
// which does everything with it but reach the source. That stays here, where
// the connections and their passwords are.
type Quarantine struct {
	pool  *Pool
	setup []byte
}

var _ scan.Quarantine = (*Quarantine)(nil)

// NewQuarantine makes a quarantine. Command returns the command line of a
// process, which must call ServeExamination; setup is handed to that.
func NewQuarantine(command func() *exec.Cmd, setup []byte) *Quarantine {
	return &Quarantine{New(command), setup}
}

// Close ends what is left.
func (q *Quarantine) Close() error { return q.pool.Close() }

// Examine implements scan.Quarantine.
func (q *Quarantine) Examine(ctx context.Context, src scan.Source, e scan.Entry, persons *scan.Persons) (*scan.Result, error) {
	w, err := q.pool.take()
	if err != nil {
		return nil, err
	}
	defer w.end()
	defer context.AfterFunc(ctx, w.kill)()
	x := &examination{ctx: ctx, worker: w, source: src, target: e.Target, persons: persons}
	defer x.close()
	res, err := x.run(q.setup, e)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return res, err
}

// An examination is one that goes on in another process.
type examination struct {
	ctx     context.Context
	worker  *worker
	source  scan.Source
	target  string
	persons *scan.Persons
	blobs   []scan.Blob // by handle; nil: closed
	result  []byte
}

func (x *examination) close() {
	for _, b := range x.blobs {
		if b != nil {
			_ = b.Close() // nothing was written
		}
	}
}

func (x *examination) run(setup []byte, e scan.Entry) (*scan.Result, error) {
	wire := x.worker.wire
	if err := wire.send(msgSetup, setup); err != nil {
		return nil, x.worker.died()
	}
	if err := wire.sendJSON(msgExamine, e); err != nil {
		return nil, x.worker.died()
	}
	for {
		kind, body, err := wire.receive()
		if err != nil {
			return nil, x.worker.died()
		}
		if kind == msgDone {
			res := &scan.Result{}
			if err := json.Unmarshal(x.result, res); err != nil || len(res.Items) == 0 {
				return nil, fmt.Errorf("result from another process: %w", scan.ErrCrashed)
			}
			return res, nil
		}
		if err := x.serve(kind, body); err != nil {
			return nil, err
		}
	}
}

// resultMost bounds the JSON of one result, bytes.
const resultMost = 256 << 20

// serve does what the process asks for.
func (x *examination) serve(kind byte, body []byte) error {
	switch kind {
	case msgOpen:
		return x.open(string(body))
	case msgRead:
		return x.read(body)
	case msgEnd:
		if len(body) == 4 {
			if b := x.blob(binary.BigEndian.Uint32(body)); b != nil {
				x.blobs[binary.BigEndian.Uint32(body)] = nil
				_ = b.Close() // nothing was written
			}
		}
		return nil
	case msgPersons:
		return addPersons(x.persons, body)
	case msgPiece:
		if x.result = append(x.result, body...); len(x.result) <= resultMost {
			return nil
		}
	}
	return fmt.Errorf("process sent an unexpected message %q: %w", kind, scan.ErrCrashed)
}

func (x *examination) blob(handle uint32) scan.Blob {
	if int64(handle) >= int64(len(x.blobs)) {
		return nil
	}
	return x.blobs[handle]
}

// open opens a file of the same target: the one under examination, or one
// beside it.
func (x *examination) open(path string) error {
	b, err := x.source.Open(x.ctx, scan.Entry{Target: x.target, Path: path})
	if err != nil {
		return x.answer(x.worker.wire.sendJSON(msgError, bodyOf(err)))
	}
	x.blobs = append(x.blobs, b)
	return x.answer(x.worker.wire.sendJSON(msgReady, openedBody{Handle: uint32(len(x.blobs) - 1), Size: b.Size()}))
}

// read answers one msgRead: handle (4 bytes), offset (8) and length (4).
func (x *examination) read(body []byte) error {
	if len(body) != 16 {
		return fmt.Errorf("read of %d bytes: %w", len(body), scan.ErrCrashed)
	}
	b, off, n := x.blob(binary.BigEndian.Uint32(body)), int64(binary.BigEndian.Uint64(body[4:])), binary.BigEndian.Uint32(body[12:])
	if b == nil || off < 0 || n > messageMax/2 {
		return fmt.Errorf("read out of bounds: %w", scan.ErrCrashed)
	}
	data := make([]byte, n)
	got, err := b.ReadAt(data, off)
	if err != nil && !errors.Is(err, io.EOF) {
		return x.answer(x.worker.wire.sendJSON(msgError, bodyOf(err)))
	}
	return x.answer(x.worker.wire.send(msgData, data[:got]))
}

func (x *examination) answer(err error) error {
	if err != nil {
		return x.worker.died()
	}
	return nil
}
