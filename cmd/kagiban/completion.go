package main

import (
	"io"

	"github.com/spf13/cobra"
)

// newCompletion prints scripts by which shells complete commands and flags. It is
// ours so that it speaks the language of the others.
func newCompletion() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "completion",
		Short: "Print a script by which a shell completes commands and flags",
		Example: `  kagiban completion bash > /etc/bash_completion.d/kagiban
  kagiban completion zsh > "${fpath[1]}/_kagiban"
  kagiban completion fish > ~/.config/fish/completions/kagiban.fish
  kagiban completion powershell | Out-String | Invoke-Expression`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for name, write := range map[string]func(*cobra.Command, io.Writer) error{
		"bash":       func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) },
		"zsh":        func(root *cobra.Command, w io.Writer) error { return root.GenZshCompletion(w) },
		"fish":       func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) },
		"powershell": func(root *cobra.Command, w io.Writer) error { return root.GenPowerShellCompletionWithDesc(w) },
	} {
		cmd.AddCommand(&cobra.Command{
			Use: name, Short: "Print the script of this shell", Args: noArguments,
			RunE: func(cmd *cobra.Command, _ []string) error { return fatal(write(cmd.Root(), cmd.OutOrStdout())) },
		})
	}
	return cmd
}
