package rtf

import (
	"io"

	"github.com/kagiban/kagiban/scan"
)

// word acts on a control word.
func (r *reader) word(name string, n int, has bool) error {
	switch name {
	case "par", "line", "sect", "page", "column", "row", "nestrow", "cell", "nestcell", "tab", "u", "bin":
		return r.layout(name, n)
	case "emdash":
		r.symbol("—")
	case "endash":
		r.symbol("–")
	case "bullet":
		r.symbol("•")
	case "lquote", "rquote":
		r.symbol("'")
	case "ldblquote", "rdblquote":
		r.symbol(`"`)
	case "emspace", "enspace", "qmspace":
		r.symbol(" ")
	case "ansicpg":
		r.ansi = n
	case "mac":
		r.ansi = 10000
	case "pc":
		r.ansi = 437
	case "uc":
		r.flush()
		r.st.uc = min(max(n, 0), 8)
	case "f", "af":
		if r.st.fonts {
			r.define = n
		} else if name == "f" {
			r.flush()
			r.st.font = n
		}
	case "plain":
		r.flush()
		r.st.font = -1
	case "fcharset":
		r.charset(n)
	case "deff":
	default:
		r.destination(name)
	}
	return nil
}

// layout acts on what shapes lines and rows, and on data between the words.
func (r *reader) layout(name string, n int) error {
	if name == "bin" {
		to := io.Discard
		if r.st.data {
			to = &r.data
		}
		_, err := io.CopyN(to, r.in, int64(max(n, 0)))
		if err == io.EOF {
			return nil // the end is reported by run
		}
		return err
	}
	if name == "u" {
		r.unicode(n)
		return nil
	}
	if r.st.skip {
		return nil
	}
	switch name {
	case "tab":
		r.symbol("\t")
	case "cell", "nestcell":
		return r.cell()
	case "row", "nestrow":
		return r.endRow()
	default:
		return r.endLine()
	}
	return nil
}

// charset notes the code page of the font that is being defined.
func (r *reader) charset(n int) {
	if !r.st.fonts || len(r.fonts) >= 1<<16 {
		return
	}
	page := map[int]int{128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 77: 10000, 78: 932}[n]
	if page != 0 {
		r.fonts[r.define] = page
	}
}

// destination enters a group whose text is none of the document's.
func (r *reader) destination(name string) {
	switch name {
	case "pict", "themedata", "datastore", "colorschememapping", "objdata", "blipuid":
		r.st.hex = true
	}
	switch name {
	case "fonttbl":
		r.st.fonts, r.st.skip = true, true
	case "colortbl", "stylesheet", "pict", "themedata", "colorschememapping", "datastore", "listtable", "listoverridetable",
		"rsidtbl", "xmlnstbl", "latentstyles", "generator", "nonshppict", "filetbl", "revtbl", "sp", "private1",
		"atnid", "atnauthor", "atntime", "atndate", "atnref", "bkmkstart", "bkmkend", "mmathPr", "pgdsctbl", "pgdsc", "operator",
		"creatim", "revtim", "printim", "buptim", "falt", "panose":
		r.st.skip = true
	case "fldinst":
		r.flush()
		r.st.field = len(r.text) + 1
	case "objdata":
		r.st.skip, r.st.data = true, true
	case "passwordhash", "password", "readprot", "annotprot", "formprot", "allprot":
		r.note(scan.NoteWriteReservation)
		r.st.skip = r.st.skip || r.st.star
	case "readonlyrecommended":
		r.note(scan.NoteReadOnlyRecommended)
	case "shptxt", "annotation", "footnote":
		r.st.skip, r.st.star = false, false
	case "shpinst", "shppict", "objattph", "shp", "background", "do", "dptxbxtext", "ftnsep", "ftnsepc", "aftnsep", "shpleft",
		"cs", "ts", "docvar", "pnseclvl", "nesttableprops", "listtext", "pntext":
		r.st.star = false
		if name == "nesttableprops" || name == "pnseclvl" {
			r.st.skip = true
		}
	default:
		if r.st.star {
			r.st.skip = true
		}
	}
	r.st.star = false
}
