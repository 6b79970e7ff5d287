package main

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// machineMemory is the memory of the machine, or of the group of processes that
// this one belongs to (cgroup v2), bytes; 0 if it is not known.
func machineMemory() int64 {
	var info unix.Sysinfo_t
	has := int64(0)
	if unix.Sysinfo(&info) == nil {
		has = int64(info.Totalram) * int64(info.Unit)
	}
	for _, group := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(group)
		if err != nil {
			continue
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && n > 0 && (has == 0 || n < has) {
			has = n
		}
	}
	return has
}
