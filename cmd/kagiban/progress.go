package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

const (
	lineEvery  = 200 * time.Millisecond
	plainEvery = 10 * time.Second
	longAfter  = 10 * time.Second // a file that takes longer is shown by itself
)

// A progress tells how far a scan is, on the error output: one line that is
// written over on a terminal, a plain line now and then elsewhere.
type progress struct {
	out   io.Writer
	line  bool
	quiet bool
	lang  words.Language
	last  time.Time
	width int
	file  *progressFile // nil: none
}

func newProgress(cmd *cobra.Command, mode string) (*progress, error) {
	p := &progress{out: cmd.ErrOrStderr(), last: time.Now(), lang: speech(cmd)}
	switch mode {
	case "auto":
		if f, ok := terminal(p.out); ok {
			p.line = true
			p.width, _, _ = term.GetSize(int(f.Fd())) // 0: as long as it comes
		}
	case "plain":
	case "none":
		p.quiet = true
	default:
		return nil, usage("--progress %q is not known; use auto, plain or none", mode)
	}
	return p, nil
}

func (p *progress) show(s engine.Progress) {
	p.file.show(s)
	every := plainEvery
	if p.line {
		every = lineEvery
	}
	if p.quiet || time.Since(p.last) < every {
		return
	}
	p.last = time.Now()
	text := describe(s, p.lang)
	if !p.line {
		fmt.Fprintln(p.out, text)
		return
	}
	if p.width > 1 {
		text = words.Cut(text, p.width-1)
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s", text)
}

// done clears the line.
func (p *progress) done() {
	if p.line {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// sayTimes names the files whose examination took longest.
func sayTimes(cmd *cobra.Command, list []engine.FileTime) {
	if len(list) > 0 {
		remark(cmd, "the files whose examination took longest, with what it waited for:")
	}
	for _, f := range list {
		took := speech(cmd).Duration(f.Took.Round(time.Millisecond))
		fmt.Fprintf(cmd.ErrOrStderr(), "  %s  %10s  %s\n", runewidth.FillLeft(took, 12), humanize.IBytes(uint64(max(f.Size, 0))), shown(strings.TrimSuffix(f.Target, "/")+"/"+f.Path))
	}
}

// describe says how far a scan is, in one line.
func describe(s engine.Progress, lang words.Language) string {
	seconds := max(s.Elapsed.Seconds(), 0.001)
	text := lang.Text("%d files", s.Files)
	if s.TotalFiles > 0 {
		text = lang.Text("%d/%d files", s.Files, s.TotalFiles)
	}
	text += lang.Text("  %s  %d with findings  %.0f files/s", humanize.IBytes(uint64(max(s.Bytes, 0))), s.Findings, float64(s.Files)/seconds)
	if s.Unfinished > 0 {
		text += lang.Text("  %d not examined", s.Unfinished)
	}
	if f := s.Longest; f != nil && time.Since(f.Began) > longAfter {
		text += lang.Text("  one takes %v: %s of %s", time.Since(f.Began).Round(time.Second), humanize.IBytes(uint64(f.Read)), humanize.IBytes(uint64(max(f.Size, 0))))
	}
	if left := s.TotalFiles - s.Files; s.TotalFiles > 0 && left >= 0 && s.Files > 0 {
		// Time goes with files and with bytes; take the slower of the two.
		byFiles := float64(left) / float64(s.Files)
		byBytes := float64(max(s.TotalBytes-s.Bytes, 0)) / float64(max(s.Bytes, 1))
		text += lang.Text("  %v left", time.Duration(seconds*max(byFiles, byBytes)*float64(time.Second)).Round(time.Second))
	}
	return text
}
