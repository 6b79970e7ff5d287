package score

// A Weight is what one part of a score counts.
type Weight struct {
	Code   string // as in scan.Hit.Why
	Points int
	Prior  int // what was thought before anything was measured
}

// Points returns what a part counts, 0 for a code that has no points of its own.
func Points(code string) int {
	for _, w := range Weights() {
		if w.Code == code {
			return w.Points
		}
	}
	return 0
}

// Weights returns all parts of scores. The points were fitted by package evalset
// (make fit) to the training half of its documents, starting from the prior; the
// middle between the grades is where both answers are equally likely.
func Weights() []Weight {
	return []Weight{
		// weights
		{"header", 59, 60},
		{"direct", 5, 5},
		{"layout", 60, 60},
		{"title", 20, 20},
		{"mentioned", 15, 15},
		{"certificate-code", 35, 35},
		{"shape", 22, 25},
		{"bare", 6, 5},
		{"column", 20, 20},
		{"column-short", 10, 10},
		{"certificate", 10, 10},
		{"prefecture-many", 22, 20},
		{"prefecture-some", 10, 10},
		{"prefecture", 3, 5},
		{"name", 11, 10},
		{"birth", 16, 15},
		{"address", 9, 10},
		{"file-name", 10, 10},
		{"other-header", -60, -60},
		{"unknown-header", -31, -30},
		{"no-prefecture", -11, -10},
		{"no-prefecture-some", -20, -20},
		{"no-prefecture-many", -46, -45},
		{"sequence", -40, -40},
		{"repeated", -30, -30},
		{"same-office", -25, -25},
		{"care", -40, -40},
		{"phone", -61, -60},
		{"phone-like", -40, -40},
		{"datetime", -60, -60},
		{"datetime-like", -40, -40},
		{"datetime-header", -35, -35},
		// end of weights
	}
}
