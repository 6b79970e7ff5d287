package main

import (
	"encoding/json"
	"testing"
	"time"
)

// TestWhatANodeTakes: targets that it was restricted to, within their windows.
func TestWhatANodeTakes(t *testing.T) {
	now := time.Now()
	window := func(from, to time.Duration) string {
		return now.Add(from).Format("15:04") + "-" + now.Add(to).Format("15:04")
	}
	for _, c := range []struct {
		name, window string
		only         []string
		want         bool
	}{
		{"any target at any time", "", nil, true},
		{"one that it was given", "", []string{"smb://fs01/share"}, true},
		{"another one", "", []string{"smb://fs02/share"}, false},
		{"in its window", window(-time.Hour, time.Hour), nil, true},
		{"outside of it", window(2*time.Hour, 3*time.Hour), nil, false},
		{"a window that nobody can read", "at night", nil, false},
	} {
		settings, err := json.Marshal(sharedSettings{Window: c.window})
		if err != nil {
			t.Fatal(err)
		}
		if got := (&member{only: c.only}).takes("smb://fs01/share", settings); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if (&member{}).takes("smb://fs01/share", []byte("no settings")) {
		t.Error("settings that cannot be read are no settings")
	}
}
