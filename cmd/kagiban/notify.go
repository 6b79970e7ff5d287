package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/kagiban/kagiban/cmd/internal/web"
	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

func newNotify() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "notify [TARGET...]",
		Short: "Tell departments by mail, or a program by webhook, what the latest scan found",
		Long: `Notify sends each department with something to do a short mail: how many files, by
when, where the report lies. It goes to the contact in --departments, if that is
a mail address, and to --to. No file is named unless --paths asks for it, and no
number ever is. With --webhook the same figures go to an address as JSON, one
request for each department. What could not be sent is tried again.

Exit codes: 0 all sent, or nothing to send · 2 wrong usage · 4 something was not sent.`,
		Example: `  kagiban notify --departments 部署.csv --smtp mail.example.jp:587 --from kagiban@example.jp --dry-run
  kagiban notify --departments 部署.csv --smtp … --from … --to compliance@example.jp --report-at '\\fs01\報告'
  kagiban notify --webhook https://chat.example.jp/hooks/kagiban`,
		RunE: runNotify,
	}
	reportFlags(cmd)
	f := cmd.Flags()
	stateFlags(f)
	f.String("smtp", "", "mail server, `HOST:PORT`; STARTTLS is required unless it is this computer")
	f.String("smtp-user", "", "user at the mail server")
	f.String("smtp-password-file", "", "`FILE` whose first line is the password there (or KAGIBAN_SMTP_PASSWORD)")
	f.Bool("smtp-plain", false, "send without TLS")
	f.String("from", "", "`ADDRESS` of the sender")
	f.StringSlice("to", nil, "`ADDRESSES` that get every mail")
	f.String("webhook", "", "`URL` that gets the figures of each department as JSON")
	f.String("report-at", "", "`PLACE` of the report, as the mail names it")
	f.Bool("paths", false, "name the files too, up to a hundred in a mail")
	f.Int("retries", 5, "how often what was not sent is tried again")
	f.Bool("dry-run", false, "show what would be sent, and send nothing")
	return cmd
}

// A courier sends notices.
type courier struct {
	cmd     *cobra.Command
	mailer  web.Mailer
	to      []string
	webhook string
	lang    string
	where   string
	retries int
	dry     bool
	pause   time.Duration // before the second try; doubled for each further one
}

func runNotify(cmd *cobra.Command, args []string) error {
	v, err := settings(cmd)
	if err != nil {
		return err
	}
	c, err := newCourier(cmd, v)
	if err != nil {
		return err
	}
	return withLatest(cmd, v, args, func(_ *output, book *report.Book) error {
		notices, err := report.Notices(book, v.GetBool("paths"))
		if err != nil {
			return fatal(err)
		}
		return c.sendAll(cmd.Context(), notices)
	})
}

func newCourier(cmd *cobra.Command, v *viper.Viper) (*courier, error) {
	c := &courier{cmd: cmd, webhook: v.GetString("webhook"), where: v.GetString("report-at"), dry: v.GetBool("dry-run"), pause: 2 * time.Second}
	c.mailer = web.Mailer{Server: v.GetString("smtp"), From: v.GetString("from"), User: v.GetString("smtp-user"), Plain: v.GetBool("smtp-plain")}
	c.lang = language(v)
	var err error
	if c.retries, err = positive(v, "retries"); err != nil {
		return nil, err
	}
	if err := web.Allowed(c.webhook); c.webhook != "" && err != nil {
		return nil, usage("--webhook: %w", err)
	}
	if c.mailer.Server == "" && c.webhook == "" {
		return nil, usage("nowhere to send it; name a mail server with --smtp HOST:PORT, or --webhook URL")
	}
	if c.mailer.Server != "" && !strings.Contains(c.mailer.Server, ":") {
		return nil, usage("--smtp %q names no port; write %s:587", c.mailer.Server, c.mailer.Server)
	}
	if c.mailer.Server != "" && !isAddress(c.mailer.From) {
		return nil, usage("--from %q is no mail address; write kagiban@example.jp", c.mailer.From)
	}
	for _, to := range v.GetStringSlice("to") {
		if !isAddress(to) {
			return nil, usage("--to %q is no mail address; write compliance@example.jp", to)
		}
		c.to = append(c.to, to)
	}
	c.mailer.Password = v.GetString("smtp-password")
	if file := v.GetString("smtp-password-file"); file != "" {
		if c.mailer.Password, err = passwordIn(file); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func isAddress(text string) bool {
	_, err := mail.ParseAddress(text)
	return err == nil
}

// sendAll sends what there is; one that fails does not keep the others back.
func (c *courier) sendAll(ctx context.Context, notices []*report.Notice) error {
	var failed []error
	for _, n := range notices {
		if err := c.send(ctx, n); err != nil {
			failed = append(failed, scan.Errorf("%s: %w", shown(cmp.Or(n.Department, report.Text(c.lang, "root-folder"))), err))
		}
	}
	say(c.cmd, "%d departments, %d not told", len(notices), len(failed))
	return fatal(errors.Join(failed...))
}

// send tells one department.
func (c *courier) send(ctx context.Context, n *report.Notice) error {
	var failed []error
	if c.webhook != "" {
		failed = append(failed, c.try(ctx, scan.Say("webhook"), c.webhook, func() error { return web.Post(ctx, c.webhook, n) }))
		if c.dry {
			text, err := json.Marshal(n)
			fmt.Fprintln(c.cmd.OutOrStdout(), string(text))
			failed = append(failed, err)
		}
	}
	if c.mailer.Server == "" {
		return errors.Join(failed...)
	}
	to := c.to
	if isAddress(n.Contact) {
		to = append([]string{n.Contact}, to...)
	}
	if len(to) == 0 {
		return errors.Join(append(failed, scan.Errorf("it has no contact with a mail address in --departments, and there is no --to"))...)
	}
	subject, body := n.Subject(c.lang), n.Body(c.lang, c.where)
	failed = append(failed, c.try(ctx, scan.Say("mail"), strings.Join(to, ", "), func() error { return c.mailer.Send(ctx, to, subject, body) }))
	if c.dry {
		fmt.Fprintf(c.cmd.OutOrStdout(), "%s\n\n%s\n", subject, body)
	}
	return errors.Join(failed...)
}

// try sends something, again with growing pauses where it fails; in a dry run it
// says what it would do.
func (c *courier) try(ctx context.Context, what scan.Text, to string, send func() error) error {
	if c.dry {
		say(c.cmd, "%s to %s (dry run)", what, oneLine(to))
		return nil
	}
	pause := c.pause
	for tries := 0; ; tries++ {
		err := send()
		if err == nil || ctx.Err() != nil || tries == c.retries {
			if err != nil {
				err = scan.Errorf("%s to %s: %w", what, to, err)
			}
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause *= 2
	}
}
