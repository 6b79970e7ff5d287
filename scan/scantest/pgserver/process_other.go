//go:build !unix

package pgserver

import (
	"errors"
	"os/exec"
)

func supported() error { return errors.New("tests start a PostgreSQL server on unix only") }

func own(string) error { return nil }

func asServer(*exec.Cmd) {}

type process struct{ ended chan struct{} }

func startProcess(string, ...string) (*process, error) { return nil, supported() }

func (p *process) said() string { return "" }
func (p *process) stop() error  { return nil }
