package main

import (
	"github.com/go-viper/mapstructure/v2"
	"github.com/kagiban/kagiban/detectors"
	"github.com/spf13/viper"
)

// A detection is the key of that name in kagiban.yaml.
type detection struct {
	High      int               `mapstructure:"high"`       // score from which a finding is certain
	Medium    int               `mapstructure:"middle"`     // score from which it is for review
	Headings  []string          `mapstructure:"headings"`   // further headings of the pension number
	StopWords []string          `mapstructure:"stop-words"` // further words for other numbers
	Enable    []string          `mapstructure:"enable"`     // detectors that are off otherwise
	Detectors []declaredNumbers `mapstructure:"detectors"`
}

// declaredNumbers is one further detector.
type declaredNumbers struct {
	Name      string   `mapstructure:"name"`
	Pattern   string   `mapstructure:"pattern"`
	Headings  []string `mapstructure:"headings"`
	StopWords []string `mapstructure:"stop-words"`
	Match     []string `mapstructure:"match"`
	NoMatch   []string `mapstructure:"no-match"`
}

// detectionOptions reads the key "detection". What it does not know is refused:
// a misspelt key would be a setting that silently does nothing.
func detectionOptions(v *viper.Viper) (detectors.Options, error) {
	var d detection
	strict := func(c *mapstructure.DecoderConfig) { c.ErrorUnused, c.WeaklyTypedInput = true, false }
	if err := v.UnmarshalKey("detection", &d, strict); err != nil {
		return detectors.Options{}, usage("config file, detection: %w", err)
	}
	o := detectors.Options{Headings: d.Headings, StopWords: d.StopWords, Enable: d.Enable}
	if d.High != 0 || d.Medium != 0 {
		o.Grades = detectors.DefaultGrades()
		if d.High != 0 {
			o.Grades.High = d.High
		}
		if d.Medium != 0 {
			o.Grades.Medium = d.Medium
		}
	}
	for _, one := range d.Detectors {
		o.Rules = append(o.Rules, detectors.Rule{
			Name: one.Name, Pattern: one.Pattern, Headings: one.Headings, StopWords: one.StopWords, Match: one.Match, NoMatch: one.NoMatch,
		})
	}
	return o, nil
}
