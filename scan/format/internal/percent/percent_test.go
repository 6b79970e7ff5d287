package percent

import "testing"

func TestAppend(t *testing.T) {
	for text, want := range map[string]string{
		"GET /m?%E6%B0%B4=1":      "GET /m?水=1",
		"a%20b 100% 5%x %E6":      "",
		"%90%85%8C%B4&x":          "水原&x",
		"%E6%B0%B4%E5%8E%9F%":     "水原%",
		"":                        "",
		"no sign":                 "",
		"%e6%b0%b4 and %E5%8E%9F": "水 and 原",
	} {
		got, found := Append(nil, []byte(text))
		if want == "" {
			want = text
		}
		if string(got) != want || found != (want != text) {
			t.Errorf("%q: %q, %v; want %q", text, got, found, want)
		}
	}
}
