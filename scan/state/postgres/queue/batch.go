package queue

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

// Bounds of a batch of files. A large file is one of its own.
const (
	batchFiles = 200
	batchBytes = 64 << 20
	largeFile  = 32 << 20
)

// Losses of nodes after which a batch is split, and after which what is left of
// it is condemned.
const (
	splitAfter   = 2
	splitInto    = 8
	condemnAfter = 3
)

// maxVisits is how often one folder is listed: a server that resolves links by
// itself shows it under each of them.
const maxVisits = 8

// looped is the size of the batch of a folder that was.
const looped = -1

// A batch is one that this node has.
type batch struct {
	queue  *Queue
	task   scan.Task
	lane   string
	target int64
	token  int64
	job    *river.Job[jobArgs]
	cancel context.CancelCauseFunc
}

var _ scan.Batch = (*batch)(nil)

// Task implements scan.Batch.
func (b *batch) Task() scan.Task { return b.task }

// Add implements scan.Batch.
func (b *batch) Add(f scan.Further) scan.Completion { return &completion{batch: b, further: f} }

// Done implements scan.Batch.
func (b *batch) Done(f scan.Further) scan.Completion {
	return &completion{batch: b, further: f, ends: true}
}

// A completion is what a batch adds to the transaction that stores its results.
type completion struct {
	batch   *batch
	further scan.Further
	ends    bool
}

// CompleteIn implements scan.Completion.
func (c *completion) CompleteIn(ctx context.Context, tx any) error {
	t, ok := tx.(pgx.Tx)
	if !ok {
		return fmt.Errorf("a transaction of type %T: the queue lies in another database than the state", tx)
	}
	b := c.batch
	// The row is locked: nobody takes the batch away before this transaction ends.
	var state int
	err := t.QueryRow(ctx, "SELECT state FROM batch WHERE id = $1 AND token = $2 AND state = 1 FOR UPDATE", b.task.Batch, b.token).Scan(&state)
	if errors.Is(err, pgx.ErrNoRows) {
		return scan.ErrTaken
	}
	if err != nil {
		return err
	}
	if err := c.share(ctx, t); err != nil {
		return err
	}
	if !c.ends {
		return c.page(ctx, t)
	}
	did := c.further.Figures
	tag, err := t.Exec(ctx, `
UPDATE batch SET state = 2, until = NULL, entries = NULL, files = files + $3, bytes = bytes + $4, found = found + $5, problems = problems + $6
WHERE id = $1 AND token = $2`, b.task.Batch, b.token, did.Files, did.Bytes, did.Found, did.Problems)
	if err != nil {
		return err
	}
	if tag.RowsAffected() != 1 {
		return scan.ErrTaken
	}
	job, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, t, b.job)
	if err != nil {
		return err
	}
	if job.State != rivertype.JobStateCompleted { // River says so without an error
		return scan.ErrTaken
	}
	return nil
}

// page counts what was stored before the end of the batch.
func (c *completion) page(ctx context.Context, tx pgx.Tx) error {
	did := c.further.Figures
	_, err := tx.Exec(ctx, "UPDATE batch SET files = files + $2, bytes = bytes + $3, found = found + $4, problems = problems + $5 WHERE id = $1",
		c.batch.task.Batch, did.Files, did.Bytes, did.Found, did.Problems)
	return err
}

// share makes batches of what was found.
func (c *completion) share(ctx context.Context, tx pgx.Tx) error {
	b := c.batch
	add := newBatches(b.target, b.queue.names)
	for _, e := range c.further.Folders {
		add.folder(e, b.task.Above)
	}
	for _, files := range pack(c.further.Files) {
		if err := add.files(b.task.Folder, files, 0); err != nil {
			return err
		}
	}
	return add.insert(ctx, tx, b.queue, b.lane)
}

// pack makes batches of files: of so many, of so many bytes, large ones alone.
func pack(files []scan.Entry) [][]scan.Entry {
	var list [][]scan.Entry
	var at []scan.Entry
	var bytes int64
	for _, e := range files {
		if e.Size >= largeFile {
			list = append(list, []scan.Entry{e})
			continue
		}
		if len(at) == batchFiles || bytes+e.Size > batchBytes && len(at) > 0 {
			list, at, bytes = append(list, at), nil, 0
		}
		at, bytes = append(at, e), bytes+e.Size
	}
	if len(at) > 0 {
		list = append(list, at)
	}
	return list
}

// batches are rows to be added.
type batches struct {
	target     int64
	names      *seal.Names
	folders    [][]byte
	pages      []int32 // 0: to be listed, else to be numbered
	identities []int64
	above      [][]int64
	entries    [][]byte
	sizes      []int32
	losses     []int32
}

func newBatches(target int64, names *seal.Names) *batches {
	return &batches{target: target, names: names}
}

func (a *batches) folder(e scan.Entry, above []uint64) {
	var ids []int64
	for _, id := range above {
		ids = append(ids, int64(id))
	}
	if e.ID != 0 {
		ids = append(ids, int64(e.ID))
	}
	a.add(e.Path, 0, int64(e.ID), ids, nil, 0, 0)
}

func (a *batches) files(folder string, files []scan.Entry, losses int) error {
	body, err := encode(files, a.names.Seal)
	if err != nil {
		return err
	}
	a.add(folder, 1, 0, nil, body, len(files), losses)
	return nil
}

func (a *batches) add(folder string, page int, identity int64, above []int64, entries []byte, size, losses int) {
	a.folders, a.pages, a.identities = append(a.folders, []byte(a.names.Seal(folder))), append(a.pages, int32(page)), append(a.identities, identity)
	a.above, a.entries = append(a.above, above), append(a.entries, entries)
	a.sizes, a.losses = append(a.sizes, int32(size)), append(a.losses, int32(losses))
}

// insert adds the rows and a job for each that is new. A folder that was added
// before is left alone; one that was met too often under other paths is looped.
func (a *batches) insert(ctx context.Context, tx pgx.Tx, q *Queue, lane string) error {
	if len(a.folders) == 0 {
		return nil
	}
	send := &pgx.Batch{}
	var added []leased
	for i := range a.folders {
		query := `
INSERT INTO batch (target, folder, page, identity, above, entries, size, losses)
SELECT $1::bigint, $2::bytea, CASE WHEN $3::int = 0 THEN 0 ELSE coalesce((SELECT max(page) FROM batch WHERE target = $1 AND folder = $2), 0) + 1 END,
	$4::bigint, coalesce($5::bigint[], '{}'), $6::bytea,
	CASE WHEN $4 <> 0 AND (SELECT count(*) FROM batch WHERE target = $1 AND identity = $4) >= $9::int THEN $10::int ELSE $7::int END, $8::int
ON CONFLICT (target, folder, page) DO NOTHING RETURNING id, token`
		send.Queue(query, a.target, a.folders[i], a.pages[i], a.identities[i], a.above[i], a.entries[i], a.sizes[i], a.losses[i], maxVisits, looped).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				var b leased
				if err := rows.Scan(&b.id, &b.token); err != nil {
					return err
				}
				added = append(added, b)
			}
			return rows.Err()
		})
	}
	if err := tx.SendBatch(ctx, send).Close(); err != nil {
		return err
	}
	return q.enqueue(ctx, tx, lane, added)
}

// A storedEntry is a file as a batch holds it.
type storedEntry struct {
	Path            string
	Size            int64
	ModTime, Change time.Time
	ID              uint64
	Owner           string
}

func encode(files []scan.Entry, stored func(name string) string) ([]byte, error) {
	list := make([]storedEntry, len(files))
	for i, e := range files {
		list[i] = storedEntry{stored(e.Path), e.Size, e.ModTime, e.ChangeTime, e.ID, stored(e.Owner)}
	}
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(list)
	return b.Bytes(), err
}

func decode(target string, body []byte, name func(stored string) string) ([]scan.Entry, error) {
	var list []storedEntry
	if err := gob.NewDecoder(bytes.NewReader(body)).Decode(&list); err != nil {
		return nil, fmt.Errorf("files of a batch: %w", err)
	}
	files := make([]scan.Entry, len(list))
	for i, e := range list {
		files[i] = scan.Entry{Target: target, Path: name(e.Path), Size: e.Size, ModTime: e.ModTime, ChangeTime: e.Change, ID: e.ID, Owner: name(e.Owner)}
	}
	return files, nil
}
