package xlsx

import "testing"

func TestXstring(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                   "plain",
		"a_x000D_b":               "a\rb",
		"12_x0033_4-567890":       "1234-567890",
		"_x005F_x000D_":           "_x000D_",
		"_x3042_":                 "あ",
		"_x12":                    "_x12",
		"file_x000_y":             "file_x000_y",
		"1234_x-56_x00E9_é_x":     "1234_x-56éé_x",
		"_xZZZZ_":                 "_xZZZZ_",
		"tail_x000A":              "tail_x000A",
		"one_x0041_two_x0042_end": "oneAtwoBend",
	} {
		if got := string(xstring([]byte(in))); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
