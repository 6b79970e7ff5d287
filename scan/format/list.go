// Package format holds what kagiban knows of files: for each format, how it is
// recognised by content, whether it opens without a password, and what is in
// it. A new format is one file here and one line in List. Parsers that grow
// live in internal/<name>.
//
// A format reads only through the scan.File it is given, hands everything to
// the scan.Sink, and starts no goroutine, makes no file and calls no other
// format: what is inside goes back to the engine.
package format

import (
	"slices"

	"github.com/kagiban/kagiban/scan"
)

// List is the table of known formats in the order in which they are asked: what
// is recognised surely and precisely comes first, text and the catch-alls last.
// A format that takes files from one below it bumps the version of that one.
func List() []scan.Format { return slices.Concat(marked(), structured(), rest()) }

// marked are the formats with a mark of their own.
func marked() []scan.Format {
	return []scan.Format{
		emptyFormat(),
		systemFileFormat(),
		xlsxFormat(),
		xlsbFormat(),
		docxFormat(),
		pptxFormat(),
		odsFormat(),
		odtFormat(),
		odpFormat(),
		volumesFormat(),
		volumePartFormat(),
		loneVolumeFormat(),
		zipFormat(),
		gzipFormat(),
		bzip2Format(),
		xzFormat(),
		zstdFormat(),
		zlibFormat(),
		lzhFormat(),
		arjFormat(),
		cabFormat(),
		isoFormat(),
		tarFormat(),
		sevenZipFormat(),
		rarFormat(),
		selfExtractingFormat(),
		pdfFormat(),
		postScriptFormat(),
		smimeFormat(),
		tnefFormat(),
		attacheCaseFormat(),
		openSSLFormat(),
		ageFormat(),
		openPGPFormat(),
		encryptedOOXMLFormat(),
		msgFormat(),
		xlsFormat(),
		docFormat(),
		pptFormat(),
		oleObjectFormat(),
		mdbFormat(),
		fodsFormat(),
		emlFormat(),
		spreadsheetMLFormat(),
		wordMLFormat(),
		htmlFormat(),
		rtfFormat(),
		sylkFormat(),
		difFormat(),
		dbfFormat(),
	}
}

// structured are the texts that programs write as records.
func structured() []scan.Format {
	return []scan.Format{
		xmlFormat(),
		sqlFormat(),
		jsonFormat(),
		jsonLogFormat(),
		ldifFormat(),
		vCardFormat(),
		yamlFormat(),
		labelsFormat(),
	}
}

// rest is other text, and what is out of scope.
func rest() []scan.Format {
	return []scan.Format{
		textFormat(),
		outOfScope("picture", "pictures"),
		outOfScope("media", "sound and film"),
		outOfScope("font", "fonts"),
		outOfScope("program", "programs"),
		residueFormat(),
		recognisedFormat(),
	}
}
