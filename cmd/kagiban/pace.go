package main

import (
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan/source"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// paceFlags are those that keep a scan from disturbing others.
func paceFlags(f *pflag.FlagSet) {
	f.Float64("max-files", 0, "open at most so many files a second (of each target)")
	f.String("max-rate", "", "read at most `SIZE` a second, such as 20MB")
	f.Int("max-busy", 0, "keep the server busy for at most so many `PERCENT` of the time, all requests together")
	f.Bool("low-priority", false, "let other programs of this computer go first")
	f.String("window", "", "scan between two `TIMES` of the day only, such as 22:00-06:00; the next run goes on where this one stopped")
}

// yieldToOthers lets other programs go first, if that is wanted.
func yieldToOthers(v *viper.Viper, log *journal) {
	if !v.GetBool("low-priority") {
		return
	}
	if err := lowPriority(); err != nil {
		log.Warn(log.put("the priority stays as it is"), "reason", log.put("%v", err))
	}
}

// pace reads the flags.
func pace(v *viper.Viper) (source.Pace, error) {
	rate, err := size("max-rate", v.GetString("max-rate"))
	if err != nil {
		return source.Pace{}, err
	}
	files, busy := v.GetFloat64("max-files"), v.GetInt("max-busy")
	if files < 0 {
		return source.Pace{}, usage("--max-files %v is no number of 0 or more; 0 is without a limit", files)
	}
	if busy < 0 || busy > 100 {
		return source.Pace{}, usage("--max-busy %d is no number from 0 to 100; 0 is without a limit", busy)
	}
	return source.Pace{Files: files, Bytes: float64(rate), Busy: float64(busy) / 100}, nil
}

// A window is a part of each day, in minutes of local time; it may span
// midnight.
type window struct{ from, to int }

// parseWindow reads "22:00-06:00"; nil for none.
func parseWindow(text string) (*window, error) {
	if text == "" {
		return nil, nil
	}
	from, to, _ := strings.Cut(text, "-")
	var w window
	for _, part := range []struct {
		text string
		into *int
	}{{from, &w.from}, {to, &w.to}} {
		t, err := time.Parse("15:04", strings.TrimSpace(part.text))
		if err != nil {
			return nil, usage("--window %q is no window; write 22:00-06:00", text)
		}
		*part.into = t.Hour()*60 + t.Minute()
	}
	if w.from == w.to {
		return nil, usage("--window %q is empty; leave it out to scan at any time", text)
	}
	return &w, nil
}

// closes is when the window that is open now closes; now if none is.
func (w *window) closes(now time.Time) time.Time {
	year, month, day := now.Date()
	at := func(days, minutes int) time.Time {
		return time.Date(year, month, day+days, 0, minutes, 0, 0, now.Location())
	}
	for _, days := range []int{-1, 0} {
		begin, end := at(days, w.from), at(days, w.to)
		if w.to < w.from {
			end = at(days+1, w.to)
		}
		if !now.Before(begin) && now.Before(end) {
			return end
		}
	}
	return now
}

// until makes what engine.Target wants of a window.
func until(v *viper.Viper) (func() time.Time, error) {
	w, err := parseWindow(v.GetString("window"))
	if w == nil || err != nil {
		return nil, err
	}
	return func() time.Time { return w.closes(time.Now()) }, nil
}
