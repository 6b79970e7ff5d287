package scan

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// A Result is everything learnt about one file. It holds no raw value.
type Result struct {
	ID       int64 // the store's number for this file; 0 if not stored
	Entry    Entry
	Revision string // the list of what it depends on, as the engine writes it
	Skipped  string // the rule that left the file out ("" if it was examined)
	// Items[0] is the file itself; the rest are those of its members that have
	// something to report: findings, a problem, a protection of their own.
	Items   []Item
	Members int64 // members at all depths that hold no further members
	Omitted int64 // of Members, those put out of scope by a rule
	// Hashes holds the keyed hashes of the numbers found. Nil when the result
	// comes from a store, which keeps them itself.
	Hashes   *Persons
	Distinct Distinct  // different persons in this file
	Scanned  time.Time // UTC
	Bytes    int64     // read from the source
	Access   *Access   // nil: not known, or nothing was found
	History  History   // filled in by the store
	Finding  *Finding  // filled in by the store; nil: there never was one
}

// RevisionAgain is a revision that never holds: such a result is made anew at
// each run.
const RevisionAgain = "again"

// A History is what a store knows of a file over its runs. All times are UTC;
// zero means never.
type History struct {
	FirstSeen  time.Time // first listed
	FirstFound time.Time // first examination that found numbers in the open
	LastFound  time.Time // latest such examination
	Gone       time.Time // first complete walk that did not meet it any more
}

// Distinct counts different persons (numbers) by confidence.
type Distinct struct {
	High   int64 `json:"high"`
	Medium int64 `json:"middle"` // those of High not counted again
}

// An Item is a file, or a member of one.
type Item struct {
	Inner      []string // path inside containers, outermost first; empty for the file itself
	Format     string   // "" if not known
	Size       int64    // bytes
	Protection Protection
	Skipped    string // the rule that put it out of scope
	Findings   Findings
	Problems   []Problem
	// Account is what its bytes are; filled in to explain, not stored.
	Account []Accounted
}

// problemsKept bounds the problems that one item records; the last one then
// says how many more there were.
const problemsKept = 20

// AddProblem adds a problem; too many are folded into one.
func (i *Item) AddProblem(p Problem) {
	switch n := len(i.Problems); {
	case n < problemsKept:
		i.Problems = append(i.Problems, p)
	case n == problemsKept:
		i.Problems = append(i.Problems, Problem{p.Kind, "more problems like those above"})
	case p.Passing() && !i.Problems[n-1].Passing():
		i.Problems[n-1].Kind = p.Kind // the worse of what is folded together decides
	}
}

// A Protection says whether a file opens without a password.
type Protection struct {
	Verdict  Verdict  `json:"verdict"`
	Scheme   string   `json:"scheme"` // "zipcrypto", "aes-256", "agile-aes-256-sha512", …
	Strength Strength `json:"strength"`
	Notes    []Note   `json:"notes"` // what explains the verdict against what the owner may believe
}

// Verdict is the answer to "does it need a password to open?".
type Verdict uint8

// The verdicts. "No password" must be earned: whatever fails stays unknown.
const (
	VerdictUnknown  Verdict = iota
	VerdictNone             // opens for everyone who can read the file
	VerdictPartial          // a container: some members need a password, others do not
	VerdictPassword         // needs a password
	VerdictOther            // kept by other means: rights management, a certificate
)

var verdictNames = [...]string{"unknown", "none", "partial", "password", "other"}

func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return fmt.Sprintf("Verdict(%d)", uint8(v))
}

// MarshalText returns the stable name used in the state and in jsonl.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (v *Verdict) UnmarshalText(b []byte) error {
	for i, name := range verdictNames {
		if name == string(b) {
			*v = Verdict(i)
			return nil
		}
	}
	return fmt.Errorf("verdict %q is not known", b)
}

// Closed says that content cannot be read without a secret.
func (v Verdict) Closed() bool { return v == VerdictPassword || v == VerdictOther }

// Strength grades a password protection; "" where there is none or it is not known.
type Strength string

// The grades of strength.
const (
	StrengthWeak   Strength = "weak"
	StrengthStrong Strength = "strong"
)

// A Note is a stable code; the words a person reads come from the message
// catalogue of package report.
type Note string

// The notes.
const (
	NoteDefaultPassword     Note = "default-password"
	NoteSheetProtection     Note = "sheet-protection"
	NoteWorkbookStructure   Note = "workbook-structure"
	NoteWriteReservation    Note = "write-reservation"
	NoteReadOnlyRecommended Note = "read-only-recommended"
	NoteHiddenSheets        Note = "hidden-sheets"
	NoteVBAPassword         Note = "vba-password"
	NoteOwnerPassword       Note = "owner-password"
	NoteAttachmentsOnly     Note = "attachments-only"
	NoteFalseFlag           Note = "false-encryption-flag"
	NoteNamesVisible        Note = "names-visible"
	NoteMissingVolume       Note = "missing-volume"
	NoteGuessable           Note = "guessable-password"
	NotePasswordNearby      Note = "password-nearby"
)

// AddNote adds a note that is not there yet.
func (p *Protection) AddNote(n Note) { p.Notes = AddNote(p.Notes, n) }

// AddNote returns the notes with one more, if that is not among them yet.
func AddNote(notes []Note, n Note) []Note {
	if slices.Contains(notes, n) {
		return notes
	}
	return append(notes, n)
}

// MarshalJSON writes notes as an empty list rather than null, as the schema of
// jsonl promises.
func (p Protection) MarshalJSON() ([]byte, error) {
	type plain Protection
	if p.Notes == nil {
		p.Notes = []Note{}
	}
	return json.Marshal(plain(p))
}
