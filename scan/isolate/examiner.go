package isolate

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"

	"github.com/kagiban/kagiban/scan"
)

// ServeExamination is the whole life of a process of a Quarantine: it examines
// one file, which it reads through in. Examine does so
// as the parent's setup says. Leave is as for Serve. The process may use
// temporary files; its memory is bounded.
func ServeExamination(ctx context.Context, in io.Reader, out io.Writer, examine func(ctx context.Context, setup []byte, src scan.Source, e scan.Entry) (*scan.Result, error), leave func(code int)) error {
	inForce, err := confineMemory()
	if err != nil {
		return fmt.Errorf("examination: %w", err)
	}
	x := &examiner{wire: newWire(in, out), answers: make(chan message)}
	if err := x.wire.send(msgHello, []byte(inForce)); err != nil {
		return err
	}
	go x.receive(leave)
	setup, entry := <-x.answers, <-x.answers
	var e scan.Entry
	if setup.kind != msgSetup || entry.kind != msgExamine || json.Unmarshal(entry.body, &e) != nil {
		return errors.New("examination: unexpected order")
	}
	res, err := examine(ctx, setup.body, x, e)
	if err != nil {
		return err
	}
	return x.send(res)
}

// An examiner is the process from inside, and the source of its file.
type examiner struct {
	wire    *wire
	mu      sync.Mutex // over one question and its answer
	answers chan message
}

// receive hands on what the parent sends. Its end is that of the process,
// whatever that is doing.
func (x *examiner) receive(leave func(code int)) {
	for {
		kind, body, err := x.wire.receive()
		if err != nil {
			leave(exitAlone)
			return
		}
		x.answers <- message{kind, body}
	}
}

// send sends the result: the hashes of persons first, then the rest in pieces.
func (x *examiner) send(res *scan.Result) error {
	if res.Hashes != nil {
		if err := x.persons(res.Hashes.All()); err != nil {
			return err
		}
		if err := res.Hashes.Close(); err != nil {
			return err
		}
		res.Hashes = nil
	}
	text, err := json.Marshal(res)
	if err != nil {
		return err
	}
	for len(text) > 0 {
		n := min(len(text), messageMax/2)
		if err := x.wire.send(msgPiece, text[:n]); err != nil {
			return err
		}
		text = text[n:]
	}
	return x.wire.send(msgDone)
}

func (x *examiner) persons(all iter.Seq2[scan.Person, error]) error {
	var body []byte
	flush := func() error {
		if len(body) == 0 {
			return nil
		}
		err := x.wire.send(msgPersons, body)
		body = body[:0]
		return err
	}
	for p, err := range all {
		if err != nil {
			return err
		}
		if body = appendPerson(body, p); len(body) > pieceSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// ask sends a question and returns its answer, errors as such.
func (x *examiner) ask(kind byte, body []byte) (message, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.wire.send(kind, body); err != nil {
		return message{}, err
	}
	m := <-x.answers
	if m.kind == msgError {
		var b errorBody
		if err := json.Unmarshal(m.body, &b); err != nil {
			return message{}, err
		}
		return message{}, b.err()
	}
	return m, nil
}

// Walk implements scan.Source; there is one file only, and it is named.
func (x *examiner) Walk(context.Context, func(scan.Entry, error) error) error {
	return errors.New("an examination does not walk")
}

// Close implements scan.Source.
func (x *examiner) Close() error { return nil }

// Open implements scan.Source.
func (x *examiner) Open(_ context.Context, e scan.Entry) (scan.Blob, error) {
	m, err := x.ask(msgOpen, []byte(e.Path))
	if err != nil {
		return nil, err
	}
	var b openedBody
	if err := json.Unmarshal(m.body, &b); err != nil {
		return nil, err
	}
	return &distantBlob{x, b}, nil
}

// A distantBlob is a file that the parent holds open.
type distantBlob struct {
	examiner *examiner
	openedBody
}

func (b *distantBlob) Size() int64 { return b.openedBody.Size }

func (b *distantBlob) Close() error {
	return b.examiner.wire.send(msgEnd, binary.BigEndian.AppendUint32(nil, b.Handle))
}

// ReadAt implements scan.Blob.
func (b *distantBlob) ReadAt(p []byte, off int64) (int, error) {
	done := 0
	for done < len(p) {
		var body [16]byte
		want := min(len(p)-done, messageMax/2)
		binary.BigEndian.PutUint32(body[:], b.Handle)
		binary.BigEndian.PutUint64(body[4:], uint64(off+int64(done)))
		binary.BigEndian.PutUint32(body[12:], uint32(want))
		m, err := b.examiner.ask(msgRead, body[:])
		if err != nil {
			return done, err
		}
		n := copy(p[done:], m.body)
		if done += n; n < want {
			return done, io.EOF
		}
	}
	return done, nil
}
