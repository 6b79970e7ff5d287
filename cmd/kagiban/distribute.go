package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/kagiban/kagiban/scan/state/postgres/queue"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// A scan that several nodes do together is started here, and concluded here once
// they are done with it. Whoever started it may die: the nodes go on, and the same
// command takes the run over.

func distributedFlags(f *pflag.FlagSet) {
	f.Bool("distributed", false, "share the work among the nodes of this state (kagiban worker); needs --state postgres://…")
	f.StringSlice("nodes", nil, "only nodes with one of these `LABELS` work on the targets (default: all)")
}

// sharedSettings is what nodes learn of a target from the run; how they log on
// there is their own.
type sharedSettings struct {
	Include      []string      `json:"include,omitempty"`
	Exclude      []string      `json:"exclude,omitempty"`
	MaxSize      string        `json:"maxSize,omitempty"`
	Since        string        `json:"since,omitempty"` // a moment, RFC 3339
	HiddenShares bool          `json:"hiddenShares,omitempty"`
	RecycleBins  bool          `json:"recycleBins,omitempty"`
	Out          string        `json:"out,omitempty"`
	Window       string        `json:"window,omitempty"`
	MaxFiles     float64       `json:"maxFiles,omitempty"`
	MaxRate      string        `json:"maxRate,omitempty"`
	MaxBusy      int           `json:"maxBusy,omitempty"`
	Stall        time.Duration `json:"stall,omitempty"`
	Full         bool          `json:"full,omitempty"`
	Streams      bool          `json:"streams,omitempty"`
}

func newSharedSettings(v *viper.Viper, now time.Time) (sharedSettings, error) {
	s := sharedSettings{
		Include: v.GetStringSlice("include"), Exclude: v.GetStringSlice("exclude"), MaxSize: v.GetString("max-size"),
		HiddenShares: v.GetBool("hidden-shares"), RecycleBins: v.GetBool("recycle-bins"), Out: v.GetString("out"), Window: v.GetString("window"),
		MaxFiles: v.GetFloat64("max-files"), MaxRate: v.GetString("max-rate"), MaxBusy: v.GetInt("max-busy"), Stall: v.GetDuration("stall"),
		Full: v.GetBool("full"), Streams: v.GetBool("streams"),
	}
	oldest, err := since(v.GetString("since"), now)
	if err == nil && !oldest.IsZero() {
		s.Since = oldest.Format(time.RFC3339)
	}
	return s, err
}

// over lays the settings of a run over those of a node.
func (s sharedSettings) over(v *viper.Viper) {
	for key, value := range map[string]any{
		"include": s.Include, "exclude": s.Exclude, "max-size": s.MaxSize, "since": s.Since, "hidden-shares": s.HiddenShares,
		"recycle-bins": s.RecycleBins, "out": s.Out, "window": s.Window, "max-files": s.MaxFiles, "max-rate": s.MaxRate, "max-busy": s.MaxBusy,
		"stall": s.Stall, "full": s.Full, "streams": s.Streams,
	} {
		v.Set(key, value)
	}
}

// sharedRules names all that results depend on and that is not told to the nodes:
// they have to have it themselves.
func sharedRules(node *engine.Node, v *viper.Viper) (string, error) {
	key, err := hashKey(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(node.Rules() + " " + fingerprint(key)))
	return hex.EncodeToString(sum[:8]), nil
}

// sharedTargets are the targets of a run as nodes get them.
func sharedTargets(list []chosen) ([]queue.Target, error) {
	var targets []queue.Target
	for _, c := range list {
		parsed, err := source.Parse(c.Target)
		if err != nil {
			return nil, &exitError{exitUsage, err}
		}
		s, err := newSharedSettings(c.v, time.Now())
		if err != nil {
			return nil, err
		}
		body, err := json.Marshal(s)
		if err != nil {
			return nil, fatal(err)
		}
		server := "local"
		if parsed.Host != "" {
			server = strings.ToLower(parsed.Host) + ":" + parsed.Port
		}
		targets = append(targets, queue.Target{
			Name: parsed.String(), Server: server, Slots: c.v.GetInt("sessions"), Labels: c.v.GetStringSlice("nodes"), Settings: body,
		})
	}
	return targets, nil
}

// A distribution is a shared run as its starter sees it.
type distribution struct {
	queue  *queue.Queue
	db     *store
	run    scan.SharedRun
	id     int64
	doubts map[string]error // of targets that were concluded here
}

// scanDistributed starts a run, or takes over one whose starter is gone, waits for
// the nodes and concludes it.
func scanDistributed(cmd *cobra.Command, v *viper.Viper, db *store, list []chosen, conclude func(scan.Run, engine.Summary) error) (engine.Summary, error) {
	ctx := cmd.Context()
	d, err := startShared(cmd, v, db, list)
	if err != nil {
		return engine.Summary{}, err
	}
	sum, err := d.wait(cmd, v.GetString("progress"), v.GetDuration("state-patience"))
	away := context.WithoutCancel(ctx)
	switch {
	case ctx.Err() != nil:
		remark(cmd, "run %d goes on without this command; the same command waits for it again, kagiban cancel ends it", d.id)
		return sum, errors.Join(context.Canceled, d.run.Leave(away))
	case err != nil:
		return sum, fatal(errors.Join(err, d.run.Leave(away)))
	}
	// Nothing is left to be done in it, whatever there is to say about it. In this
	// order: a run that has ended in the state cannot be taken over any more.
	err = conclude(d.run, sum)
	ended := errors.Join(d.queue.End(away, d.id, runsKept), d.run.End(away))
	var exit *exitError
	if errors.As(err, &exit) {
		return sum, errors.Join(err, ended)
	}
	return sum, fatal(errors.Join(err, ended))
}

// runsKept is how long the figures of shared runs are kept.
const runsKept = 90 * 24 * time.Hour

// startShared begins a run, or takes over the one that is under way.
func startShared(cmd *cobra.Command, v *viper.Viper, db *store, list []chosen) (*distribution, error) {
	ctx := cmd.Context()
	shared, ok := db.Lease.(scan.Sharer)
	if !ok {
		return nil, usage("--distributed needs a state that several nodes can reach; name one with --state postgres://…")
	}
	q, err := sharedQueue(db)
	if err != nil {
		return nil, err
	}
	if err := keyBelongs(ctx, v, db); err != nil {
		return nil, err
	}
	spec, err := sharedSpec(v, list)
	if err != nil {
		return nil, err
	}
	loss, err := lossRule(v)
	if err != nil {
		return nil, err
	}
	start := scan.Start{Version: version(), Loss: loss}
	for _, t := range spec.Targets {
		start.Targets = append(start.Targets, t.Name)
	}
	d := &distribution{queue: q, db: db, doubts: map[string]error{}}
	var under []string
	if d.id, under, err = q.Under(ctx, start.Targets); err != nil {
		return nil, fatal(err)
	}
	if d.id != 0 {
		return d, d.takeOver(cmd, shared, start, under)
	}
	return d, d.begin(ctx, spec, start)
}

// sharedSpec is what nodes are told of a run.
func sharedSpec(v *viper.Viper, list []chosen) (queue.Spec, error) {
	spec := queue.Spec{Version: version()}
	var err error
	if spec.Targets, err = sharedTargets(list); err != nil {
		return spec, err
	}
	cfg, err := scanConfig(v, nil)
	if err != nil {
		return spec, err
	}
	defer closeProcesses(cfg)
	spec.Rules, err = sharedRules(engine.NewNode(cfg), v)
	return spec, err
}

func (d *distribution) begin(ctx context.Context, spec queue.Spec, start scan.Start) error {
	run, err := d.db.Begin(ctx, start)
	if errors.Is(err, scan.ErrBusy) {
		return usage("%w; wait for it", err)
	}
	if err != nil {
		return fatal(err)
	}
	var ok bool
	if d.run, ok = run.(scan.SharedRun); !ok {
		return fatal(errors.Join(scan.Errorf("%T cannot be shared", run), run.End(ctx)))
	}
	d.id = d.run.Number()
	spec.Run = d.id
	if err := d.queue.Start(ctx, spec); err != nil {
		return fatal(errors.Join(err, d.run.End(context.WithoutCancel(ctx))))
	}
	return nil
}

// takeOver goes on with a run whose starter is gone; under are its targets.
func (d *distribution) takeOver(cmd *cobra.Command, shared scan.Sharer, start scan.Start, under []string) error {
	slices.Sort(under)
	if mine := slices.Sorted(slices.Values(start.Targets)); !slices.Equal(mine, under) {
		return usage("run %d is under way with other targets: %s; name the same ones to take it over, or end it with kagiban cancel %d", d.id, shown(strings.Join(under, ", ")), d.id)
	}
	var err error
	d.run, err = shared.Resume(cmd.Context(), d.id, start)
	if errors.Is(err, scan.ErrBusy) {
		return usage("run %d is under way: %w; see kagiban status --runs", d.id, err)
	}
	if err == nil {
		remark(cmd, "takes over run %d, which was under way", d.id)
	}
	return fatal(err)
}

const (
	waitStep  = 300 * time.Millisecond
	waitShown = 5 * time.Second
)

// wait concludes each target once nothing is left of it to be done. A database that
// is away is waited for as long as the patience lasts.
func (d *distribution) wait(cmd *cobra.Command, progress string, patience time.Duration) (engine.Summary, error) {
	ctx := cmd.Context()
	began, last, away := time.Now(), time.Now(), time.Time{}
	for {
		ended, all, err := d.queue.Ended(ctx, d.id)
		if err == nil {
			err = d.concludeTargets(ctx, ended)
		}
		switch {
		case ctx.Err() != nil:
			return engine.Summary{}, ctx.Err()
		case err != nil && !d.queue.Away(err):
			return engine.Summary{}, err
		case err != nil && away.IsZero():
			away = time.Now()
			remark(cmd, "the database does not answer, waiting for it: %s", shown(speech(cmd).Error(err)))
		case err != nil && time.Since(away) > patience:
			return engine.Summary{}, scan.Errorf("the database did not answer for %v; the run goes on when it does, the same command takes it over: %w", patience, err)
		case err == nil:
			away = time.Time{}
		}
		if err == nil && all {
			return d.summary(ctx, began)
		}
		if progress != "none" && time.Since(last) >= waitShown {
			last = time.Now()
			d.show(cmd)
		}
		select {
		case <-ctx.Done():
		case <-time.After(waitStep):
		}
	}
}

func (d *distribution) concludeTargets(ctx context.Context, ended []queue.TargetEnd) error {
	for _, t := range ended {
		d.run.Identify(t.Name, t.Mounts)
		err := d.run.Finish(ctx, t.Name, t.Failed == "")
		failed := t.Failed
		if scan.Doubted(err) {
			d.doubts[t.Name], failed, err = err, err.Error(), nil
		}
		if err == nil {
			err = d.queue.Concluded(ctx, d.id, t.Name, failed)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *distribution) summary(ctx context.Context, began time.Time) (engine.Summary, error) {
	ends, err := d.queue.Summary(ctx, d.id)
	sum := engine.Summary{Elapsed: time.Since(began)}
	for _, e := range ends {
		t := engine.TargetSummary{Name: e.Name, Files: e.Files}
		if e.Failed != "" {
			t.Err = words.Told(e.Failed)
		}
		if doubt := d.doubts[e.Name]; doubt != nil {
			t.Err = doubt
		}
		sum.Targets = append(sum.Targets, t)
		sum.Files += e.Files
	}
	return sum, err
}

// show writes a line about how far the run is.
func (d *distribution) show(cmd *cobra.Command) {
	s, err := d.queue.Status(cmd.Context())
	if err != nil {
		return
	}
	for _, r := range s.Runs {
		if r.Run == d.id {
			fmt.Fprintln(cmd.ErrOrStderr(), speech(cmd).Speak(runLine(r, s.Nodes)))
		}
	}
}
