package main

import (
	"os"
	"strings"
	"unicode"

	"github.com/kagiban/kagiban/report"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "kagiban",
		Short: "Find files with pension numbers that open without a password",
		Long: `kagiban (鍵番, "keeper of the key") walks file shares, finds spreadsheets and
archives that hold Japanese pension numbers and open without a password, and
writes the report from which people put that right. It never writes to a share.`,
		Example: `  kagiban scan /srv/files                          # a local folder
  kagiban scan 'smb://DOMAIN;user@fs01/share'      # a share; asks for the password
  kagiban scan '\\fs01\share\総務部' --out report   # part of a share
  kagiban report --lang ja --format xlsx           # the report again, without a scan`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(newScan(), newWorker(), newReport(), newNotify(), newShares(), newCheck(), newKeyring(), newState(), newStatus(), newExplain(), newException(), newImport(), newSchedule(), newImpact(), newLookup(), newRecipients(), newFormats(), newVersion(), newCompletion(), newDecoder(), newExaminer())
	root.AddCommand(controlCommands()...)
	root.AddCommand(extraCommands()...)
	root.SetHelpCommand(newHelp())
	languageFlags(root.PersistentFlags())
	root.SetHelpFunc(showHelp)
	root.SetFlagErrorFunc(flagError)
	return root
}

// shown is a name or a message about one as it may be printed: on one line, with
// numbers masked.
func shown(s string) string { return report.MaskName(oneLine(s)) }

// terminal reports whether somebody is at the other end of a stream.
func terminal(stream any) (*os.File, bool) {
	f, ok := stream.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// oneLine keeps what strangers named from moving the cursor or adding lines.
func oneLine(s string) string {
	s = strings.NewReplacer("\n\t", "; ", "\n", "; ", "\t", " ").Replace(s)
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
