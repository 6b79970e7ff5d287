package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// A Health is what a check of the state found.
type Health struct {
	Schema   int
	Bytes    int64    // that it takes
	Free     int64    // of these, given back by Compact
	Files    int64    // results, gone ones too
	Damage   []string // what is wrong; empty if all is well
	Unending int64    // runs that were killed: no harm, their files are scanned again
}

// bear enters damage that a question of the check came upon, and returns what is
// no damage.
func (h *Health) bear(err error) error {
	if err == nil || !damaged(err) {
		return err
	}
	if len(h.Damage) < 2*damageShown {
		h.Damage = append(h.Damage, err.Error())
	}
	return nil
}

// damageShown bounds Health.Damage.
const damageShown = 20

// errHopeless ends a check where nothing more can be asked.
var errHopeless = errors.New("nothing can be read")

// Check looks at the whole state: its structure, its references, and whether
// each result can be read.
func (d *DB) Check(ctx context.Context) (Health, error) {
	var h Health
	err := d.dialect.check(ctx, &h)
	if errors.Is(err, errHopeless) {
		return h, nil
	}
	if err == nil {
		err = h.bear(d.read.QueryRowContext(ctx, "SELECT count(*) FROM file").Scan(&h.Files))
	}
	if err != nil {
		return h, d.wrap(err)
	}
	h.Bytes = d.dialect.size(ctx)
	return h, errors.Join(d.checkResults(ctx, &h), d.checkPersons(ctx, &h))
}

func (d *DB) checkResults(ctx context.Context, h *Health) error {
	bad := 0
	for _, which := range []scan.Which{scan.Present, scan.Gone} {
		for res, err := range d.Results(ctx, which) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			text := ""
			if err != nil {
				text = err.Error()
			} else if isUnread(res) {
				text = scan.Say("the result of %q in %s cannot be read", res.Entry.Path, res.Entry.Target).String()
			}
			if text == "" {
				continue
			}
			if bad++; bad <= damageShown {
				h.Damage = append(h.Damage, text)
			}
		}
	}
	return nil
}

// checkPersons looks whether the packed persons are those that the results say.
func (d *DB) checkPersons(ctx context.Context, h *Health) error {
	rows, err := d.read.QueryContext(ctx, `
SELECT result.id, result.persons, packed FROM result LEFT JOIN persons ON persons.result = result.id ORDER BY result.id, part`)
	if err != nil {
		return h.bear(err)
	}
	defer rows.Close()
	var at, want int64
	sum := newChecksum()
	bad := func() {
		if sum.value() != want && len(h.Damage) < damageShown {
			h.Damage = append(h.Damage, scan.Say("the persons of result %d are not those that were found", at).String())
		}
	}
	for rows.Next() {
		var id, persons int64
		var packed sql.RawBytes
		if err := rows.Scan(&id, &persons, &packed); err != nil {
			return h.bear(scan.Errorf("%w: %w", ErrDamaged, err))
		}
		if id != at {
			bad()
			at, want, sum = id, persons, newChecksum()
		}
		sum.add(packed)
	}
	bad()
	return h.bear(rows.Err())
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

// Export writes all that is known of each file, a line of JSON for each, those
// that are gone after the others. Hashes of persons are left out, and numbers in
// names are masked: what is exported is read without the key.
func (d *DB) Export(ctx context.Context, out io.Writer) (n int64, err error) {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, which := range []scan.Which{scan.Present, scan.Gone} {
		for r, err := range d.Results(ctx, which) {
			if err != nil {
				return n, err
			}
			body, err := json.Marshal(toStored(r).masked())
			if err != nil {
				return n, err
			}
			err = enc.Encode(exported{
				Target: scan.MaskName(r.Entry.Target), Path: scan.MaskName(r.Entry.Path), Size: r.Entry.Size, ModTime: micros(r.Entry.ModTime), Changed: micros(r.Entry.ChangeTime),
				Revision: r.Revision, Seen: micros(r.History.FirstSeen), Found: micros(r.History.FirstFound), Last: micros(r.History.LastFound),
				Gone: micros(r.History.Gone), Result: body,
			})
			if err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}
