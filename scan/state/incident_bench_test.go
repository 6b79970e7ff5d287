package state

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// BenchmarkIncident asks a state with many persons what a thousand files held, and
// who holds a number. KAGIBAN_PERSONS is their number (default a million), ten
// thousand a file; the rows are written in the order of the index, which a night's
// scans do not, so that the time to make it says nothing.
func BenchmarkIncident(b *testing.B) {
	persons, each := 1_000_000, 10_000
	if n, err := strconv.Atoi(os.Getenv("KAGIBAN_PERSONS")); err == nil {
		persons = n
	}
	files := persons / each
	path := filepath.Join(b.TempDir(), "state.db")
	db, err := Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	step := ^uint64(0) / uint64(persons)
	if err := fillIncident(b, db, persons, files, step); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("sightings", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n = 0
			var versions []int64
			for f := range min(1000, files) {
				versions = append(versions, int64(f+1))
			}
			for s, err := range db.Sightings(b.Context(), versions) {
				if err != nil || s.Hash%step != 0 {
					b.Fatal(s, err)
				}
				n++
			}
		}
		b.ReportMetric(float64(n), "persons")
		b.ReportMetric(float64(info.Size())/float64(persons), "bytes/person")
	})
	random := rand.New(rand.NewPCG(1, 2))
	for _, found := range []bool{true, false} {
		b.Run(fmt.Sprintf("holding/found=%v", found), func(b *testing.B) {
			for b.Loop() {
				hash := uint64(random.IntN(persons)) * step
				if !found {
					hash++
				}
				if list, err := db.Holding(b.Context(), hash); err != nil || (len(list) == 1) != found {
					b.Fatal(list, err)
				}
			}
		})
	}
}

// fillIncident writes files with persons whose hashes are multiples of a step.
func fillIncident(b *testing.B, db *DB, persons, files int, step uint64) error {
	b.Helper()
	now := time.Now().UnixMicro()
	return db.inTx(b.Context(), nil, func(tx *sql.Tx, _ any) error {
		_, err := tx.Exec(`
INSERT INTO run (id, version, started) VALUES (1, 'bench', 1);
INSERT INTO target (id, name, run, complete) VALUES (1, 't', 1, 1);
INSERT INTO directory (id, target, path) VALUES (1, 1, 'd');
INSERT INTO revision (id, name) VALUES (1, 'r')`)
		if err != nil {
			return err
		}
		packed := make([][]byte, files)
		person, err := tx.Prepare("INSERT INTO person (hash, result) VALUES (?, ?)")
		if err != nil {
			return err
		}
		for k := range persons {
			hash, file := uint64(k)*step, k*7919%files
			packed[file] = appendPerson(packed[file], scan.Person{Hash: hash, Grade: scan.ConfidenceHigh, Class: scan.ClassThree, Place: 41})
			if _, err := person.Exec(upper(hash), file+1); err != nil {
				return err
			}
		}
		for f, list := range packed {
			if _, err := tx.Exec("INSERT INTO file (id, directory, name, size, mtime, ctime, identity, revision, scanned, bytes, found, run, first_seen) VALUES (?, 1, ?, 1, 1, 1, 0, 1, ?, 1, 1, 1, 1)", f+1, fmt.Sprint(f), now); err != nil {
				return err
			}
			if _, err := tx.Exec("INSERT INTO result (id, file, since, size, mtime, found, persons, body) VALUES (?, ?, ?, 1, 1, 1, 1, '{}')", f+1, f+1, now); err != nil {
				return err
			}
			for part := 0; len(list) > 0; part++ {
				n := min(len(list), packedParts*packedSize)
				var first uint64
				for p := range unpack(list[:packedSize]) {
					first = p.Hash
				}
				if _, err := tx.Exec("INSERT INTO persons (result, part, first, packed) VALUES (?, ?, ?, ?)", f+1, part, ordered(first), list[:n]); err != nil {
					return err
				}
				list = list[n:]
			}
		}
		return nil
	})
}
