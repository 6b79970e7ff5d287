//go:build !demo

package main

import "github.com/spf13/cobra"

// extraCommands are those of this build; demo.go has one.
func extraCommands() []*cobra.Command { return nil }
