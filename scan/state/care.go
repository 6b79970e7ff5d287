package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// A Health is what a check of the state file found.
type Health struct {
	Schema   int
	Bytes    int64    // of the file
	Free     int64    // of these, given back by Compact
	Files    int64    // results, gone ones too
	Damage   []string // what is wrong; empty if all is well
	Unending int64    // runs that were killed: no harm, their files are scanned again
}

// damageShown bounds Health.Damage.
const damageShown = 20

// Check looks at the whole file: its structure, its references, and whether
// each result can be read.
func (d *DB) Check(ctx context.Context) (Health, error) {
	var h Health
	rows, err := d.read.QueryContext(ctx, fmt.Sprintf("PRAGMA integrity_check(%d)", damageShown))
	if err != nil {
		return h, d.wrap(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return h, d.wrap(err)
		}
		if text != "ok" {
			h.Damage = append(h.Damage, text)
		}
	}
	if err := rows.Err(); err != nil {
		return h, d.wrap(err)
	}
	var page, free, schema int64
	for _, q := range []struct {
		query string
		into  *int64
	}{
		{"PRAGMA page_size", &page},
		{"PRAGMA freelist_count", &free},
		{"PRAGMA user_version", &schema},
		{"SELECT count(*) FROM file", &h.Files},
		{"SELECT count(*) FROM run WHERE finished IS NULL", &h.Unending},
	} {
		if err := d.read.QueryRowContext(ctx, q.query).Scan(q.into); err != nil {
			return h, d.wrap(err)
		}
	}
	h.Schema, h.Free = int(schema), page*free
	if info, err := os.Stat(d.path); err == nil {
		h.Bytes = info.Size()
	}
	return h, errors.Join(d.checkReferences(ctx, &h), d.checkResults(ctx, &h))
}

func (d *DB) checkReferences(ctx context.Context, h *Health) error {
	var orphans int64
	if err := d.read.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&orphans); err != nil {
		return d.wrap(err)
	}
	if orphans > 0 {
		h.Damage = append(h.Damage, fmt.Sprintf("%d rows refer to what is not there", orphans))
	}
	return nil
}

func (d *DB) checkResults(ctx context.Context, h *Health) error {
	bad := 0
	for _, which := range []Which{Present, Gone} {
		for _, err := range d.Results(ctx, which) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err == nil {
				continue
			}
			if bad++; bad <= damageShown {
				h.Damage = append(h.Damage, err.Error())
			}
		}
	}
	return nil
}

// Compact gives unused space back and joins the journal. It needs room for a
// second copy of the file. ErrBusy while a scan is under way.
func (d *DB) Compact(ctx context.Context) error {
	ok, err := d.lock.TryLock()
	if err != nil {
		return d.wrap(err)
	}
	if !ok {
		return d.wrap(ErrBusy)
	}
	_, err = d.write.ExecContext(ctx, "VACUUM")
	if err == nil {
		_, err = d.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	}
	if err != nil {
		err = d.wrap(err)
	}
	return errors.Join(err, d.lock.Unlock())
}

// exported is a line of Export.
type exported struct {
	Target   string          `json:"target"`
	Path     string          `json:"path"`
	Size     int64           `json:"size"`
	ModTime  int64           `json:"mtime"` // unix microseconds, as all times here; 0 is never
	Changed  int64           `json:"ctime"`
	Revision string          `json:"revision"`
	Seen     int64           `json:"firstSeen"`
	Found    int64           `json:"firstFound"`
	Last     int64           `json:"lastFound"`
	Gone     int64           `json:"gone"`
	Result   json.RawMessage `json:"result"`
}

// Export writes all that is known of each file, a line of JSON for each, gone
// ones too, in the order of target and path. Hashes of persons are left out.
func (d *DB) Export(ctx context.Context, out io.Writer) (n int64, err error) {
	rows, err := d.read.QueryContext(ctx, `
SELECT target, path, size, mtime, ctime, revision, first_seen, first_found, last_found, gone, result FROM file ORDER BY target, path`)
	if err != nil {
		return 0, d.wrap(err)
	}
	defer rows.Close()
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for rows.Next() {
		var e exported
		var found, last, gone sql.NullInt64
		var body []byte
		if err := rows.Scan(&e.Target, &e.Path, &e.Size, &e.ModTime, &e.Changed, &e.Revision, &e.Seen, &found, &last, &gone, &body); err != nil {
			return n, d.wrap(err)
		}
		e.Found, e.Last, e.Gone, e.Result = found.Int64, last.Int64, gone.Int64, body
		if err := enc.Encode(e); err != nil {
			return n, err
		}
		n++
	}
	if err := rows.Err(); err != nil {
		return n, d.wrap(err)
	}
	return n, nil
}

func (d *DB) wrap(err error) error { return fmt.Errorf("state file %s: %w", d.path, err) }
