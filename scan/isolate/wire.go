package isolate

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"sync/atomic"

	"github.com/kagiban/kagiban/scan"
)

// A message is its kind (1 byte), the length of its body (4 bytes, big endian)
// and the body. Each side waits for the other in turn; only msgRead may come
// from the worker at any time, since libraries read ahead.
const (
	msgHello = 'h' // worker: what holds it
	msgOpen  = 'o' // parent: openBody; answered by msgReady or msgError
	msgReady = 'p' // worker: scan.Protection
	msgError = 'e' // worker: errorBody

	msgUnlock = 'u' // parent: passwords; answered by msgReady if one opens it, msgDone if none does, or msgError

	msgContent = 'c' // parent: begin; ends with msgDone or msgError
	msgMember  = 'm' // worker: memberBody; waits for msgFetch or msgNext
	msgFetch   = 'f' // parent: the next piece of the member; answered by msgPiece, msgEnd or msgError
	msgPiece   = 'b' // worker: bytes
	msgEnd     = 'z' // worker: the member is whole
	msgNext    = 'n' // parent: done with the member
	msgRow     = 'w' // worker: scan.Row
	msgProblem = 'q' // worker: errorBody
	msgClaims  = 'l' // worker: claimsBody, before msgDone
	msgDone    = 'd' // worker: the content is complete

	msgRead = 'r' // worker: readBody
	msgData = 'a' // parent: status (1 byte) and bytes
)

// Besides, between a Quarantine and its process.
const (
	msgSetup   = 's' // parent: the setup
	msgExamine = 'x' // parent: scan.Entry; the process asks by msgOpen (a path), msgRead and msgEnd (a handle)
	msgPersons = 'k' // process: persons, personSize bytes each
)

// openedBody answers a msgOpen of a process.
type openedBody struct {
	Handle uint32
	Size   int64 // bytes
}

const (
	messageMax = 4 << 20   // body of a message, bytes
	pieceSize  = 128 << 10 // bytes of a member at a time
)

// The status of msgData.
const (
	readDone = iota
	readEOF
	readFailed
)

type openBody struct {
	Item   uint32
	Format string
	Name   string
	Size   int64
	Limits scan.Limits // of one cell, one row and one decoder
}

// claimsBody is what the worker has accounted for of the file.
type claimsBody struct {
	Spans []scan.Span
	Whole bool
}

type memberBody struct {
	Name       string
	Size       int64
	Protection scan.Protection
	Unlocked   bool
	Again      bool
}

// errorBody is an error on its way: what scan.ProblemOf makes of it, and the
// limit if it is one.
type errorBody struct {
	Kind   scan.Kind
	Detail string
	Limit  string
}

// detailMax bounds the text of an error.
const detailMax = 1 << 10

func bodyOf(err error) errorBody {
	p := scan.ProblemOf(err)
	b := errorBody{Kind: p.Kind, Detail: p.Detail[:min(len(p.Detail), detailMax)]}
	var limit *scan.LimitError
	if errors.As(err, &limit) {
		b.Limit = limit.Limit
	}
	return b
}

// err makes an error again that ProblemOf classes as before.
func (b errorBody) err() error {
	if b.Kind == scan.KindLimit {
		return &scan.LimitError{Limit: b.Limit}
	}
	sentinels := map[scan.Kind]error{
		scan.KindDenied: fs.ErrPermission, scan.KindUnsupported: scan.ErrUnsupported,
		scan.KindIncomplete: scan.ErrIncomplete, scan.KindUnaccounted: scan.ErrUnaccounted, scan.KindCrashed: scan.ErrCrashed, scan.KindLocked: scan.ErrLocked, scan.KindGone: fs.ErrNotExist,
		scan.KindOffline: scan.ErrOffline, scan.KindLink: scan.ErrLink, scan.KindTimeout: scan.ErrStalled, scan.KindMalformed: scan.ErrMalformed,
	}
	sentinel, ok := sentinels[b.Kind]
	if !ok {
		sentinel = errors.New(string(b.Kind))
	}
	return &remoteError{b.Detail, sentinel}
}

type remoteError struct {
	detail string
	kind   error
}

func (e *remoteError) Error() string { return e.detail }
func (e *remoteError) Unwrap() error { return e.kind }

// A wire is one end of the two pipes.
type wire struct {
	in       *bufio.Reader
	mu       sync.Mutex // over out
	out      io.Writer
	messages atomic.Int64 // in both directions
}

func newWire(in io.Reader, out io.Writer) *wire {
	return &wire{in: bufio.NewReaderSize(in, 64<<10), out: out}
}

// send writes one message in one piece.
func (w *wire) send(kind byte, body ...[]byte) error {
	msg := []byte{kind, 0, 0, 0, 0}
	for _, b := range body {
		msg = append(msg, b...)
	}
	if len(msg)-5 > messageMax {
		return fmt.Errorf("message of %d bytes", len(msg))
	}
	binary.BigEndian.PutUint32(msg[1:], uint32(len(msg)-5))
	w.messages.Add(1)
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.out.Write(msg)
	return err
}

func (w *wire) sendJSON(kind byte, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.send(kind, body)
}

// receive reads one message.
func (w *wire) receive() (byte, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(w.in, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > messageMax {
		return 0, nil, fmt.Errorf("message of %d bytes", n)
	}
	body := make([]byte, n)
	_, err := io.ReadFull(w.in, body)
	w.messages.Add(1)
	return head[0], body, err
}
