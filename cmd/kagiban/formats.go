package main

import (
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan/format"
	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"
)

func newFormats() *cobra.Command {
	return &cobra.Command{
		Use: "formats", Short: "List the formats and what is known of each", Args: cobra.NoArgs,
		Long: `Formats lists what kagiban recognises by content: whether it decides if a
password is needed, whether the content is read, and the limits.`,
		Run: func(cmd *cobra.Command, _ []string) { printFormats(cmd.OutOrStdout()) },
	}
}

// printFormats writes the table for a terminal.
func printFormats(w io.Writer) {
	line := func(name, verdict, content, limits string) {
		fmt.Fprintf(w, "%s %s %s %s\n", runewidth.FillRight(name, 58), runewidth.FillRight(verdict, 12), runewidth.FillRight(content, 12), limits)
	}
	line("FORMAT", "VERDICT", "CONTENT", "LIMITS")
	for _, f := range format.List() {
		a := f.About
		line(a.Names, a.Verdict, string(a.Content), a.Limits)
	}
}

// markdownFormats is the same table for the manual; a test keeps the two alike.
func markdownFormats() string {
	text := "| format | verdict | content | limits |\n|---|---|---|---|\n"
	for _, f := range format.List() {
		a := f.About
		text += fmt.Sprintf("| %s | %s | %s | %s |\n", a.Names, a.Verdict, a.Content, a.Limits)
	}
	return text
}
