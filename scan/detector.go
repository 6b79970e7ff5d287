package scan

// A Detector knows what counts as personal data. It is pure: cells in,
// findings out.
type Detector interface {
	// Revision changes whenever the findings for the same rows may change.
	Revision() string
	// Begin starts the examination of one document.
	Begin(Subject) Examination
}

// A Subject is what is known of a document before its rows come.
type Subject struct {
	Names []string // path of the file, then the names of members, outermost first
	// Persons takes the keyed hash of each number that is found, apart for
	// each confidence. Its memory is bounded and shared by the whole file.
	Persons *Persons
	MaxHits int // how many Hits may be kept as a sample
	// Low keeps evidence of low confidence too, for those who ask why nothing
	// was reported.
	Low bool
}

// An Examination sees the rows of one document in order: table by table, the
// rows of one table together. It keeps what it learns about columns.
type Examination interface {
	// Row looks at one row. The row is valid until Row returns. An error is
	// one of Subject.Persons, returned unchanged.
	Row(Row) error
	// Close returns the judgement over all tables.
	Close() (Findings, error)
}

// Findings are what a document holds. The zero value is: nothing.
type Findings struct {
	High   Counts // confidence high enough to call it a violation
	Medium Counts // a person has to look
	Low    int64  // records that look alike but are not reported
	// Repaired counts values that were mended before they were counted, such
	// as a leading zero that a number cell had lost.
	Repaired int64
	// Hits is a bounded sample, best evidence first.
	Hits []Hit
}

// Counts are exact numbers of records.
type Counts struct {
	Records int64   `json:"records"`
	Classes Classes `json:"classes"`
	// Places are by the codes of the pension service: of the address in the row
	// where there is one, else of the number's first two digits, which say where
	// it was given and not where the person lives. Lives are those by address.
	Places  map[string]int64 `json:"prefectures,omitempty"`
	Lives   map[string]int64 `json:"prefectures_by_address,omitempty"`
	Interim int64            `json:"interim,omitempty"` // of Records, interim numbers (99…)
	// Detectors counts those of Records that are numbers of another kind, by the
	// name of the detector that was switched on or declared for them.
	Detectors map[string]int64 `json:"detectors,omitempty"`
}

// Classes counts records by what stands beside the number.
type Classes struct {
	Number int64 `json:"number"` // 番号のみ: the number alone (or with less than a name)
	Two    int64 `json:"two"`    // 二情報: number and name
	Three  int64 `json:"three"`  // 三情報: and date of birth
	Four   int64 `json:"four"`   // 四情報: and address
}

// ClassesOf counts n records of one class.
func ClassesOf(c Class, n int64) (sum Classes) {
	switch c {
	case ClassFour:
		sum.Four = n
	case ClassThree:
		sum.Three = n
	case ClassTwo:
		sum.Two = n
	case ClassNumber:
		sum.Number = n
	}
	return sum
}

// A Hit is one piece of evidence. It never holds a raw personal value.
type Hit struct {
	Table      string     `json:"table"`
	Row        int        `json:"row"`    // 1-based
	Column     string     `json:"column"` // the heading, or the column's letters where there is none
	Masked     string     `json:"masked"` // "****-****90"
	Score      int        `json:"score"`
	Confidence Confidence `json:"confidence"`
	Detector   string     `json:"detector,omitempty"` // "" for the pension number
	Why        []string   `json:"why"`                // stable codes: header, shape, column, …
}

// Confidence grades findings.
type Confidence string

// The grades of confidence.
const (
	ConfidenceHigh   Confidence = "high"
	ConfidenceMedium Confidence = "middle"
	ConfidenceLow    Confidence = "low"
)

// Add adds o's counts to c.
func (c *Counts) Add(o Counts) {
	c.Records += o.Records
	c.Interim += o.Interim
	c.Classes.Add(o.Classes)
	addTo(&c.Places, o.Places)
	addTo(&c.Lives, o.Lives)
	addTo(&c.Detectors, o.Detectors)
}

// Add adds o to c.
func (c *Classes) Add(o Classes) {
	c.Number += o.Number
	c.Two += o.Two
	c.Three += o.Three
	c.Four += o.Four
}

func addTo(sum *map[string]int64, counts map[string]int64) {
	if *sum == nil && len(counts) > 0 {
		*sum = map[string]int64{}
	}
	for key, n := range counts {
		(*sum)[key] += n
	}
}

// Add adds o to f, keeping at most maxHits hits.
func (f *Findings) Add(o Findings, maxHits int) {
	f.High.Add(o.High)
	f.Medium.Add(o.Medium)
	f.Low += o.Low
	f.Repaired += o.Repaired
	if room := maxHits - len(f.Hits); room > 0 {
		f.Hits = append(f.Hits, o.Hits[:min(room, len(o.Hits))]...)
	}
}

// Confidence is the best grade among the findings, "" if there are none.
func (f *Findings) Confidence() Confidence {
	switch {
	case f.High.Records > 0:
		return ConfidenceHigh
	case f.Medium.Records > 0:
		return ConfidenceMedium
	case f.Low > 0:
		return ConfidenceLow
	}
	return ""
}
