package isolate

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/landlock-lsm/go-landlock/landlock"
	abi "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

const (
	// memoryMax bounds the memory that can be written to. The address space
	// is no measure: the runtime of Go reserves more than a gigabyte of it
	// and uses a few megabytes.
	memoryMax = 1 << 30
	// softMemory is what the collector of a decoder is set to stay below.
	softMemory = 200 << 20
	// cpuMax is seconds of CPU over the life of a worker; the deadline of an
	// item is the parent's business, this is for when the parent is gone.
	cpuMax = 3 * 60 * 60
)

// A limit is one of the system's, on this process.
type limit struct {
	what  int
	value uint64
}

func setLimits(list ...limit) error {
	for _, l := range list {
		if err := unix.Setrlimit(l.what, &unix.Rlimit{Cur: l.value, Max: l.value}); err != nil {
			return fmt.Errorf("limit %d: %w", l.what, err)
		}
	}
	return nil
}

// confineMemory bounds the memory of the process and nothing else.
func confineMemory() (string, error) {
	debug.SetMemoryLimit(memoryMax / 4)
	return scan.Say("memory %d MiB", memoryMax>>20).String(), setLimits(limit{unix.RLIMIT_DATA, memoryMax}, limit{unix.RLIMIT_CORE, 0})
}

// confine takes from the process what a decoder does not need. Limits must
// hold; Landlock and the filter of system calls are as good as the kernel's.
func confine() (string, error) {
	inForce, err := confineMemory()
	debug.SetMemoryLimit(softMemory)
	if err == nil {
		err = setLimits(limit{unix.RLIMIT_CPU, cpuMax}, limit{unix.RLIMIT_FSIZE, 0})
	}
	if err != nil {
		return "", err
	}
	words := []string{inForce, scan.Say("%d h of CPU", cpuMax/3600).String(), scan.Say("no core dump").String()}
	version, err := abi.LandlockGetABIVersion()
	if err == nil {
		err = landlock.V11.BestEffort().Restrict() // no rule: nothing is allowed
	}
	switch {
	case err != nil || version <= 0:
		words = append(words, scan.Say("no Landlock").String())
	case version >= 4:
		words = append(words, scan.Say("Landlock %d (neither files nor TCP)", version).String())
	default:
		words = append(words, scan.Say("Landlock %d (no files)", version).String())
	}
	if err := filterCalls(); err == nil {
		words = append(words, scan.Say("seccomp (what is not known to be needed is refused)").String())
	} else {
		words = append(words, scan.Say("no seccomp").String())
	}
	return strings.Join(words, ", "), nil
}
