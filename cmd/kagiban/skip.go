package main

import (
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/spf13/viper"
)

// newSkip makes the rules that leave files out. Reports name the rule.
func newSkip(v *viper.Viper) (func(scan.Entry) string, error) {
	include, exclude := v.GetStringSlice("include"), v.GetStringSlice("exclude")
	for _, glob := range append(append([]string{}, include...), exclude...) {
		if !doublestar.ValidatePattern(glob) {
			return nil, usage("%q is no valid pattern for --include or --exclude; write **/*.xlsx or 総務部/**", glob)
		}
	}
	maxSize, err := size("max-size", v.GetString("max-size"))
	if err != nil {
		return nil, err
	}
	oldest, err := since(v.GetString("since"), time.Now())
	if err != nil {
		return nil, err
	}
	return func(e scan.Entry) string {
		switch {
		case matches(exclude, e.Path):
			return "exclude"
		case len(include) > 0 && !matches(include, e.Path):
			return "include"
		case maxSize > 0 && e.Size > maxSize:
			return "max-size"
		case !oldest.IsZero() && e.ModTime.Before(oldest):
			return "since"
		}
		return ""
	}, nil
}

// ruleOwnReport is the rule by which a scan leaves out its own reports.
const ruleOwnReport = "own-report"

// leaveOutReports adds the rule for the reports that this very scan writes, where
// their folder lies below a target of this computer. Nothing else that lies in
// the folder is left out.
func leaveOutReports(skip func(scan.Entry) string, t source.Target, out string) func(scan.Entry) string {
	folder, err := filepath.Abs(out)
	if t.Host != "" || out == "" || out == "-" || err != nil {
		return skip
	}
	root, err := filepath.Abs(t.Path)
	if err != nil {
		return skip
	}
	below, err := filepath.Rel(root, folder)
	if err != nil || below == ".." || strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		return skip
	}
	pattern := path.Join(filepath.ToSlash(below), "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]{,-*}", "{kagiban-{report,impact,recipients}*.*,"+manifestName+"}")
	return func(e scan.Entry) string {
		if doublestar.MatchUnvalidated(pattern, e.Path) {
			return ruleOwnReport
		}
		return skip(e)
	}
}

// matches tries patterns on the path, and those without a slash on the name alone.
func matches(globs []string, path string) bool {
	for _, glob := range globs {
		if doublestar.MatchUnvalidated(glob, path) || doublestar.MatchUnvalidated("**/"+glob, path) {
			return true
		}
	}
	return false
}
