package format_test

import (
	"testing"

	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

func TestCanary(t *testing.T) { scantest.Canary(t, format.List(), fixtures) }
