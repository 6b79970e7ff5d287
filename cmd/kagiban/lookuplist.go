package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/report"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// prompt asks whoever sits at the terminal until an empty line. What is typed is
// not shown and lies in memory that is not swapped out, where the system allows it.
func (d *desk) prompt(cmd *cobra.Command) error {
	in, ok := terminal(cmd.InOrStdin())
	if !ok {
		return usage("there is no terminal to type a number at; give a list with kagiban lookup - < FILE")
	}
	out := cmd.OutOrStdout()
	for {
		fmt.Fprint(cmd.ErrOrStderr(), report.Text(d.lang, "lookup.prompt")+" ")
		number, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(cmd.ErrOrStderr())
		unlock := lockMemory(number)
		if errors.Is(err, io.EOF) || err == nil && len(bytes.TrimSpace(number)) == 0 {
			unlock()
			return nil
		}
		if err != nil {
			return fatal(err)
		}
		r, err := d.ask(cmd.Context(), number, d.files)
		unlock()
		if err == nil {
			err = d.log.one("prompt", d.who, d.named, r)
		}
		if err != nil {
			return fatal(err)
		}
		for _, line := range d.said(r) {
			fmt.Fprintln(out, line)
		}
	}
}

// said is a reply in words.
func (d *desk) said(r reply) []string {
	text := func(id string, args ...any) string { return report.Text(d.lang, "lookup."+id, args...) }
	lines := []string{text("result-" + r.Result)}
	if r.Mended != "" {
		lines = append(lines, text("mended-"+r.Mended))
	}
	if r.Result == "unreadable" {
		return lines
	}
	if r.Class != "" {
		last := text("now")
		if r.Last != nil {
			last = r.Last.Local().Format("2006-01-02")
		}
		lines = append(lines, fmt.Sprintf("  %s: %s  %s: %s  %s: %s  %s: %d", text("class"), text("class-"+r.Class),
			text("first"), r.First.Local().Format("2006-01-02"), text("last"), last, text("files"), r.Files))
	}
	for _, p := range r.Paths {
		lines = append(lines, "  "+p)
	}
	id := "coverage"
	if r.Unread > 0 {
		id = "coverage-unread"
	}
	lines = append(lines, strings.NewReplacer("{read}", fmt.Sprint(r.Read), "{unread}", fmt.Sprint(r.Unread)).Replace(text(id)))
	for n, u := range d.scope.Unknown {
		if n == listedUnread {
			lines = append(lines, "  "+report.Text(d.lang, "more-names", fmt.Sprint(len(d.scope.Unknown)-n)))
			break
		}
		lines = append(lines, "  "+report.Text(d.lang, "impact-kind."+string(u.Kind))+": "+shown(strings.TrimSuffix(u.Entry.Target, "/")+"/"+u.Entry.Path))
	}
	return lines
}

// listedUnread is how many files that were not read an answer names.
const listedUnread = 10

const (
	listChunk = 50_000
	listLine  = 4 << 10
)

// list answers a list, a line for each of its lines by the number of the line:
// the numbers themselves are not written. It ends with what was not read.
func (d *desk) list(cmd *cobra.Command, rate int) error {
	in := bufio.NewScanner(cmd.InOrStdin())
	in.Buffer(make([]byte, listLine), listLine)
	out := bufio.NewWriter(cmd.OutOrStdout())
	fmt.Fprintln(out, "line\tresult\tmended\tclass\tfirst\tlast\tfiles\tpaths")
	counts, n := map[string]int64{}, 0
	begin := time.Now()
	for more := true; more; {
		var chunk [][]byte
		for len(chunk) < listChunk && more {
			if more = in.Scan(); more {
				chunk = append(chunk, bytes.Clone(bytes.TrimPrefix(in.Bytes(), []byte("\uFEFF"))))
			}
		}
		replies, err := d.askAll(cmd.Context(), chunk)
		if err != nil {
			return fatal(err)
		}
		for _, r := range replies {
			n++
			if r == nil {
				continue // an empty line
			}
			counts[r.Result]++
			fmt.Fprintf(out, "%d\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", n, r.Result, r.Mended, r.Class, stamp(r.First), stamp(r.Last), r.Files, strings.Join(r.Paths, " | "))
		}
		if err := pause(cmd.Context(), begin, n, rate); err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return usage("line %d of the list: %w", n+1, err)
	}
	if err := out.Flush(); err != nil {
		return fatal(err)
	}
	fmt.Fprintln(cmd.ErrOrStderr(), strings.NewReplacer("{read}", fmt.Sprint(d.scope.Read), "{unread}", fmt.Sprint(d.scope.NotRead())).Replace(report.Text(d.lang, "lookup.coverage-unread")))
	return fatal(d.log.list(d.who, d.named, counts))
}

// pause keeps a list to so many questions a second.
func pause(ctx context.Context, begin time.Time, asked, rate int) error {
	if rate <= 0 {
		return nil
	}
	select {
	case <-time.After(time.Until(begin.Add(time.Duration(asked) * time.Second / time.Duration(rate)))):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// askAll answers several questions, in the order of their hashes: so what the
// state holds of one neighbourhood is read once.
func (d *desk) askAll(ctx context.Context, numbers [][]byte) ([]*reply, error) {
	replies := make([]*reply, len(numbers))
	type question struct {
		at    int
		typed detectors.Typed
		ok    bool
	}
	var asked []question
	for i, number := range numbers {
		if len(bytes.TrimSpace(number)) > 0 {
			typed, ok := d.asker.Ask(number)
			asked = append(asked, question{i, typed, ok})
		}
		clear(number)
	}
	slices.SortFunc(asked, func(a, b question) int { return cmp.Compare(a.typed.Hash, b.typed.Hash) })
	errs := make([]error, max(2, runtime.GOMAXPROCS(0)))
	var wait sync.WaitGroup
	for w := range errs {
		wait.Go(func() {
			for _, q := range asked[len(asked)*w/len(errs) : len(asked)*(w+1)/len(errs)] {
				r, err := d.answer(ctx, q.typed, q.ok, d.files)
				if replies[q.at], errs[w] = &r, err; err != nil {
					return
				}
			}
		})
	}
	wait.Wait()
	return replies, errors.Join(errs...)
}

// A lookupLog is the log of questions: who, when, how many and with what result;
// never a number, nor its hash.
type lookupLog struct {
	mu   sync.Mutex
	file *os.File
}
