// Package format holds what kagiban knows of files: for each format, how it is
// recognised by content, whether it opens without a password, and what is in
// it. A new format is one file here and one line in List. Parsers that grow
// live in internal/<name>.
//
// A format reads only through the scan.File it is given, hands everything to
// the scan.Sink, and starts no goroutine, makes no file and calls no other
// format: what is inside goes back to the engine.
package format

import "github.com/kagiban/kagiban/scan"

// List is the table of known formats in the order in which they are asked: what
// is recognised surely and precisely comes first, text and the catch-alls last.
// A format that takes files from one below it bumps the version of that one.
func List() []scan.Format {
	return []scan.Format{
		Empty(),
		Xlsx(),
		Xlsb(),
		Docx(),
		Pptx(),
		Ods(),
		Odt(),
		Odp(),
		Volumes(),
		VolumePart(),
		LoneVolume(),
		Zip(),
		Gzip(),
		Bzip2(),
		Xz(),
		Zstd(),
		Lzh(),
		Arj(),
		Cab(),
		Iso(),
		Tar(),
		SevenZip(),
		Rar(),
		SelfExtracting(),
		Pdf(),
		AttacheCase(),
		OpenSSLEnc(),
		Age(),
		OpenPGP(),
		EncryptedOOXML(),
		Msg(),
		Xls(),
		Doc(),
		Ppt(),
		OleObject(),
		Mdb(),
		Fods(),
		Eml(),
		SpreadsheetML(),
		WordML(),
		HTML(),
		RTF(),
		SYLK(),
		DIF(),
		DBF(),
		Text(),
		OutOfScope("picture"),
		OutOfScope("media"),
		OutOfScope("font"),
		OutOfScope("program"),
		Recognised(),
	}
}
