package pdftext

import (
	"fmt"
	"strings"
	"testing"
)

// Strings and arrays end at their bounds; what follows them is read as ever.
func TestOperandsAreBounded(t *testing.T) {
	for _, c := range []struct {
		name, text string
		size       int
		cut        bool
	}{
		{"a string", "(" + strings.Repeat("x", stringMax) + ")", stringMax, false},
		{"a byte more", "(" + strings.Repeat("x", stringMax+1) + ")", stringMax, true},
		{"escapes", "(" + strings.Repeat(`\101`, stringMax+5) + ")", stringMax, true},
		{"in hex", "<" + strings.Repeat("41", stringMax+1) + ">", stringMax, true},
		{"an array", "[" + strings.Repeat("1 ", arrayMax) + "]", arrayMax, false},
		{"an element more", "[" + strings.Repeat("1 ", arrayMax+1) + "]", arrayMax, true},
	} {
		l := lexer{data: []byte(c.text + " Tj")}
		v, _ := l.next(0)
		size := 0
		switch v := v.(type) {
		case string:
			size = len(v)
		case array:
			size = len(v)
		}
		if next, _ := l.next(0); size != c.size || l.cut != c.cut || next != operator("Tj") {
			t.Errorf("%s: %d, cut %v, then %v", c.name, size, l.cut, next)
		}
	}
}

func TestNamesWithEscapes(t *testing.T) {
	for in, want := range map[string]string{"A#42C": "ABC", "#41": "A", "#4": "#4", "a#zz#42": "a#zzB", "##41": "#A", "#": "#", "": "", "a#2342": "a#42"} {
		if got := unescaped(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if n := len(unescaped(strings.Repeat("#41", 1<<20))); n != 1<<20 {
		t.Errorf("%d bytes", n)
	}
}

// A map of codes keeps small ranges code by code, a few large ones as they are,
// and no more than it may.
func TestCMapIsBounded(t *testing.T) {
	m := parseCMap([]byte("1 begincodespacerange <0000> <FFFF> endcodespacerange " +
		"3 beginbfrange <0010> <0012> <3042> <0100> <2FFF> <4E00> <0011> <0011> <0041> endbfrange 1 beginbfchar <0012> <0042> endbfchar"))
	for code, want := range map[uint32]string{0x10: "あ", 0x11: "ぃ", 0x12: "B", 0x100: "一", 0x1FF: "\u4EFF", 0x2FFF: "\u7CFF"} {
		if got, ok := m.lookup(code); !ok || got != want {
			t.Errorf("code %#x: %q, want %q", code, got, want)
		}
	}
	if _, ok := m.lookup(0x3000); ok || len(m.ranges) != 1 {
		t.Errorf("%d ranges, and a code of none is known: %v", len(m.ranges), ok)
	}
	for name, text := range map[string]string{
		"large ranges": strings.Repeat("1 beginbfrange <0000> <FFFF> <4E00> endbfrange ", 5000),
		"code spaces":  strings.Repeat("1 begincodespacerange <00> <FF> endcodespacerange ", 5000),
		"codes":        manyRanges(),
		"operands":     strings.Repeat("<00> ", 5*cmapMax),
	} {
		if m := parseCMap([]byte(text)); m.size() > cmapMax || len(m.ranges) > rangesMax || len(m.spaces) > rangesMax {
			t.Errorf("%s: %d entries, %d ranges, %d spaces", name, m.size(), len(m.ranges), len(m.spaces))
		}
	}
}

func manyRanges() string {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "1 beginbfrange <%06X00> <%06XFF> <4E00> endbfrange ", i, i)
	}
	return b.String()
}

func TestGlyphNames(t *testing.T) {
	for name, want := range map[string]string{"space": " ", "zero": "0", "asciitilde": "~", "A": "A", "uni3042": "あ", "hyphen.alt": "-", "no such": "", "": "", "exclam quotedbl": ""} {
		if got := glyphNamed(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
