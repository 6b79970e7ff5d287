package main

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kagiban/kagiban/cmd/internal/web"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/kagiban/kagiban/scan/state/postgres/queue"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

func newWorker() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "worker [TARGET...]",
		Short: "Work on the runs of a state that several machines share",
		Long: `Worker makes this machine a node: it takes work of the runs that kagiban scan
--distributed starts, for all targets or for those that are named, and stores the
results in the state. How it logs on to servers is its own: passwords never go to
the state. Nodes must have the same version, the same key file, and the same
settings of detection and declared passwords.

The first SIGTERM or Ctrl-C takes no further work and lets what is under way end
for --grace; then, or with a second signal, it is put back for other nodes.

Exit codes: 0 stopped as asked · 2 wrong usage · 4 fatal.`,
		Example: `  kagiban worker --state 'postgres://kagiban@db/kagiban' --labels osaka
  kagiban worker --state … --user auditor --password-file pw 'smb://fs01/share'
  kagiban worker --state … --until-idle      # ends when there is no work left`,
		RunE: runWorker,
	}
	f := cmd.Flags()
	scanFlags(cmd)
	f.StringSlice("labels", nil, "`LABELS` of this node, such as its site: it also works on targets that ask for one of them")
	f.String("node-name", "", "`NAME` of this node in the status (default: that of the machine)")
	f.Int("batches", 0, "batches at a time (default: 4)")
	f.Duration("grace", time.Minute, "how long what is under way may go on after a signal")
	f.Bool("until-idle", false, "end when no run has work left for this node")
	f.Bool("poll-only", false, "do without notifications of the database, which PgBouncer does not pass on")
	f.String("listen", "", "`ADDRESS` such as 127.0.0.1:9187 for /healthz and /metrics")
	return cmd
}

// A member is a node at work.
type member struct {
	cmd     *cobra.Command
	v       *viper.Viper
	db      *store
	shared  scan.Sharer
	log     *journal
	queue   *queue.Queue
	node    *engine.Node
	own     []chosen // targets with settings of this node's own
	only    []string // names of targets; empty: all
	sources sources
}

func runWorker(cmd *cobra.Command, args []string) error {
	v, err := settings(cmd)
	if err != nil {
		return err
	}
	m := &member{cmd: cmd, v: v}
	if m.log, err = newLog(cmd, v.GetString("log-format")); err != nil {
		return err
	}
	if err := m.targets(args); err != nil {
		return err
	}
	yieldToOthers(v, m.log)
	if m.db, err = openState(cmd.Context(), v); err != nil {
		return err
	}
	defer m.db.Close()
	var ok bool
	if m.shared, ok = m.db.Lease.(scan.Sharer); !ok {
		return usage("a worker needs a state that several nodes can reach; name one with --state postgres://…")
	}
	if m.queue, err = sharedQueue(m.db); err != nil {
		return err
	}
	if err := keyBelongs(cmd.Context(), v, m.db); err != nil {
		return err
	}
	cfg, err := scanConfig(v, nil)
	if err != nil {
		return err
	}
	defer closeProcesses(cfg)
	m.node = engine.NewNode(cfg)
	rules, err := sharedRules(m.node, v)
	if err != nil {
		return err
	}
	defer m.sources.close()
	return m.serve(rules)
}

// notice writes a notice of the queue into the log.
func (m *member) notice(text scan.Text, about ...any) {
	for i, a := range about {
		if err, is := a.(error); is {
			about[i] = m.log.put("%v", err)
		}
	}
	m.log.Warn(m.log.put("%v", text), about...)
}

// targets takes the targets of the arguments, and of the configuration those with
// settings of their own.
func (m *member) targets(args []string) error {
	own, err := configured(m.v)
	if err != nil {
		return err
	}
	m.own = own
	for _, arg := range args {
		parsed, err := source.Parse(arg)
		if err != nil {
			return &exitError{exitUsage, err}
		}
		m.only = append(m.only, parsed.String())
		m.own = append(m.own, chosen{Target: arg, v: m.v})
	}
	return nil
}

// serve works until it is stopped, or idle if that is the end.
func (m *member) serve(rules string) error {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	// Signals end the fetching first, and the work only after a grace.
	working, stop := context.WithCancel(context.WithoutCancel(m.cmd.Context()))
	defer stop()
	idle := 0
	node := m.queue.NewNode(queue.NodeConfig{
		Name: cmp.Or(m.v.GetString("node-name"), host), Version: version(), Rules: rules, Labels: m.v.GetStringSlice("labels"),
		Batches: m.v.GetInt("batches"), PollOnly: m.v.GetBool("poll-only"), Takes: m.takes, Files: m.node.Files,
		Notice: m.notice,
		Idle: func(open int) {
			if idle++; open > 0 {
				idle = 0
			}
			if m.v.GetBool("until-idle") && idle >= idleBeats {
				stop()
			}
		},
	})
	go m.drain(node, stop)
	if address := m.v.GetString("listen"); address != "" {
		l, err := web.ListenHealth(m.cmd.Context(), address)
		if err != nil {
			return usage("--listen: %w", err)
		}
		go func() { _ = web.ServeHealth(working, l, func() web.Health { return health(m, node) }) }()
	}
	m.log.Info(m.log.put("ready for work"), "labels", strings.Join(m.v.GetStringSlice("labels"), ","))
	err = node.Serve(working, m.do)
	m.log.Info(m.log.put("stopped"), "files", m.node.Files())
	return fatal(err)
}

// idleBeats is after how many looks without work a node that is to end so ends.
const idleBeats = 5

// drain waits for a signal and lets what is under way end for the time of grace.
func (m *member) drain(node *queue.Node, stop func()) {
	<-m.cmd.Context().Done()
	node.Drain()
	grace := time.After(m.v.GetDuration("grace"))
	for node.Busy() > 0 {
		select {
		case <-grace:
			stop()
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
	stop()
}

func health(m *member, node *queue.Node) web.Health {
	silent, batches := node.Pulse()
	return web.Health{Silent: silent, Batches: batches, Files: m.node.Files(), Version: version()}
}

// takes reports whether this node may work on a target now.
func (m *member) takes(target string, settings []byte) bool {
	if len(m.only) > 0 && !slices.Contains(m.only, target) {
		return false
	}
	var s sharedSettings
	if json.Unmarshal(settings, &s) != nil {
		return false
	}
	w, err := parseWindow(s.Window)
	return err == nil && (w == nil || w.closes(time.Now()).After(time.Now()))
}

// do does a batch.
func (m *member) do(ctx context.Context, b scan.Batch) error {
	task := b.Task()
	var s sharedSettings
	if err := json.Unmarshal(task.Settings, &s); err != nil {
		return scan.Errorf("settings of run %d: %w", task.Run, err)
	}
	c := m.chosen(task.Target)
	s.over(c.v)
	reached, release, err := m.sources.acquire(ctx, m, c, task)
	if err != nil {
		return &scan.ListError{Err: err}
	}
	defer release()
	run, err := m.shared.Join(ctx, task.Run)
	if err != nil {
		return err
	}
	defer func() { _ = run.Leave(context.WithoutCancel(ctx)) }() // it holds nothing
	named := mountedRun{SharedRun: run, queue: m.queue, ctx: ctx, id: task.Run}
	d := engine.Duty{Target: reached.target, Source: reached.source, Store: named, Full: s.Full, Streams: s.Streams}
	err = m.node.Do(ctx, d, b)
	m.log.Debug("batch", "run", task.Run, "batch", task.Batch, "target", task.Target, "folder", task.Folder, "files", len(task.Files))
	return err
}

// chosen are the settings under which this node reaches a target: those it has for
// it by name, else its general ones.
func (m *member) chosen(target string) chosen {
	c := chosen{Target: target, v: m.v}
	for _, o := range m.own {
		if parsed, err := source.Parse(o.Target); err == nil && parsed.String() == target {
			c = o
			break
		}
	}
	own := viper.New()
	for _, key := range c.v.AllKeys() {
		own.SetDefault(key, c.v.Get(key))
	}
	return chosen{Target: c.Target, Label: c.Label, v: own}
}

// mountedRun is a run whose mounts are taken down in the queue, where its starter
// finds them.
type mountedRun struct {
	scan.SharedRun
	queue *queue.Queue
	ctx   context.Context // of the batch
	id    int64
}

// Identify implements scan.Identifier.
func (r mountedRun) Identify(target string, met scan.Mounts) {
	// Without it a walk is believed as one of which no mount is known.
	_ = r.queue.Identify(r.ctx, r.id, target, met)
}
