package source

import (
	"sync/atomic"
	"time"

	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// youngFor is how long after its birth the end of a session is taken for a sign
// that it was asked too much; one that lived longer had enough.
const youngFor = time.Minute

// A creditLimit is how many credits the sessions to one server may have in flight,
// each. Servers grant from 16 to some thousand and do not say how many; who asks
// for more than was granted loses the connection. So it starts with what nearly
// all grant, and takes less where sessions break early.
type creditLimit struct{ scarce atomic.Int32 }

// credits may be in flight on one session.
func (t *creditLimit) credits() int64 {
	return max(1, int64(smb.Credits)>>(3*t.scarce.Load()))
}

// lower takes an eighth.
func (t *creditLimit) lower() {
	if n := t.scarce.Load(); n < 2 {
		t.scarce.CompareAndSwap(n, n+1)
	}
}

// suspect takes an eighth, once: what a server does not accept may be wrong for
// another reason, for which nobody else shall wait.
func (t *creditLimit) suspect() { t.scarce.CompareAndSwap(0, 1) }

// weight is the part of what may be in flight on a session that a call takes: the whole stays as it
// was made, calls become heavier.
func (t *creditLimit) weight(credits int64) int64 {
	return min(smb.Credits, credits*smb.Credits/t.credits())
}

// chunk is how many bytes one read asks for at most.
func (t *creditLimit) chunk() int { return int(min(chunk, t.credits()*64<<10)) }
