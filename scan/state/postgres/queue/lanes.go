package queue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kagiban/kagiban/scan"
	"github.com/riverqueue/river"
)

// A lane is a queue of River: the batches of one run on one server, for nodes with
// certain labels. A node works on it with as many batches at a time as it has slots
// of that server, of which there are so many for all nodes together. It keeps them
// for many batches, since a session with the server lasts as long.
type lane struct {
	name, server string
	slots        []int
	added        bool // to River's client
	leaving      bool
	idle         int // beats without work in a row
	spare        int // beats with work and a free slot in a row
}

// After so many beats without work a lane is left; after so many with work and slots
// that nobody takes it is left to be taken again with more.
const (
	idleBeats  = 3
	spareBeats = 5
)

// A candidate is a lane with work that this node may do.
type candidate struct {
	name, server string
	slots        int // of the server
	free         int // of these
	waiting      bool
}

// lanes are those that a node works on.
type lanes struct {
	*Node
	all    map[string]*lane
	greedy map[string]bool // by name, those that others leave slots of
	hungry bool            // there is work, and no slot for this node
	says   string          // why it does not work on a run
}

// choose takes slots of servers with work and returns those it has no use for.
func (n *lanes) choose(ctx context.Context) error {
	found, says, err := n.candidates(ctx)
	if err != nil {
		return err
	}
	hungryOthers, others, err := n.others(ctx)
	if err != nil {
		return err
	}
	n.mu.Lock()
	draining, held := n.draining, 0
	n.says = says.String()
	for _, l := range n.all {
		held += len(l.slots)
	}
	n.mu.Unlock()
	for _, l := range n.held() {
		i := slices.IndexFunc(found, func(c candidate) bool { return c.name == l.name })
		switch {
		case l.leaving:
		case i < 0 || draining:
			l.leaving = true // paused, ended, outside of its window, or the node drains
		case found[i].waiting:
			l.idle = 0
		default:
			l.idle++
			l.leaving = l.idle > idleBeats
		}
		if i >= 0 && found[i].waiting && found[i].free > 0 && held < n.cfg.Batches && hungryOthers == 0 {
			l.spare++
			l.leaving = l.leaving || l.spare > spareBeats
		} else {
			l.spare = 0
		}
		if hungryOthers > 0 && len(l.slots) > 1 {
			l.leaving = true // it comes again with fewer
		}
		if l.leaving {
			n.greedy[l.name] = l.spare > spareBeats
			if err := n.leaveLane(ctx, l); err != nil {
				return err
			}
		}
	}
	if draining {
		return nil
	}
	return n.takeLanes(ctx, found, n.cfg.Batches-held, others)
}

// held returns the lanes of the node. They are changed by the beats only.
func (n *lanes) held() []*lane {
	n.mu.Lock()
	defer n.mu.Unlock()
	var list []*lane
	for _, l := range n.all {
		list = append(list, l)
	}
	return list
}

// takeLanes takes slots where there is work. Without any left for this node it is hungry.
func (n *lanes) takeLanes(ctx context.Context, found []candidate, room, others int) error {
	rand.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
	hungry := false
	for _, c := range found {
		n.mu.Lock()
		_, has := n.all[c.name]
		n.mu.Unlock()
		if has || !c.waiting || room <= 0 {
			continue
		}
		// With others around each takes its part first.
		want := max(1, min(room, (c.slots+others)/(others+1)))
		if n.greedy[c.name] {
			want = max(1, min(room, c.free))
		}
		taken, err := n.takeSlots(ctx, c, want)
		if err != nil {
			return err
		}
		if len(taken) == 0 {
			hungry = true
			continue
		}
		if err := n.addLane(&lane{name: c.name, server: c.server, slots: taken}); err != nil {
			return err
		}
		room -= len(taken)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hungry = hungry && len(n.all) == 0
	if n.cfg.Idle != nil && len(n.all) == 0 {
		n.cfg.Idle(len(found))
	}
	return nil
}

func (n *lanes) addLane(l *lane) error {
	err := n.client.Queues().Add(l.name, river.QueueConfig{MaxWorkers: len(l.slots)})
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	l.added = true
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all[l.name] = l
	return nil
}

// leaveLane fetches no more of a lane. Its slots are free once its batches are
// done; a beat does not wait for that.
func (n *lanes) leaveLane(ctx context.Context, l *lane) error {
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	err := n.client.Queues().Remove(short, l.name)
	var gone *river.QueueNotFoundError
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		return n.returnSpare(ctx, l) // the next beat asks again
	case err != nil && !errors.As(err, &gone):
		return err
	}
	if err := n.returnSlots(ctx, l, 0); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.all, l.name)
	return nil
}

// returnSpare returns the slots of a lane that its batches under way have no use
// for: one of them may take hours.
func (n *lanes) returnSpare(ctx context.Context, l *lane) error {
	n.mu.Lock()
	busy := 0
	for _, b := range n.has {
		if b.lane == l.name {
			busy++
		}
	}
	n.mu.Unlock()
	return n.returnSlots(ctx, l, busy)
}

// returnSlots returns all slots of a lane but so many.
func (n *lanes) returnSlots(ctx context.Context, l *lane, keep int) error {
	if len(l.slots) <= keep {
		return nil
	}
	spare := l.slots[keep:]
	_, err := n.queue.pool.Exec(ctx, "UPDATE slot SET node = NULL, until = NULL WHERE server = $1 AND number = ANY($2) AND node = $3", l.server, spare, n.id)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	l.slots = l.slots[:keep]
	return nil
}

// share is the part of a server's limits that is this node's on a lane.
func (n *lanes) share(name string, slots int) float64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.all[name]
	if l == nil || slots <= 0 {
		return 1 / float64(max(slots, 1))
	}
	return float64(len(l.slots)) / float64(slots)
}

// takeSlots takes up to so many free slots of a server.
func (n *lanes) takeSlots(ctx context.Context, c candidate, want int) (taken []int, err error) {
	err = inTx(ctx, n.queue.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO slot (server, number) SELECT $1, generate_series(1, $2::int) ON CONFLICT DO NOTHING", c.server, c.slots); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
UPDATE slot SET node = $3, until = now() + $5 WHERE (server, number) IN (
	SELECT server, number FROM slot WHERE server = $1 AND number <= $2 AND (node IS NULL OR until < now()) ORDER BY number LIMIT $4 FOR UPDATE SKIP LOCKED)
RETURNING number`, c.server, c.slots, n.id, want, slotHeld)
		if err != nil {
			return err
		}
		taken, err = pgx.CollectRows(rows, pgx.RowTo[int])
		return err
	})
	return taken, err
}

// A slot is one of a server.
type slot struct {
	server string
	number int
}

// renewSlots renews the slots of the node and returns those that it has.
func (n *lanes) renewSlots(ctx context.Context, tx pgx.Tx) (map[slot]bool, error) {
	rows, err := tx.Query(ctx, "UPDATE slot SET until = now() + $2 WHERE node = $1 RETURNING server, number", n.id, slotHeld)
	if err != nil {
		return nil, err
	}
	has := map[slot]bool{}
	var s slot
	_, err = pgx.ForEachRow(rows, []any{&s.server, &s.number}, func() error { has[s] = true; return nil })
	return has, err
}

// keepSlots leaves the lanes of which a slot has gone to another node, since this
// one was silent for too long: they are taken again with what is free. n.mu is held.
func (n *lanes) keepSlots(has map[slot]bool) {
	for _, l := range n.all {
		was := len(l.slots)
		l.slots = slices.DeleteFunc(l.slots, func(number int) bool { return !has[slot{l.server, number}] })
		l.leaving = l.leaving || len(l.slots) < was
	}
}

// candidates are the lanes of runs under way that this node may work on.
func (n *lanes) candidates(ctx context.Context) (list []candidate, says scan.Text, err error) {
	rows, err := n.queue.pool.Query(ctx, `
SELECT t.lane, t.server, t.slots, t.slots - (SELECT count(*) FROM slot WHERE slot.server = t.server AND number <= t.slots AND node IS NOT NULL AND until >= now())::int, t.name, t.settings, t.labels, r.run, r.version, r.rules,
	EXISTS (SELECT 1 FROM batch WHERE batch.target = t.id AND batch.state = 0)
FROM shared_run r JOIN shared_target t ON t.run = r.run WHERE r.ended IS NULL AND r.wanted = 'go' AND t.state = 'open' ORDER BY r.run, t.id`)
	if err != nil {
		return nil, scan.Text{}, err
	}
	var c candidate
	var name, settings []byte
	var labels []string
	var run int64
	var version, rules string
	_, err = pgx.ForEachRow(rows, []any{&c.name, &c.server, &c.slots, &c.free, &name, &settings, &labels, &run, &version, &rules, &c.waiting}, func() error {
		if why := n.refuses(run, version, rules); !why.Empty() {
			says = why
			return nil
		}
		if len(labels) > 0 && !slices.ContainsFunc(labels, func(l string) bool { return slices.Contains(n.cfg.Labels, l) }) || !n.takes(n.queue.names.Open(string(name)), []byte(n.queue.names.Open(string(settings)))) {
			return nil
		}
		if i := slices.IndexFunc(list, func(o candidate) bool { return o.name == c.name }); i >= 0 {
			list[i].waiting = list[i].waiting || c.waiting
			return nil
		}
		list = append(list, c)
		return nil
	})
	if !says.Empty() && says.String() != n.says {
		n.cfg.Notice(says)
	}
	return list, says, err
}

// refuses says why the node must not work on a run: its results would not be
// those of the others.
func (n *lanes) refuses(run int64, version, rules string) scan.Text {
	switch {
	case version != n.cfg.Version:
		return scan.Say("run %d is of kagiban %s, this node is %s: install the same version on all nodes", run, version, n.cfg.Version)
	case rules != n.cfg.Rules:
		return scan.Say("run %d has other rules or another hash key than this node: use the same key file, detection settings and declared passwords on all nodes", run)
	}
	return scan.Text{}
}

// others are the other nodes that live, and how many of them have no slot for
// the work there is.
func (n *lanes) others(ctx context.Context) (hungry, all int, err error) {
	err = n.queue.pool.QueryRow(ctx, "SELECT count(*) FILTER (WHERE hungry), count(*) FROM node WHERE state = 'active' AND id <> $1 AND seen > now() - $2::interval", n.id, slotHeld).
		Scan(&hungry, &all)
	return hungry, all, err
}
