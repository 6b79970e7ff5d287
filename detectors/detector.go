package detectors

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
	"slices"

	"github.com/kagiban/kagiban/detectors/internal/kind"
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// version changes whenever the findings for the same rows may change.
const version = "pension-2"

// A Detector finds Japanese pension numbers. It may be used from several
// goroutines; its examinations may not.
type Detector struct {
	key     []byte
	grades  Grades
	places  lex.Places
	rules   []rule
	words   *vocab.Vocabulary
	persons []byte // key of the hashes of numbers
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
	return &Detector{key: slices.Clone(key), words: vocab.New(kind.Pension(), vocab.Own{}), grades: DefaultGrades(), places: lex.NewPlaces(), persons: personKey(key)}
}

// Revision names the rules and, by a fingerprint, the key: hashes made under
// two keys cannot be compared.
func (d *Detector) Revision() string {
	mac := hmac.New(sha256.New, d.key)
	mac.Write([]byte("kagiban fingerprint of the key"))
	mac.Write(d.settings)
	return version + "-" + hex.EncodeToString(mac.Sum(nil)[:6])
}

// Grades are the scores from which this detector reports.
func (d *Detector) Grades() Grades { return d.grades }

// Begin starts the examination of one document.
func (d *Detector) Begin(s scan.Subject) scan.Examination {
	e := &examination{
		subject: s,
		grades:  d.grades,
		rules:   d.rules,
		words:   d.words.NewReader(),
		mac:     hmac.New(sha256.New, d.key),
		named:   d.words.Names(s.Names...),
		places:  d.places,
		floor:   math.MinInt,
	}
	e.cipher, _ = aes.NewCipher(d.persons) // 32 bytes are a key
	e.table = newTable(e)
	if len(s.Names) > 0 {
		e.inName(baseName(s.Names[len(s.Names)-1]), false)
	}
	return e
}

// An examination sees one document. It holds one table at a time.
type examination struct {
	subject  scan.Subject
	grades   Grades
	rules    []rule
	words    *vocab.Reader
	places   lex.Places
	mac      hash.Hash
	sum      [sha256.Size]byte
	cipher   cipher.Block
	block    [aes.BlockSize]byte
	named    bool       // the name of the file speaks of pensions
	shared   []lex.Form // by Cell.Shared
	floor    int        // no piece of evidence that is kept scores less, once there is no room
	table    *table
	inNames  []nameNumber
	met      map[uint64]bool // the numbers of inNames: whether the content holds them too
	findings scan.Findings
}

// Row looks at one row.
func (e *examination) Row(r scan.Row) error {
	if e.table.begun && r.Table != e.table.name {
		if err := e.table.finish(); err != nil {
			return err
		}
	}
	if !e.table.begun {
		e.table.begin(r.Table)
	}
	return e.table.row(&r)
}

// Close gives the judgement over all tables.
func (e *examination) Close() (scan.Findings, error) {
	if e.table.begun {
		if err := e.table.finish(); err != nil {
			return scan.Findings{}, err
		}
	}
	if err := e.closeNames(); err != nil {
		return scan.Findings{}, err
	}
	slices.SortStableFunc(e.findings.Hits, func(a, b scan.Hit) int { return b.Score - a.Score })
	return e.findings, nil
}

// sharedMax bounds the memory for shared texts: 16 MiB, which is as many texts
// as the formats share. Texts with higher numbers are judged each time.
const sharedMax = 1<<24 + 1

// personKey derives the key of the hashes of numbers.
func personKey(key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("kagiban key for persons, 1"))
	return mac.Sum(nil)
}

// person is the keyed hash of a number.
func (e *examination) person(value uint64) uint64 {
	e.block = [aes.BlockSize]byte{}
	binary.BigEndian.PutUint64(e.block[8:], value)
	e.cipher.Encrypt(e.block[:], e.block[:])
	return binary.BigEndian.Uint64(e.block[:])
}

// hashOf is the keyed hash of another rule's number.
func (e *examination) hashOf(text string) uint64 {
	e.mac.Reset()
	e.mac.Write([]byte(text))
	return binary.BigEndian.Uint64(e.mac.Sum(e.sum[:0]))
}
