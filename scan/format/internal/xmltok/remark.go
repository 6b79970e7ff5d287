package xmltok

import "bytes"

// remark takes a comment or an instruction (XML 1.0 sections 2.5 and 2.6) up to its
// end; one that is longer than a tag may be comes in pieces.
func (t *Tokenizer) remark(begin int, end string) (Kind, error) {
	t.inRemark, t.cdata = "", true
	for from := begin; ; {
		rest := t.buf[t.pos:]
		if i := bytes.Index(rest[min(from, len(rest)):], []byte(end)); i >= 0 {
			i += from
			t.text = rest[begin:i]
			t.pos += i + len(end)
			return Remark, nil
		}
		from = max(begin, len(rest)-len(end)+1)
		if len(rest) > maxTag {
			t.text, t.inRemark = rest[begin:from], end
			t.pos += from
			return Remark, nil
		}
		if !t.fill() {
			return 0, t.broken()
		}
	}
}
