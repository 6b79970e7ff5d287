package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"strings"

	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/kagiban/kagiban/report"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// The program speaks one language, which is decided before anything else: --lang,
// KAGIBAN_LANG, the configuration, or what the locale says. Everything it says goes
// through the functions of this file.

// languageFlags are those of every command.
func languageFlags(f *pflag.FlagSet) {
	f.String("lang", "", "`LANGUAGE` of messages, help and reports: ja or en (default: as the locale says)")
}

// chosenLanguage reads the language out of the arguments before they are parsed,
// since it may have to be said in it that they are wrong.
func chosenLanguage(args []string) (words.Language, error) {
	if len(args) == 1 && (args[0] == decoderCommand || args[0] == examinerCommand) {
		return words.In("en"), nil // another kagiban listens, and says it to the person
	}
	v, file, err := reader(pflag.NewFlagSet("language", pflag.ContinueOnError))
	if given := written(args, "--config"); given != "" {
		v.SetConfigFile(given)
		v.SetConfigType("yaml")
		file = given
	}
	if err == nil && file != "" {
		_ = v.ReadInConfig() // what is wrong with it is said by the commands that need it
	}
	switch lang := cmp.Or(written(args, "--lang"), v.GetString("lang")); lang {
	case "ja", "en":
		return words.In(lang), nil
	case "":
		return words.In(words.Locale()), nil
	default:
		return words.In(words.Locale()), usage("--lang %q is not known; use ja or en", lang)
	}
}

// written is the value of a flag as it stands in the arguments, "" if it does not.
func written(args []string, flag string) (value string) {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if is, ok := strings.CutPrefix(arg, flag+"="); ok {
			value = is
		} else if arg == flag && i+1 < len(args) {
			value = args[i+1]
		}
	}
	return value
}

// language is the name of the language, for reports; see settings.
func language(v *viper.Viper) string { return v.GetString("lang") }

// speech is the language in which a command speaks.
func speech(cmd *cobra.Command) words.Language {
	if ctx := cmd.Root().Context(); ctx != nil {
		return words.Of(ctx)
	}
	return words.Language{}
}

// say writes a line to the standard output of a command.
func say(cmd *cobra.Command, format string, args ...any) {
	fmt.Fprintln(cmd.OutOrStdout(), speech(cmd).Text(format, args...))
}

// remark writes a line to its error output, as the program's own.
func remark(cmd *cobra.Command, format string, args ...any) {
	fmt.Fprintln(cmd.ErrOrStderr(), "kagiban:", speech(cmd).Text(format, args...))
}

// A journal is the log for notices and warnings; results never go there. As text it
// is for people and speaks their language, as JSON it is for programs and stays
// English.
type journal struct {
	*slog.Logger
	speech words.Language
}

func newLog(cmd *cobra.Command, format string) (*journal, error) {
	opts := &slog.HandlerOptions{ReplaceAttr: maskAttr}
	switch format {
	case "text":
		return &journal{slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), opts)), speech(cmd)}, nil
	case "json":
		return &journal{Logger: slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), opts))}, nil
	}
	return nil, usage("--log-format %q is not known; use text or json", format)
}

// put writes a text as the log has it.
func (j *journal) put(format string, args ...any) string {
	return oneLine(j.speech.Text(format, args...))
}

// maskAttr masks what names of files and folders may hold in each text of the log.
func maskAttr(groups []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindString && (len(groups) > 0 || a.Key != slog.TimeKey) {
		a.Value = slog.StringValue(report.MaskName(a.Value.String()))
	}
	return a
}
