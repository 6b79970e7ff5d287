//go:build !linux

package main

// harden does nothing here.
func harden() {}

// lockMemory only clears the bytes when they are done with.
func lockMemory(b []byte) (unlock func()) { return func() { clear(b) } }
