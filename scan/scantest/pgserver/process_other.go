//go:build !unix

package pgserver

import (
	"errors"
	"os/exec"

	"github.com/kagiban/kagiban/scan/scantest/internal/child"
)

func supported() error { return errors.New("tests start a PostgreSQL server on unix only") }

func own(string) error { return nil }

func asServer(*exec.Cmd) {}

type process struct{ *child.Child }

func startProcess(string, ...string) (*process, error) { return nil, supported() }

func (p *process) stop() error { return nil }
