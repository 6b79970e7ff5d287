// Package words puts what the program says into the language of whoever runs it.
//
// Code says everything in English: scan.Say and scan.Errorf keep the format and what
// stands in it, and here the format is looked up in the catalogue (report/messages)
// at the moment of printing. So errors stay English in code, tests and JSON logs, and
// no text is made of pieces whose order another language would not have.
package words

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/kagiban/kagiban/report/messages"
	"github.com/kagiban/kagiban/scan"
)

// A Language is one of the catalogue. The zero value is English.
type Language struct {
	name  string
	texts map[string]string // nil: English
}

// In returns a language by its name ("ja", "en").
func In(name string) Language { return Language{name, messages.Program(name)} }

// Name returns "ja" or "en".
func (l Language) Name() string {
	if l.name == "" {
		return "en"
	}
	return l.name
}

type key struct{}

// With returns a context in which the program speaks a language.
func With(ctx context.Context, l Language) context.Context {
	return context.WithValue(ctx, key{}, l)
}

// Of returns the language of a context, English if it has none.
func Of(ctx context.Context) Language {
	l, _ := ctx.Value(key{}).(Language)
	return l
}

// Lookup returns a sentence without arguments, as it is if it is not known.
func (l Language) Lookup(english string) string {
	if text, ok := l.texts[english]; ok {
		return text
	}
	return english
}

// Text writes a sentence with its arguments, as fmt.Sprintf does. Arguments that are
// texts, errors or durations are put into the language too.
func (l Language) Text(format string, args ...any) string {
	if l.texts == nil {
		return fmt.Sprintf(format, args...)
	}
	put := make([]any, len(args))
	for i, a := range args {
		put[i] = l.argument(a)
	}
	// %w is for errors to be found by; here it is a place for words like any other.
	return fmt.Sprintf(wraps.ReplaceAllString(l.Lookup(format), "%${1}v"), put...)
}

var wraps = regexp.MustCompile(`%(\[\d+\])?w`)

// Speak writes a text.
func (l Language) Speak(t scan.Text) string {
	if l.texts == nil {
		return t.String()
	}
	format, args := t.Parts()
	return l.Text(format, args...)
}

func (l Language) argument(a any) any {
	switch a := a.(type) {
	case scan.Text:
		return l.Speak(a)
	case error:
		return l.Error(a)
	case time.Duration:
		return l.Duration(a)
	}
	return a
}

// Error writes an error.
func (l Language) Error(err error) string {
	if l.texts == nil {
		return err.Error()
	}
	if spoken, ok := err.(scan.Spoken); ok {
		return l.Speak(spoken.Text())
	}
	if text, ok := err.(told); ok {
		return l.Heard(string(text))
	}
	if text, ok := l.texts[err.Error()]; ok {
		return text
	}
	switch err := err.(type) {
	case *fs.PathError:
		return err.Path + ": " + l.Error(err.Err)
	case *url.Error:
		return l.Error(err.Err)
	}
	inner := wrapped(err)
	if len(inner) == 0 {
		return l.foreign(err)
	}
	if err.Error() == errors.Join(inner...).Error() {
		var parts []string
		for _, e := range inner {
			parts = append(parts, l.Error(e))
		}
		return strings.Join(parts, "; ")
	}
	text, found := err.Error(), false
	for _, e := range inner {
		before, after, ok := strings.Cut(text, e.Error())
		if ok {
			text, found = before+l.Error(e)+after, true
		}
	}
	if !found {
		return l.foreign(err)
	}
	return calls.ReplaceAllString(text, "$1")
}

// calls is what the system was asked for, in an error of the network.
var calls = regexp.MustCompile(`\b(?:dial|read|write|listen) (?:tcp|udp|unix)[46]? (?:[^ ]+->)?([^ ]+: )(?:(?:connect|connectex|bind|read|write): )?`)

// Outcome is the error with which a command ends, as a sentence: what others said in
// words of their own stands in brackets after it.
func (l Language) Outcome(err error) string {
	text := l.Error(err)
	if l.texts != nil && !japanese(text) {
		return l.Text("it could not be done: %s", text)
	}
	return text
}

// wrapped are the errors in an error, but for those that are none.
func wrapped(err error) (list []error) {
	var all []error
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		all = []error{err.Unwrap()}
	case interface{ Unwrap() []error }:
		all = err.Unwrap()
	}
	for _, e := range all {
		if e != nil {
			list = append(list, e)
		}
	}
	return list
}

func japanese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) })
}

// Duration writes how long something takes as people write it.
func (l Language) Duration(d time.Duration) string {
	if l.texts == nil {
		return d.String()
	}
	if d < 0 {
		return "-" + l.Duration(-d)
	}
	var b strings.Builder
	for _, unit := range []struct {
		of   time.Duration
		word string
	}{{of: 24 * time.Hour, word: "%d days"}, {of: time.Hour, word: "%d hours"}, {of: time.Minute, word: "%d minutes"}, {of: time.Second, word: "%d seconds"}} {
		if n := d / unit.of; n > 0 {
			b.WriteString(l.Text(unit.word, int64(n)))
			d %= unit.of
		}
	}
	if b.Len() > 0 {
		return b.String()
	}
	if ms := d.Round(time.Millisecond / 10); ms > 0 {
		return l.Text("%v milliseconds", float64(ms)/float64(time.Millisecond))
	}
	return l.Text("%d seconds", 0)
}
