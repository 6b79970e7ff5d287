package main

// softMost is the memory that a scan stays below where it can, bytes: much more
// than it needs for files that people make.
const softMost = 256 << 20

// softMemory is the bound for this machine: less on one that has little.
func softMemory() int64 {
	if has := machineMemory(); has > 0 {
		return min(softMost, has/4)
	}
	return softMost
}
