package main

import (
	"embed"
	"fmt"
	"path"
	"strings"

	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// manual holds the topics of the manual, one file each; the README links to the
// same files.
//
//go:embed help/en/*.md help/ja/*.md
var manual embed.FS

// newHelp shows topics of the manual and the help of commands.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use: "help [TOPIC | COMMAND]", Short: "Show a topic of the manual, or the help of a command",
		Example: "  kagiban help            # the topics\n  kagiban help nightly    # one of them",
		Args:    arguments(0, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listTopics(cmd)
			}
			if text, err := manual.ReadFile(topicFile(speech(cmd).Name(), args[0])); err == nil && len(args) == 1 {
				return showTopic(cmd, string(text))
			}
			if of, rest, err := cmd.Root().Find(args); err == nil && len(rest) == 0 && !of.Hidden && of != cmd.Root() {
				return of.Help()
			}
			return usage("%q is neither a topic nor a command; kagiban help lists the topics, kagiban --help the commands", strings.Join(args, " "))
		},
	}
}

// widestPage is as wide as lines are still read easily.
const widestPage = 100

// showTopic writes a topic: for a terminal as wide as that is, else as its file is.
func showTopic(cmd *cobra.Command, text string) error {
	if f, is := terminal(cmd.OutOrStdout()); is {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 20 {
			text = words.Page(text, min(width, widestPage))
		}
	}
	_, err := fmt.Fprint(cmd.OutOrStdout(), text)
	return err
}

func topicFile(lang, name string) string { return "help/" + lang + "/" + path.Base(name) + ".md" }

// listTopics names each topic with its title, the first line of its file.
func listTopics(cmd *cobra.Command) error {
	lang := speech(cmd)
	dir := "help/" + lang.Name()
	files, err := manual.ReadDir(dir)
	if err != nil {
		return fatal(err)
	}
	say(cmd, "Topics of the manual (kagiban help TOPIC):\n")
	for _, f := range files {
		text, err := manual.ReadFile(dir + "/" + f.Name())
		if err != nil {
			return fatal(err)
		}
		title, _, _ := strings.Cut(string(text), "\n")
		fmt.Fprintf(cmd.OutOrStdout(), "  %-12s %s\n", strings.TrimSuffix(f.Name(), ".md"), strings.TrimPrefix(title, "# "))
	}
	say(cmd, "\nCommands: kagiban --help; one of them: kagiban COMMAND --help.")
	return nil
}
