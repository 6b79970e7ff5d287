//go:build !linux || !(amd64 || arm64)

package isolate_test

import "github.com/kagiban/kagiban/scan"

func systemSteps() []scan.Format { return nil }
