//go:build !linux && !windows

package source

import "github.com/kagiban/kagiban/scan"

// localStreams: none are listed here.
func localStreams(string) ([]scan.Entry, error) { return nil, nil }

func localStream(string) scan.Blob { return nil }

func isStream(string) bool { return false }
