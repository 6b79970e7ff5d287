package report

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// A rowStore holds all rows of a list of the page in few bytes: the page shows
// the worst in full, and its script all of them, of which only those in sight are
// made into elements.
type rowStore struct {
	packed bytes.Buffer
	to     *gzip.Writer
	enc    *json.Encoder
	rows   int64
}

func newRowStore() *rowStore {
	s := &rowStore{}
	s.to = gzip.NewWriter(&s.packed)
	s.enc = json.NewEncoder(s.to)
	return s
}

// found writes a row about numbers in the open.
func (s *rowStore) found(v view) error { return s.add(v, v.Verdict(), v.Act()) }

// unread writes a row about what was not examined.
func (s *rowStore) unread(v view) error {
	return s.add(v, cmp.Or(strings.Join(v.Problems(), " / "), v.ReasonWord()), v.Remedy())
}

// add writes a row: what the columns show, and what they are sorted by where
// that is something else.
func (s *rowStore) add(v view, says, act string) error {
	s.rows++
	return s.enc.Encode([]any{
		v.Number(), v.Name(), v.Folder(), v.Target(), v.Class(), v.ClassRank(), v.Counts.Records, v.Persons, says,
		v.Readers(), v.AudienceRank(), v.Wide(), v.Owner(), v.StageWord(), v.Day(v.Due), v.Overdue(), v.Day(v.History.FirstFound), act,
	})
}

// text returns all rows: lines of JSON, in gzip, in the base64 of RFC 4648 §5,
// which no escaping changes.
func (s *rowStore) text() (string, error) {
	if err := s.to.Close(); err != nil {
		return "", err
	}
	return base64.URLEncoding.EncodeToString(s.packed.Bytes()), nil
}
