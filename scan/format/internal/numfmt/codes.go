package numfmt

import (
	"fmt"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
)

const (
	// maxCode is how many characters a code has at the most (MS-XLS 2.4.126;
	// the programs that write the other formats keep to it). A number that is
	// shown costs as much as its code is long.
	maxCode = 255
	// maxCodes is how many bytes the codes of one document have together.
	// Excel takes about 250 of them.
	maxCodes = 1 << 20
)

// Codes compiles the codes of one document, equal ones once. What is beyond
// the bounds is shown as General, which Check reports. The zero value is ready.
type Codes struct {
	known   map[string]*Format
	size    int
	general *Format
	long    bool
	many    bool
}

// Compile is the function of that name within the bounds.
func (c *Codes) Compile(code string) *Format {
	if f := c.known[code]; f != nil {
		return f
	}
	if c.known == nil {
		c.known, c.general = map[string]*Format{}, Compile("")
	}
	switch long := utf8.RuneCountInString(code) > maxCode; {
	case long:
		c.long = true
		return c.general
	case c.size+len(code) > maxCodes:
		c.many = true
		return c.general
	}
	f := Compile(code)
	c.known[code] = f
	c.size += len(code)
	return f
}

// Check reports what was beyond the bounds since it was last called; nil if
// nothing was.
func (c *Codes) Check() error {
	long, many := c.long, c.many
	c.long, c.many = false, false
	switch {
	case long:
		return fmt.Errorf("number format of more than %d characters, shown as General: %w", maxCode, scan.ErrMalformed)
	case many:
		return fmt.Errorf("number formats of more than %d bytes, shown as General: %w", maxCodes, scan.ErrMalformed)
	}
	return nil
}
