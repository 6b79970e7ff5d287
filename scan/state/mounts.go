package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"sync"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

var _ scan.Identifier = (*Run)(nil)

// runMounts are those that the targets of a run reach into, as far as met.
type runMounts struct {
	mu  sync.Mutex
	met map[string]scan.Mounts // by target
}

// Identify implements scan.Identifier.
func (p *runMounts) Identify(target string, met scan.Mounts) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.met == nil {
		p.met = map[string]scan.Mounts{}
	}
	if p.met[target] == nil {
		p.met[target] = scan.Mounts{}
	}
	maps.Copy(p.met[target], met)
}

// of returns what was met of a target.
func (p *runMounts) of(target string) scan.Mounts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.met[target])
}

// Mounts implements scan.Identifier.
func (r *Run) Mounts(ctx context.Context, target string) (known scan.Mounts, err error) {
	err = r.atTarget(ctx, target, func(s *session, id int64) error {
		known, err = s.mounts(id)
		return err
	})
	return known, err
}

// mounts are those of the latest walk of a target that was believed.
func (s *session) mounts(id int64) (scan.Mounts, error) {
	var text sql.NullString
	if _, err := s.one("SELECT place FROM target WHERE id = ?", []any{id}, &text); err != nil || text.String == "" {
		return nil, err
	}
	known := scan.Mounts{}
	if json.Unmarshal([]byte(text.String), &known) != nil {
		known = scan.Mounts{"": text.String} // from before folders had some of their own
	}
	return known, nil
}

// changed returns the folder of a target in which there was another one at its
// latest walk that was believed. What was not met then has not changed, nor has a
// folder below the target of which no file is known.
func (p *runMounts) changed(s *session, id int64, target string) (folder string, changed bool, err error) {
	known, err := s.mounts(id)
	if err != nil {
		return "", false, err
	}
	for folder, now := range p.of(target) {
		if before := known[folder]; before == "" || before == now {
			continue
		}
		if folder == "" {
			return "", true, nil
		}
		if filed, err := s.filed(id, folder); err != nil || filed {
			return folder, filed, err
		}
	}
	return "", false, nil
}

// filed reports whether files are known in a folder or below it.
func (s *session) filed(target int64, folder string) (bool, error) {
	var some int64
	return s.one(`
SELECT 1 FROM directory JOIN file ON file.directory = directory.id
WHERE directory.target = ?1 AND (directory.path = ?2 OR directory.path > ?3 AND directory.path < ?4) AND gone IS NULL LIMIT 1`,
		[]any{target, folder, folder + "/", folder + "0"}, &some) // '0' is what follows '/'
}

// takeDown stores which ones a target reaches into, once its walk is believed.
func (p *runMounts) takeDown(s *session, id int64, target string) error {
	now := p.of(target)
	if len(now) == 0 {
		return nil
	}
	known, err := s.mounts(id)
	if err != nil {
		return err
	}
	if known == nil {
		known = scan.Mounts{}
	}
	maps.Copy(known, now)
	maps.DeleteFunc(known, func(_, mount string) bool { return mount == scan.MountGone })
	text, err := json.Marshal(known)
	if err != nil {
		return err
	}
	return s.do("UPDATE target SET place = ? WHERE id = ?", seal.JSON(text), id)
}
