package format_test

import "testing"

// The formats whose fixtures are mutated as whole files: containers, mails, records of
// structured text, and what is recognised by its head. Parsers with a package of their
// own have targets there too.

func FuzzAge(f *testing.F)        { fuzz(f, "age") }
func FuzzArj(f *testing.F)        { fuzz(f, "arj") }
func FuzzCab(f *testing.F)        { fuzz(f, "cab") }
func FuzzEml(f *testing.F)        { fuzz(f, "eml") }
func FuzzGzip(f *testing.F)       { fuzz(f, "gzip") }
func FuzzIso(f *testing.F)        { fuzz(f, "iso") }
func FuzzJSON(f *testing.F)       { fuzz(f, "json") }
func FuzzJSONLog(f *testing.F)    { fuzz(f, "json-log") }
func FuzzLabels(f *testing.F)     { fuzz(f, "labels") }
func FuzzLDIF(f *testing.F)       { fuzz(f, "ldif") }
func FuzzLzh(f *testing.F)        { fuzz(f, "lzh") }
func FuzzMsg(f *testing.F)        { fuzz(f, "msg") }
func FuzzOds(f *testing.F)        { fuzz(f, "ods") }
func FuzzOleObject(f *testing.F)  { fuzz(f, "ole-object") }
func FuzzOOXMLCrypt(f *testing.F) { fuzz(f, "ooxml-encrypted") }
func FuzzOpenPGP(f *testing.F)    { fuzz(f, "openpgp") }
func FuzzPptx(f *testing.F)       { fuzz(f, "pptx") }
func FuzzSMIME(f *testing.F)      { fuzz(f, "smime") }
func FuzzSQL(f *testing.F)        { fuzz(f, "sql") }
func FuzzTar(f *testing.F)        { fuzz(f, "tar") }
func FuzzText(f *testing.F)       { fuzz(f, "text") }
func FuzzTNEF(f *testing.F)       { fuzz(f, "tnef") }
func FuzzVCard(f *testing.F)      { fuzz(f, "vcard") }
func FuzzWordML(f *testing.F)     { fuzz(f, "wordml") }
func FuzzXlsx(f *testing.F)       { fuzz(f, "xlsx") }
func FuzzXML(f *testing.F)        { fuzz(f, "xml") }
func FuzzYAML(f *testing.F)       { fuzz(f, "yaml") }
func FuzzZip(f *testing.F)        { fuzz(f, "zip") }
func FuzzZlib(f *testing.F)       { fuzz(f, "zlib") }
