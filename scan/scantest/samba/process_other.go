//go:build !unix

package samba

import "errors"

func supported() error { return errors.New("samba runs on unix only") }

type process struct{ ended chan struct{} }

func startProcess(string, ...string) (*process, error) { return nil, supported() }

func (p *process) said() string       { return "" }
func (p *process) stop(string) error  { return nil }
func (p *process) kill(string) error  { return nil }
func (p *process) freeze(bool) error  { return nil }
func (p *process) thaw() error        { return nil }
func (p *process) dropClients() error { return nil }
