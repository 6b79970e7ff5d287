package format

import (
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xmltext"
)

// xmlFormat is what programs write in the markup language (XML 1.0) and that is no
// document of an office program.
func xmlFormat() scan.Format {
	return scan.Format{
		Name: "xml", Version: 1,
		About: scan.About{Names: "xml of programs", Verdict: "always open", Content: scan.CoverageFull, Limits: "1 MiB a value"},
		Match: func(f *scan.File) bool { return xmltext.Is(sampleOf(f)) },
		Open:  openRecords(xmltext.Read),
	}
}
