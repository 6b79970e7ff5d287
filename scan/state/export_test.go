package state

// Die has a run end as with its process: only what the system does is done.
func (r *Run) Die() {
	_ = r.journal.file.Close() // it stays
	_ = r.journal.lock.Unlock()
}
