package numfmt

import (
	"fmt"
	"strings"
	"testing"
)

func TestCodesAreBounded(t *testing.T) {
	var c Codes
	long := strings.Repeat("あ", maxCode) // characters, not bytes
	if f := c.Compile(long); c.Check() != nil || string(f.Append(nil, []byte("5"), false)) != long {
		t.Errorf("a code of %d characters is not read", maxCode)
	}
	if f := c.Compile(long + "x"); c.Check() == nil || string(f.Append(nil, []byte("5"), false)) != "5" {
		t.Errorf("a code of %d characters is read", maxCode+1)
	}
	if c.Check() != nil {
		t.Error("it is told twice")
	}
	if first := c.Compile("0000"); first != c.Compile("0000") {
		t.Error("equal codes are compiled twice")
	}
	refused := 0
	for i := range 10_000 {
		if c.Compile(fmt.Sprintf("0%0250d", i)) == c.general {
			refused++
		}
	}
	if c.Check() == nil || refused == 0 || c.size > maxCodes {
		t.Errorf("%d bytes of codes are kept, %d codes refused", c.size, refused)
	}
}

// What a code shows has as many bytes as it and the number have, whatever its shape.
func TestShownLengthIsBounded(t *testing.T) {
	for _, unit := range []string{"0", "#", "?", "0-", "-", `"x"`, "0.", ",", "#,", "%", "E+0", "[h]", "y", "@", "*", "\\a", ";", "0;"} {
		code := strings.Repeat(unit, 250/len(unit))
		for _, v := range []float64{0, 1, -1.5, 1e300, 1e-300, 123456789012345} {
			if got := Compile(code).AppendFloat(nil, v, false); len(got) > 255*32 {
				t.Errorf("%d bytes of %.10q… for %v", len(got), code, v)
			}
		}
	}
}
