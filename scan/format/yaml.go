package format

import (
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/yamltext"
)

// yamlFormat is text of keys and items within each other (YAML 1.2.2).
func yamlFormat() scan.Format {
	return scan.Format{
		Name: "yaml", Version: 2,
		About: scan.About{Names: "yaml", Verdict: "always open", Content: scan.CoverageFull, Limits: "1 MiB a value"},
		Match: func(f *scan.File) bool { return yamltext.Is(sampleOf(f)) },
		Open:  openRecords(yamltext.Read),
	}
}
