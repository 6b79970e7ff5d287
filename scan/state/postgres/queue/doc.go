// Package queue shares the work of a run among nodes, with the jobs of River in
// the PostgreSQL that holds the state.
//
// A run has targets, a target has batches: a folder to be listed or files to be
// examined. What is true of a batch stands in the table batch; a job of River only
// carries its number to a node. The two are apart since River does not fence the
// completion of a job by its attempt: a node that froze, and whose job went to
// another, would complete the job of that one. A batch is leased under a token,
// the lease is renewed while its node lives, and a transaction that stores results
// commits only if the token still holds. A lease that ran out gets another token
// and another job.
//
// Read runs.go (how a run begins, is watched and ends), node.go (how a node lives),
// lanes.go (which servers it works on), batch.go (a batch and its completion),
// reap.go (what becomes of lost batches), and status.go.
package queue
