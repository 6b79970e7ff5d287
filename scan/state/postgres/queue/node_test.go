package queue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/kagiban/kagiban/scan"
)

// start makes a queue with a run over some targets.
func start(t *testing.T, targets ...Target) *Queue {
	t.Helper()
	q, err := Open(database(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range targets {
		targets[i].Settings = []byte("{}")
	}
	if err := q.Start(t.Context(), Spec{Run: 1, Version: "1", Rules: "r", Targets: targets}); err != nil {
		t.Fatal(err)
	}
	return q
}

// serve runs a node until stop is called.
func serve(t *testing.T, q *Queue, cfg NodeConfig, do func(context.Context, scan.Batch) error) (n *Node, stop func()) {
	t.Helper()
	if cfg.Version == "" {
		cfg.Version, cfg.Rules = "1", "r"
	}
	ctx, cancel := context.WithCancel(context.Background())
	n = q.NewNode(cfg)
	var group sync.WaitGroup
	group.Go(func() {
		if err := n.Serve(ctx, do); err != nil {
			t.Error(err)
		}
	})
	stop = sync.OnceFunc(func() { cancel(); group.Wait() })
	t.Cleanup(stop)
	return n, stop
}

func (q *Queue) must(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := q.pool.Exec(context.Background(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// expire lets the leases run out, as if their nodes had been silent.
func (q *Queue) expire(t *testing.T) {
	q.must(t, "UPDATE batch SET until = now() - interval '1 second' WHERE state = 1")
}

const filesOfTree = (1 + 5 + 25 + 125) * 10

// TestFrozenNode: a node stands still, its batches go to another one, and it goes
// on. What it has to say is worth nothing then.
func TestFrozenNode(t *testing.T) {
	t.Parallel()
	q := start(t, Target{Name: "a", Server: "s", Slots: 4})
	frozen, thaw := make(chan struct{}), make(chan struct{})
	var once1 sync.Once
	var late atomic.Value
	slow := treeNode{pool: q.pool, name: "slow"}
	_, stop := serve(t, q, NodeConfig{Name: "slow"}, func(ctx context.Context, b scan.Batch) error {
		stand := false
		if b.Task().Files != nil {
			once1.Do(func() { stand = true })
		}
		if !stand {
			return slow.do(ctx, b)
		}
		close(frozen)
		<-thaw
		err := slow.do(context.WithoutCancel(ctx), b)
		late.Store(fmt.Sprint(err))
		return err
	})
	<-frozen
	// The node renews its leases each second; this one is taken between two beats.
	for done := false; !done; time.Sleep(20 * time.Millisecond) {
		q.expire(t)
		if err := q.reap(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := q.pool.QueryRow(t.Context(), "SELECT EXISTS (SELECT 1 FROM batch WHERE losses > 0)").Scan(&done); err != nil {
			t.Fatal(err)
		}
	}
	serve(t, q, NodeConfig{Name: "quick"}, treeNode{pool: q.pool, name: "quick"}.do)
	times := finish(t, q, 1)
	close(thaw)
	stop()
	if text, _ := late.Load().(string); !strings.Contains(text, scan.ErrTaken.Error()) {
		t.Errorf("the frozen node was told %q", text)
	}
	once(t, times, filesOfTree)
}

// TestFileThatKillsNodes: the batch becomes smaller until the file is alone in it,
// and then it is condemned; all others are done once.
func TestFileThatKillsNodes(t *testing.T) {
	t.Parallel()
	q := start(t, Target{Name: "a", Server: "s", Slots: 4})
	deaths, condemned := atomic.Int64{}, atomic.Int64{}
	good := treeNode{pool: q.pool, name: "n"}
	serve(t, q, NodeConfig{Name: "n"}, func(ctx context.Context, b scan.Batch) error {
		task := b.Task()
		for _, e := range task.Files {
			if e.Path != "2/3/004" {
				continue
			}
			if task.Condemned {
				condemned.Add(1)
				return good.do(ctx, b)
			}
			deaths.Add(1)
			panic("as good as a dead node: nobody ends the batch")
		}
		return good.do(ctx, b)
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			_, _ = q.pool.Exec(ctx, `UPDATE batch SET until = now() - interval '1 second' WHERE state = 1 AND folder = '2/3' AND page > 0`)
			time.Sleep(50 * time.Millisecond)
		}
	}()
	once(t, finish(t, q, 1), filesOfTree)
	if condemned.Load() != 1 || deaths.Load() > 6 {
		t.Errorf("condemned %d times after %d deaths", condemned.Load(), deaths.Load())
	}
}

// TestLimitOfAServer: all nodes together keep to the slots of a server.
func TestLimitOfAServer(t *testing.T) {
	t.Parallel()
	q := start(t, Target{Name: "a", Server: "s", Slots: 2}, Target{Name: "b", Server: "s", Slots: 2})
	var now, most atomic.Int64
	for i := range 3 {
		n := treeNode{pool: q.pool, name: fmt.Sprint(i), wait: func(scan.Task) {
			at := now.Add(1)
			for was := most.Load(); at > was && !most.CompareAndSwap(was, at); was = most.Load() {
			}
			time.Sleep(time.Millisecond)
			now.Add(-1)
		}}
		serve(t, q, NodeConfig{Name: n.name, Batches: 8}, n.do)
	}
	finish(t, q, 1)
	if most.Load() > 2 {
		t.Errorf("%d batches at a time on a server with 2 slots", most.Load())
	}
}

func TestWhoWorksOnWhat(t *testing.T) {
	t.Parallel()
	q := start(t, Target{Name: "a", Server: "s", Slots: 1, Labels: []string{"osaka"}}, Target{Name: "b", Server: "u", Slots: 1})
	var mu sync.Mutex
	by := map[string]string{}
	said := ""
	do := func(name string) func(context.Context, scan.Batch) error {
		n := treeNode{pool: q.pool, name: name}
		return func(ctx context.Context, b scan.Batch) error {
			mu.Lock()
			by[b.Task().Target] += name
			mu.Unlock()
			return n.do(ctx, b)
		}
	}
	serve(t, q, NodeConfig{Name: "old", Version: "0", Rules: "r"}, do("old"))
	serve(t, q, NodeConfig{Name: "other", Version: "1", Rules: "x", Notice: func(text scan.Text, _ ...any) { mu.Lock(); said = text.String(); mu.Unlock() }}, do("other"))
	serve(t, q, NodeConfig{Name: "tokyo", Labels: []string{"tokyo"}}, do("t"))
	serve(t, q, NodeConfig{Name: "osaka", Labels: []string{"osaka"}, Takes: func(target string, _ []byte) bool { return target == "a" }}, do("o"))
	finish(t, q, 1)
	mu.Lock()
	defer mu.Unlock()
	if strings.Trim(by["a"], "o") != "" || strings.Trim(by["b"], "t") != "" || by["a"] == "" || by["b"] == "" {
		t.Errorf("%.40v", by)
	}
	if !strings.Contains(said, "hash key") {
		t.Errorf("the node with other rules says %q", said)
	}
}

func TestPauseAndCancel(t *testing.T) {
	t.Parallel()
	q := start(t, Target{Name: "a", Server: "s", Slots: 2})
	var done atomic.Int64
	begun := make(chan struct{}, 1)
	n := treeNode{pool: q.pool, name: "n"}
	serve(t, q, NodeConfig{Name: "n"}, func(ctx context.Context, b scan.Batch) error {
		select {
		case begun <- struct{}{}:
		default:
		}
		time.Sleep(5 * time.Millisecond)
		done.Add(1)
		return n.do(ctx, b)
	})
	<-begun
	if run, err := q.Control(t.Context(), 0, Pause); err != nil || run != 1 {
		t.Fatal(run, err)
	}
	leased := 1
	for leased > 0 {
		if err := q.pool.QueryRow(t.Context(), "SELECT count(*)::int FROM batch WHERE state = 1").Scan(&leased); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * beat)
	}
	rests := done.Load()
	if time.Sleep(2 * beat); done.Load() != rests {
		t.Errorf("%d batches were done in a pause", done.Load()-rests)
	}
	if _, err := q.Control(t.Context(), 1, Go); err != nil {
		t.Fatal(err)
	}
	for done.Load() == rests {
		time.Sleep(10 * time.Millisecond)
	}
	if _, err := q.Control(t.Context(), 1, Cancel); err != nil {
		t.Fatal(err)
	}
	ended, _, err := q.Ended(t.Context(), 1)
	if err != nil || len(ended) != 1 || ended[0].Failed == "" {
		t.Errorf("%+v, %v", ended, err)
	}
	finish(t, q, 1)
	if err := q.End(t.Context(), 1, time.Hour); err != nil {
		t.Error(err)
	}
	if _, err := q.Control(t.Context(), 0, Pause); !errors.Is(err, ErrNoRun) {
		t.Error(err)
	}
}

// TestTargetThatIsNotReached is given up after some tries; the others are done.
func TestTargetThatIsNotReached(t *testing.T) {
	t.Parallel()
	q := start(t, Target{Name: "down", Server: "s", Slots: 2}, Target{Name: "up", Server: "u", Slots: 2})
	n := treeNode{pool: q.pool, name: "n"}
	serve(t, q, NodeConfig{Name: "n"}, func(ctx context.Context, b scan.Batch) error {
		if b.Task().Target == "down" {
			return &scan.ListError{Err: scan.ErrStalled}
		}
		return n.do(ctx, b)
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			_, _ = q.pool.Exec(ctx, "UPDATE river_job SET state = 'available', scheduled_at = now() WHERE scheduled_at > now()") // time flies
			time.Sleep(50 * time.Millisecond)
		}
	}()
	once(t, finish(t, q, 1), filesOfTree)
	sum, err := q.Summary(t.Context(), 1)
	if err != nil || len(sum) != 2 || sum[0].Failed == "" || sum[1].Failed != "" || sum[1].Files != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
}

// TestNodeThatLeaves puts back what it has, which is no loss.
func TestNodeThatLeaves(t *testing.T) {
	t.Parallel()
	q := start(t, Target{Name: "a", Server: "s", Slots: 2})
	begun := make(chan struct{})
	var first sync.Once
	n := treeNode{pool: q.pool, name: "n"}
	_, stop := serve(t, q, NodeConfig{Name: "leaves"}, func(ctx context.Context, b scan.Batch) error {
		first.Do(func() { close(begun) })
		<-ctx.Done()
		return ctx.Err()
	})
	<-begun
	stop()
	var losses, leased int
	if err := q.pool.QueryRow(t.Context(), "SELECT coalesce(sum(losses), 0)::int, count(*) FILTER (WHERE state = 1)::int FROM batch").Scan(&losses, &leased); err != nil || losses+leased > 0 {
		t.Errorf("%d losses and %d leases after a node has left, %v", losses, leased, err)
	}
	q.must(t, "UPDATE river_job SET state = 'available', scheduled_at = now() WHERE state = 'scheduled'")
	serve(t, q, NodeConfig{Name: "stays"}, n.do)
	once(t, finish(t, q, 1), filesOfTree)
}

// TestCompletionIsFenced: whatever River says of the job, results are stored only
// under the token that holds.
func TestCompletionIsFenced(t *testing.T) {
	t.Parallel()
	q := start(t, Target{Name: "a", Server: "s", Slots: 2})
	said := make(chan error, 1)
	var first sync.Once
	n := treeNode{pool: q.pool, name: "n"}
	serve(t, q, NodeConfig{Name: "n"}, func(ctx context.Context, b scan.Batch) error {
		stale := false
		first.Do(func() { stale = true })
		if !stale {
			return n.do(ctx, b)
		}
		q.must(t, "UPDATE batch SET token = token + 1, state = 0 WHERE id = $1", b.Task().Batch)
		err := inTx(ctx, q.pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO done VALUES ('twice', 'stale')"); err != nil {
				return err
			}
			return b.Done(further(b.Task())).CompleteIn(ctx, tx)
		})
		said <- err
		q.must(t, "DELETE FROM batch WHERE id = $1", b.Task().Batch)
		return err
	})
	if err := <-said; !errors.Is(err, scan.ErrTaken) {
		t.Errorf("%v, want %v", err, scan.ErrTaken)
	}
	if times := finish(t, q, 1); times["twice"] != 0 {
		t.Error("a stale batch was stored")
	}
}

// TestRunThatIsLost: a run of which nothing stands in the database is no run that
// is done.
func TestRunThatIsLost(t *testing.T) {
	t.Parallel()
	q := start(t, Target{Name: "a", Server: "s", Slots: 1})
	if _, all, err := q.Ended(t.Context(), 2); all || !errors.Is(err, ErrNoRun) {
		t.Errorf("done: %v, %v", all, err)
	}
	// What is said twice, since the first answer was lost, is done once.
	spec := Spec{Run: 1, Version: "1", Rules: "r", Targets: []Target{{Name: "a", Server: "s", Settings: []byte("{}")}}}
	if err := q.Start(t.Context(), spec); err != nil {
		t.Error(err)
	}
	n := treeNode{pool: q.pool, name: "n"}
	serve(t, q, NodeConfig{Name: "n"}, n.do)
	once(t, finish(t, q, 1), filesOfTree)
	before, err := q.Summary(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Concluded(t.Context(), 1, "a", "other"); err != nil {
		t.Error(err)
	}
	if after, err := q.Summary(t.Context(), 1); err != nil || len(after) != 1 || !cmp.Equal(after[0], before[0]) {
		t.Errorf("%+v became %+v, %v", before, after, err)
	}
}

// TestJobsWithoutNodes: a node was lost between the job and the lease; jobs were
// lost altogether.
func TestJobsWithoutNodes(t *testing.T) {
	t.Parallel()
	for what, fault := range map[string]string{
		"held by a dead node": "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now() - interval '1 minute', attempted_by = '{dead}'",
		"gone":                "DELETE FROM river_job",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			q := start(t, Target{Name: "a", Server: "s", Slots: 2})
			q.must(t, fault)
			n := treeNode{pool: q.pool, name: "n"}
			serve(t, q, NodeConfig{Name: "n"}, n.do)
			once(t, finish(t, q, 1), filesOfTree)
		})
	}
}

// TestSlotsThatAreLost: a node that was silent for so long that another one has its
// slots leaves the server, and takes what is free.
func TestSlotsThatAreLost(t *testing.T) {
	t.Parallel()
	q := start(t, Target{Name: "a", Server: "s", Slots: 2})
	hold := make(chan struct{})
	n, _ := serve(t, q, NodeConfig{Name: "silent"}, func(ctx context.Context, b scan.Batch) error {
		<-hold
		return treeNode{pool: q.pool, name: "n"}.do(ctx, b)
	})
	held := func() (slots int) {
		n.mu.Lock()
		defer n.mu.Unlock()
		for _, l := range n.lanes.all {
			slots += len(l.slots)
		}
		return slots
	}
	for held() != 2 {
		time.Sleep(10 * time.Millisecond)
	}
	q.must(t, "UPDATE slot SET node = -1, until = now() + interval '1 hour' WHERE number = 2")
	for held() == 2 {
		time.Sleep(10 * time.Millisecond)
	}
	close(hold)
	once(t, finish(t, q, 1), filesOfTree)
	if held() > 1 {
		t.Errorf("%d slots, and one of the two is another node's", held())
	}
}

// TestFolderUnderManyPaths: a folder that a server shows under path after path is
// listed some times, and then reported as a loop, not passed over.
func TestFolderUnderManyPaths(t *testing.T) {
	t.Parallel()
	q := start(t, Target{Name: "a", Server: "s", Slots: 1})
	var listed, loops atomic.Int64
	serve(t, q, NodeConfig{Name: "n"}, func(ctx context.Context, b scan.Batch) error {
		task := b.Task()
		var f scan.Further
		switch {
		case task.Looped:
			loops.Add(1)
		case task.Folder == "":
			for i := range 20 {
				f.Folders = append(f.Folders, scan.Entry{Path: fmt.Sprint(i), ID: 7, Folder: true})
			}
		default:
			listed.Add(1)
		}
		return inTx(ctx, q.pool, func(tx pgx.Tx) error { return b.Done(f).CompleteIn(ctx, tx) })
	})
	finish(t, q, 1)
	if listed.Load() != maxVisits || loops.Load() != 20-maxVisits {
		t.Errorf("listed %d times and reported %d times, want %d and %d", listed.Load(), loops.Load(), maxVisits, 20-maxVisits)
	}
}
