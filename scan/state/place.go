package state

import (
	"database/sql"
	"sync"

	"github.com/kagiban/kagiban/scan"
)

var _ scan.Identifier = (*Run)(nil)

// places are the places that the targets of a run are, as far as known.
type places struct {
	mu    sync.Mutex
	names map[string]string // by target
}

// Identify implements scan.Identifier.
func (p *places) Identify(target, identity string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.names == nil {
		p.names = map[string]string{}
	}
	p.names[target] = identity
}

// changed reports whether a target was another place at its latest walk that was
// believed. One that is not known has not changed.
func (p *places) changed(s *session, id int64, target string) (bool, error) {
	p.mu.Lock()
	now := p.names[target]
	p.mu.Unlock()
	if now == "" {
		return false, nil
	}
	var before sql.NullString
	_, err := s.one("SELECT place FROM target WHERE id = ?", []any{id}, &before)
	return before.String != "" && before.String != now, err
}

// place takes down which place a target is, once its walk is believed.
func (p *places) place(s *session, id int64, target string) error {
	p.mu.Lock()
	now := p.names[target]
	p.mu.Unlock()
	if now == "" {
		return nil
	}
	return s.do("UPDATE target SET place = ? WHERE id = ?", now, id)
}
