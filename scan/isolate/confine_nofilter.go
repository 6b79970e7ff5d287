//go:build linux && !amd64 && !arm64

package isolate

import "errors"

func filterCalls() error { return errors.ErrUnsupported }
