package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The help of commands, in both languages. The template of cobra has its words in
// English and cannot break Japanese into lines.

// translate puts a tree of commands into a language: everything by its English text.
func translate(cmd *cobra.Command, lang words.Language) {
	if !cmd.HasParent() {
		cmd.InitDefaultHelpCmd()
	}
	cmd.InitDefaultHelpFlag()
	cmd.Flags().Lookup("help").Usage = lang.Text("show this help")
	cmd.Short, cmd.Long, cmd.Example = lang.Lookup(cmd.Short), lang.Lookup(cmd.Long), lang.Lookup(cmd.Example)
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { f.Usage = lang.Lookup(f.Usage) })
	for _, c := range cmd.Commands() {
		translate(c, lang)
	}
}

const (
	helpWidth  = 80
	flagColumn = 30 // where what flags do begins
)

// showHelp writes the help of a command.
func showHelp(cmd *cobra.Command, _ []string) {
	lang := speech(cmd)
	var b strings.Builder
	about := strings.TrimSpace(cmd.Long)
	if about == "" {
		about = strings.Join(words.Wrap(cmd.Short, helpWidth), "\n")
	}
	part := func(head, body string) {
		if body != "" {
			fmt.Fprintf(&b, "\n%s\n%s\n", lang.Lookup(head), strings.TrimRight(body, "\n"))
		}
	}
	b.WriteString(about + "\n")
	part("Usage:", usageLines(cmd, lang))
	part("Examples:", cmd.Example)
	part("Commands:", commandList(cmd))
	part("Flags:", flagList(cmd.LocalFlags(), lang))
	part("Flags of all commands:", flagList(cmd.InheritedFlags(), lang))
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s\n", lang.Text("One of the commands: %s COMMAND --help; the topics of the manual: kagiban help", cmd.CommandPath()))
	}
	fmt.Fprint(cmd.OutOrStdout(), b.String())
}

func usageLines(cmd *cobra.Command, lang words.Language) string {
	if cmd.HasAvailableSubCommands() {
		return "  " + cmd.CommandPath() + " " + lang.Lookup("COMMAND [flags]")
	}
	line := strings.TrimSuffix(cmd.UseLine(), " [flags]")
	return "  " + line + " " + lang.Lookup("[flags]")
}

func commandList(cmd *cobra.Command) string {
	width := 0
	for _, c := range cmd.Commands() {
		width = max(width, len(c.Name()))
	}
	var b strings.Builder
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			hanging(&b, "  "+words.Fill(c.Name(), width)+"  ", c.Short)
		}
	}
	return b.String()
}

// flagList lists flags, what they take and what they are otherwise.
func flagList(flags *pflag.FlagSet, lang words.Language) string {
	var b strings.Builder
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "      --" + f.Name
		if f.Shorthand != "" {
			name = "  -" + f.Shorthand + ", --" + f.Name
		}
		value, text := pflag.UnquoteUsage(f)
		if value != "" {
			name += " " + lang.Lookup(value)
		}
		if usual := usual(f, lang); usual != "" {
			text = lang.Text("%s (default: %s)", text, usual)
		}
		if words.Width(name)+2 > flagColumn {
			b.WriteString(name + "\n")
			name = ""
		}
		hanging(&b, words.Fill(name, flagColumn), text)
	})
	return b.String()
}

// usual is the value that a flag has if it is not given, "" if that says nothing.
func usual(f *pflag.Flag, lang words.Language) string {
	switch f.DefValue {
	case "", "0", "false", "[]", "0s":
		return ""
	}
	if f.Value.Type() == "duration" {
		if d, err := time.ParseDuration(f.DefValue); err == nil {
			return lang.Duration(d)
		}
	}
	return strings.Trim(f.DefValue, "[]")
}

// hanging writes a text beside a head, its further lines below its first.
func hanging(b *strings.Builder, head, text string) {
	indent := strings.Repeat(" ", words.Width(head))
	for i, line := range words.Wrap(text, helpWidth-len(indent)) {
		if i > 0 {
			head = indent
		}
		b.WriteString(strings.TrimRight(head+line, " ") + "\n")
	}
}
