package detectors

import "github.com/kagiban/kagiban/detectors/internal/kind"

// Rules is the table of what this package can look for besides the pension
// number. They are off unless Options.Enable names them.
func Rules() []Rule {
	return []Rule{
		kind.MyNumber(),
	}
}
