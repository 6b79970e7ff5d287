package scan

import "fmt"

// A Text is a sentence for a person: an English format and what stands in it. It is
// put into another language where it is printed, by its format (package
// cmd/internal/words), so code reads as English and nothing is translated twice.
type Text struct {
	english, format string
	args            []any
}

// Say makes a text. Arguments that are texts or errors are translated with it.
func Say(format string, args ...any) Text {
	return Text{fmt.Sprintf(format, args...), format, args}
}

// String returns the text in English, as logs and stored results have it.
func (t Text) String() string { return t.english }

// Empty reports whether there is nothing to say.
func (t Text) Empty() bool { return t.english == "" }

// Parts returns what the text was made of.
func (t Text) Parts() (format string, args []any) { return t.format, t.args }

// A Spoken error has a text that can be put into another language.
type Spoken interface {
	error
	Text() Text
}

// Errorf is fmt.Errorf for an error that a person reads: it keeps its text.
func Errorf(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	text := Text{err.Error(), format, args}
	switch err := err.(type) {
	case interface{ Unwrap() []error }:
		return &spokenErrors{spoken{text}, err.Unwrap()}
	case interface{ Unwrap() error }:
		return &spokenError{spoken{text}, err.Unwrap()}
	}
	return &spoken{text}
}

type spoken struct{ text Text }

func (e *spoken) Error() string { return e.text.english }

// Text implements Spoken.
func (e *spoken) Text() Text { return e.text }

// A spokenError has an error in it, for errors.Is and errors.As.
type spokenError struct {
	spoken
	inner error
}

// Unwrap returns what was wrapped with %w.
func (e *spokenError) Unwrap() error { return e.inner }

type spokenErrors struct {
	spoken
	inner []error
}

// Unwrap returns what was wrapped with %w.
func (e *spokenErrors) Unwrap() []error { return e.inner }
