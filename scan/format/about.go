package format

// Content says how much of a format is read.
type Content string

// How much is read.
const (
	ContentFull Content = "yes"
	ContentBest Content = "best effort" // what may be missing is told as a problem
	ContentNone Content = "no"
)

// An About is what a person should know of a format.
type About struct {
	Names   string // as people call it
	Verdict string // "yes", "always open", "by rule", "no"
	Content Content
	Limits  string
}

// Abouts describes each format of List, by its name.
func Abouts() map[string]About {
	const open, yes, rule = "always open", "yes", "by rule"
	return map[string]About{
		"empty":           {"empty files", open, ContentFull, ""},
		"xlsx":            {"xlsx, xlsm, xltx, xltm", yes, ContentFull, "16,777,216 shared strings"},
		"xlsb":            {"xlsb", yes, ContentFull, "16,777,216 shared strings"},
		"docx":            {"docx, docm, dotx", yes, ContentFull, ""},
		"pptx":            {"pptx, ppsx", yes, ContentFull, ""},
		"ods":             {"ods, ots", yes, ContentFull, ""},
		"odt":             {"odt", yes, ContentFull, ""},
		"odp":             {"odp", yes, ContentFull, ""},
		"fods":            {"fods", open, ContentFull, ""},
		"ooxml-encrypted": {"xlsx, docx, pptx with a password (agile, standard, IRM)", yes, ContentFull, "content when the default or a declared password opens it"},
		"xls":             {"xls, xlt (BIFF2 to BIFF8)", yes, ContentFull, ""},
		"doc":             {"doc", yes, ContentFull, "Word 95 best effort"},
		"ppt":             {"ppt", yes, ContentBest, "tables come as lines"},
		"ole-object":      {"objects embedded in documents", open, ContentFull, "an object of an unknown program is told as not read"},
		"mdb":             {"mdb, accdb", yes, ContentBest, "always told as not wholly read"},
		"spreadsheetml":   {"SpreadsheetML 2003", open, ContentFull, ""},
		"wordml":          {"WordprocessingML 2003, Flat OPC", open, ContentFull, "objects of Word 2003 (.mso) are told as not read"},
		"html":            {"html, also as .xls", open, ContentFull, ""},
		"rtf":             {"rtf", open, ContentFull, ""},
		"sylk":            {"slk", open, ContentFull, ""},
		"dif":             {"dif", open, ContentFull, ""},
		"dbf":             {"dbf", yes, ContentFull, "memo text in a file beside it is told as not read"},
		"text":            {"csv, tsv, txt (UTF-8, UTF-16, CP932, EUC-JP, ISO-2022-JP)", open, ContentFull, "1 MiB a line"},
		"zip":             {"zip, also behind a program", "by entry", ContentFull, "methods stored, deflate, deflate64, bzip2, lzma, zstd, xz; not PPMd"},
		"7z":              {"7z", "by entry", ContentFull, "128 MiB of dictionary; read in a process of its own"},
		"rar":             {"rar (4 and 5)", "by entry", ContentFull, "128 MiB of dictionary; read in a process of its own"},
		"volumes":         {"7z, zip and rar in volumes", "by entry", ContentFull, "read at the main volume, with the others beside it"},
		"volume":          {"further volumes", rule, ContentNone, "examined at the main volume"},
		"lone-volume":     {"volumes without the main one", "no", ContentNone, "unchecked"},
		"self-extracting": {"programs with 7z, rar, lzh, arj, cab or AttacheCase behind them", "as the archive", ContentFull, "looked for up to 4 MiB behind the program"},
		"lzh":             {"lzh, lha", open, ContentFull, "methods lh0, lh1, lh4 to lh7, lz4, lz5, lzs; not lh2, lh3 and pm"},
		"arj":             {"arj", "by entry", ContentFull, "methods 0 to 4; not volumes"},
		"cab":             {"cab", open, ContentFull, "stored and MSZIP; not LZX and Quantum"},
		"iso":             {"iso (ISO 9660, Joliet, Rock Ridge, UDF)", open, ContentFull, "not UDF discs that were written bit by bit"},
		"tar":             {"tar", open, ContentFull, ""},
		"gzip":            {"gz, tgz", open, ContentFull, ""},
		"bzip2":           {"bz2", open, ContentFull, ""},
		"xz":              {"xz", open, ContentFull, "128 MiB of dictionary"},
		"zstd":            {"zst", open, ContentFull, "128 MiB of window"},
		"eml":             {"eml", open, ContentFull, "1,000 parts, 10 deep"},
		"msg":             {"msg", open, ContentFull, "not text that is only in compressed RTF"},
		"pdf":             {"pdf", yes, ContentBest, "32 MiB of content a page; pages that are pictures, and fonts that do not tell their characters, are told as not read"},
		"attachecase":     {"AttacheCase", yes, ContentNone, ""},
		"openpgp":         {"OpenPGP messages", yes, ContentNone, ""},
		"age":             {"age", yes, ContentNone, ""},
		"openssl":         {"openssl enc", yes, ContentNone, ""},
		"picture":         {"pictures", rule, ContentNone, ""},
		"media":           {"sound and film", rule, ContentNone, ""},
		"font":            {"fonts", rule, ContentNone, ""},
		"program":         {"programs", rule, ContentNone, ""},
		"unsupported":     {"everything else", "no", ContentNone, "unchecked, with its media type"},
	}
}
