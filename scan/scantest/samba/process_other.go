//go:build !unix

package samba

import (
	"errors"

	"github.com/kagiban/kagiban/scan/scantest/internal/child"
)

func supported() error { return errors.New("samba runs on unix only") }

type process struct{ *child.Child }

func startProcess(string, ...string) (*process, error) { return nil, supported() }

func (p *process) stop(string) error  { return nil }
func (p *process) kill(string) error  { return nil }
func (p *process) freeze(bool) error  { return nil }
func (p *process) thaw() error        { return nil }
func (p *process) dropClients() error { return nil }
