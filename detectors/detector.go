package detectors

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"

	"github.com/kagiban/kagiban/detectors/internal/kind"
	"github.com/kagiban/kagiban/detectors/internal/layout"
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/score"
	"github.com/kagiban/kagiban/detectors/internal/tally"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// version changes whenever the findings for the same rows may change.
const version = "pension-7"

// A Detector finds Japanese pension numbers. It may be used from several
// goroutines; its examinations may not.
type Detector struct {
	key      []byte
	grades   Grades
	places   lex.Places
	words    *vocab.Vocabulary
	declared []kind.Matcher
	persons  []byte // key of the hashes of numbers
	// settings is what of the options changes findings; nil for none.
	settings []byte
}

var _ scan.Detector = (*Detector)(nil)

// New makes a detector. Numbers leave it as keyed hashes only: the first 8
// bytes, big endian, of AES-256 under a key that HMAC-SHA256 derives from the
// given one, over a block that ends with the number (big endian). A cipher cut
// to half of its block is a pseudo-random function; it costs a twentieth of a
// hash function, and one in a list of a million is what detection costs most.
func New(key []byte) *Detector {
	return &Detector{
		key: slices.Clone(key), grades: DefaultGrades(), places: lex.NewPlaces(),
		words: vocab.New(kind.Pension(), vocab.Own{}), persons: personKey(key),
	}
}

// Revision names the rules and, by a fingerprint, the key: hashes made under
// two keys cannot be compared.
func (d *Detector) Revision() string {
	name := version + "-" + KeyPrint(d.key)
	if d.settings != nil {
		mac := hmac.New(sha256.New, d.key)
		mac.Write(d.settings)
		name += "-" + hex.EncodeToString(mac.Sum(nil)[:6])
	}
	return name
}

// KeyPrint is the fingerprint of a key, which is a part of each revision: numbers
// can be looked up only under the key that their hashes were made with.
func KeyPrint(key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("kagiban fingerprint of the key"))
	return hex.EncodeToString(mac.Sum(nil)[:6])
}

// Grades are the scores from which this detector reports.
func (d *Detector) Grades() Grades { return d.grades }

// Begin starts the examination of one document.
func (d *Detector) Begin(s scan.Subject) scan.Examination {
	words := d.words.NewReader()
	e := &examination{
		subject: s,
		judge:   judge{kind: score.Pension(d.grades)},
		hasher:  newHasher(d.key, d.persons),
		named:   words.Names(s.Names...),
		counts:  tally.New(s.MaxHits),
		names:   names{words: words},
		hits:    hits{max: s.MaxHits, floor: math.MinInt},
	}
	e.table = layout.New(words, d.places, e)
	if len(d.declared) > 0 {
		e.declared = kind.NewColumns(d.declared, s, &e.findings, e.hasher.text)
	}
	if len(s.Names) > 0 {
		e.names.add(baseName(s.Names[len(s.Names)-1]), false)
	}
	return e
}
