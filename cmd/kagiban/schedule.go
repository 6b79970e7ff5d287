package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/spf13/cobra"
)

func newSchedule() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "Print what a scheduler needs for a scan each night",
		Args:  noCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	list := &cobra.Command{
		Use:   "print systemd|cron|windows",
		Short: "Print units, a line or a command; nothing is installed",
		Long: `Print what a scheduler needs to run a scan each night with a configuration file.
Nothing is installed and nothing is changed: read it, then put it where it says.`,
		Example: `  kagiban schedule print systemd --config /etc/kagiban/kagiban.yaml --at 02:30
  kagiban schedule print windows --config 'C:\kagiban\kagiban.yaml' --user 'KIKO\svc-kagiban'`,
		Args: arguments(1, 1), ValidArgs: []string{"systemd", "cron", "windows"},
		RunE: printSchedule,
	}
	f := list.Flags()
	f.String("config", "/etc/kagiban/kagiban.yaml", "configuration `FILE` of the scan")
	f.String("at", "02:30", "`TIME` of day, in the zone of the computer")
	f.String("user", "kagiban", "`ACCOUNT` that runs it: one that can only read")
	cmd.AddCommand(list)
	return cmd
}

var timeOfDay = regexp.MustCompile(`^([01][0-9]|2[0-3]):([0-5][0-9])$`)

// A schedule is what the printed texts are made of.
type schedule struct {
	program, config, hour, minute, user string
	lang                                words.Language
}

func printSchedule(cmd *cobra.Command, args []string) error {
	get := func(name string) string { value, _ := cmd.Flags().GetString(name); return value }
	at := timeOfDay.FindStringSubmatch(get("at"))
	if at == nil {
		return usage("--at %q is no time of day; write 02:30", get("at"))
	}
	program, err := os.Executable()
	if err != nil {
		return fatal(err)
	}
	s := schedule{filepath.Clean(program), get("config"), at[1], at[2], get("user"), speech(cmd)}
	for _, text := range []string{s.config, s.user, s.program} {
		if strings.ContainsAny(text, "\"'\n\r%$`") {
			return usage("%q has a character in it that schedulers take for something else; use another path or name", text)
		}
	}
	texts := map[string]func() string{"systemd": s.systemd, "cron": s.cron, "windows": s.windows}
	text := texts[args[0]]
	if text == nil {
		return usage("%q is not known; print systemd, cron or windows", args[0])
	}
	_, err = fmt.Fprint(cmd.OutOrStdout(), text())
	return err
}

// systemd writes a service and its timer. The service may write to its own
// folders and nowhere else.
func (s schedule) systemd() string {
	return fmt.Sprintf(`# /etc/systemd/system/kagiban.service
[Unit]
Description=%s
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=%s
ExecStart="%s" scan --config "%s" --progress none --low-priority
# %s
SuccessExitStatus=1
StateDirectory=kagiban
StateDirectoryMode=0700
ProtectSystem=strict
ProtectHome=read-only
NoNewPrivileges=yes
PrivateTmp=yes

# /etc/systemd/system/kagiban.timer
[Unit]
Description=%s

[Timer]
OnCalendar=*-*-* %s:%s:00
Persistent=yes

[Install]
WantedBy=timers.target

# systemctl daemon-reload && systemctl enable --now kagiban.timer
# %s
`, s.lang.Text("Scan of file shares for pension numbers without a password"), s.user, s.program, s.config,
		s.lang.Text("1: violations found. The scan itself went well."), s.lang.Text("Scan of file shares each night"), s.hour, s.minute,
		s.lang.Text("In the configuration: state, key-file and out below /var/lib/kagiban."))
}

// cron writes a line for /etc/cron.d, whose sixth field is the user.
func (s schedule) cron() string {
	return fmt.Sprintf(`# /etc/cron.d/kagiban
%s %s * * *  %s  "%s" scan --config "%s" --progress none --low-priority
`, strings.TrimLeft(s.minute[:1], "0")+s.minute[1:], strings.TrimLeft(s.hour[:1], "0")+s.hour[1:], s.user, s.program, s.config)
}

// windows writes a command for the task scheduler.
func (s schedule) windows() string {
	return fmt.Sprintf(`rem %s
schtasks /Create /TN "kagiban" /SC DAILY /ST %s:%s /RU "%s" /RP * /TR "\"%s\" scan --config \"%s\" --progress none --low-priority"
`, s.lang.Text("In a command prompt of an administrator; asks for the password of the account."), s.hour, s.minute, s.user, s.program, s.config)
}
