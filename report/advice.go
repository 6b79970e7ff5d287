package report

import (
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// Act is the sentence for the person who must act on a violation: what is wrong,
// why what they may believe is no protection, how to put it right with the
// program at hand, until when and whom to ask.
func (v viewProtection) Act() string {
	if v.Status != scan.StatusViolation {
		return ""
	}
	parts := []string{v.ActHow()}
	contact := v.words.text("act.contact")
	if v.File.Department.Contact != "" {
		contact = visible(v.File.Department.Contact)
	}
	if day := v.Day(v.Due); day != "" {
		parts = append(parts, v.words.text("act.until", day, contact))
	} else {
		parts = append(parts, v.words.text("act.ask", contact))
	}
	return sentences(parts)
}

// ActHow is the part of it that is the same for all files of a kind.
func (v viewProtection) ActHow() string {
	switch {
	case v.Status != scan.StatusViolation:
		return ""
	case v.Bin():
		return sentences([]string{v.words.text("act.bin"), v.words.text("act.done")})
	}
	return sentences([]string{v.wrong(), v.words.text("act.how." + actFamily(v.Items)), v.words.text("act.done")})
}

// sentences joins sentences as their language does.
func sentences(list []string) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 && !strings.HasSuffix(list[i-1], "。") {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	return b.String()
}

// wrong says why the file counts as open, against what its owner may believe.
func (v viewProtection) wrong() string {
	for _, n := range v.notes() {
		if v.words.has("act.wrong", string(n)) {
			return v.words.code("act.wrong", string(n))
		}
	}
	if len(v.Items) > 0 && v.Items[0].Protection.Verdict == scan.VerdictPartial {
		return v.words.text("act.wrong.partial")
	}
	return v.words.text("act.wrong.open")
}

// Bin reports whether the file lies in a recycle bin, or the target is one or in one.
func (v viewProtection) Bin() bool {
	return scan.RecycleBinOf(v.Entry.Path) != "" || scan.RecycleBinOf(v.Entry.Target+"/") != ""
}

// actFamilies are the formats that are put right in the same way.
var actFamilies = map[string]string{
	"xlsx": "excel", "xls": "excel", "xlsb": "excel", "xlsm": "excel", "spreadsheetml": "excel", "ooxml-encrypted": "excel",
	"docx": "word", "doc": "word", "pptx": "powerpoint", "ppt": "powerpoint",
	"ods": "odf", "odt": "odf", "odp": "odf", "odf": "odf", "pdf": "pdf",
	"zip": "archive", "7z": "archive", "rar": "archive", "lzh": "oldarchive", "arj": "oldarchive", "cab": "oldarchive", "tar": "oldarchive",
	"gzip": "oldarchive", "bzip2": "oldarchive", "xz": "oldarchive", "zstd": "oldarchive", "iso": "oldarchive",
	"mail": "mail", "msg": "mail", "pst": "mail", "mbox": "mail", "mdb": "database", "accdb": "database", "dbf": "database", "sqlite": "database",
	"text": "text", "csv": "text", "json": "text", "json-log": "text", "xml": "text", "sql": "text", "yaml": "text", "labels": "text", "ldif": "text", "vcard": "text", "html": "text",
}

func actFamily(items []scan.Item) string {
	if len(items) > 0 {
		if family := actFamilies[items[0].Format]; family != "" {
			return family
		}
	}
	return "other"
}
