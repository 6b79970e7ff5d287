package policy

import "github.com/kagiban/kagiban/scan"

// Bin returns the recycle bin that a file lies in, as its path below the target,
// "" if there is none. What was deleted into it is still there for whoever opens
// the bin: it is put right by emptying the bin, not by a password.
func Bin(r *scan.Result) string {
	if bin := scan.RecycleBinOf(r.Entry.Path); bin != "" {
		return bin
	}
	return scan.RecycleBinOf(r.Entry.Target + "/") // the bin itself, or a folder in it, is the target
}
