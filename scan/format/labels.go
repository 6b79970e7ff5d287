package format

import (
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/labeltext"
)

// labelsFormat is text of labels with their values, block after block, and INI files.
func labelsFormat() scan.Format {
	return scan.Format{
		Name: "labels", Version: 1,
		About: scan.About{Names: "blocks of labels with values, ini", Verdict: "always open", Content: scan.CoverageFull, Limits: "1 MiB a line"},
		Match: func(f *scan.File) bool { return labeltext.Is(sampleOf(f)) },
		Open:  openRecords(labeltext.ReadBlocks),
	}
}

// ldifFormat is entries of a directory (RFC 2849).
func ldifFormat() scan.Format {
	return scan.Format{
		Name: "ldif", Version: 1,
		About: scan.About{Names: "ldif", Verdict: "always open", Content: scan.CoverageFull, Limits: "1 MiB a value"},
		Match: func(f *scan.File) bool { return labeltext.IsLDIF(sampleOf(f)) },
		Open:  openRecords(labeltext.ReadLDIF),
	}
}

// vCardFormat is cards of persons (RFC 6350) and entries of a calendar (RFC 5545).
func vCardFormat() scan.Format {
	return scan.Format{
		Name: "vcard", Version: 1,
		About: scan.About{Names: "vcf, ics", Verdict: "always open", Content: scan.CoverageFull, Limits: "1 MiB a value"},
		Match: func(f *scan.File) bool { return labeltext.IsCards(sampleOf(f)) },
		Open:  openRecords(labeltext.ReadCards),
	}
}
