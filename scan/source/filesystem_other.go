//go:build !linux && !windows

package source

// fileSystemOf is not known here.
func fileSystemOf(string) string { return "" }
