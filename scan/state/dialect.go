package state

import (
	"context"
	"database/sql"
	"iter"
	"strconv"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// The queries of the store are read by each of the databases that a state can be
// kept in, but for what follows.

// A dialect is what is of one database: how it is opened and looked after, what
// its SQL says in its own way, and what is done many at a time where each
// statement is a way to a server and back. Functions that are nil do nothing.
type dialect struct {
	words
	// inTx runs f in a write transaction, of which tx is what a scan.Completion
	// gets. It may run it several times; what a failed one did is undone.
	inTx  func(ctx context.Context, r *Run, f func(sqlTx *sql.Tx, tx any) error) error
	retry func(ctx context.Context, f func() error) error // of what only reads
	// begin takes the lease and sets Run.id and Run.release.
	begin   func(ctx context.Context, r *Run, start scan.Start) error
	journal journalPlace // of what is under examination
	bulk
	care
	// scrub has what is replaced from now on overwritten in the file, until done.
	scrub   func(ctx context.Context) (done func(), err error)
	explain func(error) error // names the place
	close   func() error
}

// words are the parts of queries that differ.
type words struct {
	cross string // a join with a condition before which the outer loops are fixed
	// scanned is the table of files, read row by row and by no index; "" where an index
	// is never found to be damaged.
	scanned string
	status  string // of the judgement that a basis holds
	// holding asks for the results that may hold a hash: by its upper half (?1) and
	// as an ordered number (?2).
	holding string
	// is compares a name by its index.
	is func(column, placeholder string) string
	// temp makes a table that ends with the transaction at the latest.
	temp func(name, columns string) string
	// measure has the planner learn how large such a table is.
	measure func(name string) string
}

// bulk is what is written many at a time. What is nil is written one by one.
type bulk struct {
	// later keeps a statement until another's answer is wanted.
	later func(s *transaction, query string, args []any) error
	flush func(s *transaction) error
	// shared reads or adds a row that many refer to.
	shared  func(ctx context.Context, query string, args []any, into *int64) (found bool, err error)
	save    func(r *Run, s *session, batch []scan.Outcome) error
	mark    func(s *session, run int64, m marks) error
	settle  func(s *session, run int64, moves []scan.Move) error
	members func(ctx context.Context, tx *sql.Tx, members iter.Seq2[scan.GroupMember, error]) error
	// persons stores those of a result, copied those of another one.
	persons  func(s *session, result int64, persons iter.Seq2[scan.Person, error]) error
	copied   func(s *session, result, of int64) error
	dropPast func(s *session, before int64) error
}

// care is how a database is looked after.
type care struct {
	check   func(ctx context.Context, h *Health) error
	compact func(ctx context.Context) error
	backup  func(ctx context.Context, path string) error
	schema  func(ctx context.Context) (int, error)
	size    func(ctx context.Context) int64 // bytes
	key     func(ctx context.Context, fingerprint string, another bool) error
}

// pathOf is the path of a file below its target.
const pathOf = "CASE WHEN directory.path = '' THEN file.name ELSE directory.path || '/' || file.name END"

// among limits a query to some targets, all if there are none. Its arguments are
// the first ones of the query.
func among(targets []string) (condition string, args []any) {
	if len(targets) == 0 {
		return "TRUE", nil
	}
	var b strings.Builder
	for i, name := range targets {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("?" + strconv.Itoa(i+1))
		args = append(args, name)
	}
	return "target.name IN (" + b.String() + ")", args
}
