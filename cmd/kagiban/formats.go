package main

import (
	"fmt"

	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/spf13/cobra"
)

func newFormats() *cobra.Command {
	return &cobra.Command{
		Use: "formats", Short: "List the formats and what is known of each", Args: noArguments,
		Long: `Formats lists what kagiban recognises by content: whether it decides if a
password is needed, whether the content is read, and the limits.`,
		Run: func(cmd *cobra.Command, _ []string) { printFormats(cmd) },
	}
}

// printFormats writes the table for a terminal.
func printFormats(cmd *cobra.Command) {
	lang := speech(cmd)
	line := func(name, verdict, content, limits string) {
		fmt.Fprintln(cmd.OutOrStdout(), words.Fill(name, 58), words.Fill(verdict, 12), words.Fill(content, 12), limits)
	}
	line(lang.Text("FORMAT"), lang.Text("VERDICT"), lang.Text("CONTENT"), lang.Text("LIMITS"))
	for _, f := range format.List() {
		a := f.About
		line(lang.Lookup(a.Names), lang.Lookup(a.Verdict), lang.Lookup(string(a.Content)), lang.Lookup(a.Limits))
	}
}

// markdownFormats is the same table for the manual; a test keeps the two alike.
func markdownFormats(lang words.Language) string {
	text := "| " + lang.Text("format") + " | " + lang.Text("verdict") + " | " + lang.Text("content") + " | " + lang.Text("limits") + " |\n|---|---|---|---|\n"
	for _, f := range format.List() {
		a := f.About
		text += fmt.Sprintf("| %s | %s | %s | %s |\n", lang.Lookup(a.Names), lang.Lookup(a.Verdict), lang.Lookup(string(a.Content)), lang.Lookup(a.Limits))
	}
	return text
}
