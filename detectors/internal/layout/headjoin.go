package layout

import (
	"strings"

	"github.com/kagiban/kagiban/detectors/internal/vocab"
)

// accept takes a row for the headings of the table.
func (h *headings) accept(r *row, a announced, joined bool) {
	if !joined {
		h.columns.forgetHeadings()
	}
	h.headed, h.headedAt, h.below = true, r.N, 0
	h.titled = h.titled || h.titleAt > 0 && r.N <= h.titleAt+titleReach
	h.roles = max(h.roles, a.roles)
	h.assign(r, joined, a.form)
}

// assign keeps the texts of a row of headings. Where a value may stand beside its
// label, only labels are kept: what is shown as a heading must not be a name.
func (h *headings) assign(r *row, joined, form bool) {
	if joined {
		h.spread(r)
	}
	for i := range r.Cells {
		text := string(r.Cells[i].Text[:min(len(r.Cells[i].Text), vocab.MaxHeading)])
		if role, _ := h.words.Heading(r.Cells[i].Text); role == vocab.None && (form || valueLike(r.Cells[i].Text)) {
			continue
		}
		c := h.columns.at(r.Cells[i].Col)
		if joined && c.heading != "" {
			role, _ := h.words.Column(c.heading)
			if role == vocab.Pension {
				c.part = vocab.PartBelow(text)
			}
			if below, _ := h.words.Column(text); factOf(role) != 0 && below != vocab.None && below != role {
				c.upper, h.stacked = role, true
			}
			text = h.join(c.heading, text)
		}
		h.columns.setHeading(c, text)
	}
	h.columns.era++
	for _, at := range h.columns.ofRow(r) {
		c := &h.columns.list[at]
		c.role, c.barred = h.words.Column(c.heading)
		if c.part == vocab.Office || c.part == vocab.Serial {
			c.role = c.part
		}
	}
	for _, at := range h.columns.ofRow(r) {
		h.columns.claim(&h.columns.list[at])
	}
}

// joinedBytes bounds a heading that is joined from several rows. Real ones are
// of two to four rows and of a hundred bytes.
const joinedBytes = 4 * vocab.MaxHeading

// join puts the text of a further row of headings behind those above. What is
// too long to be one heading stays as it is, but for a text that announces the
// number: it alone is the heading then, so that numbers below it count.
func (h *headings) join(above, text string) string {
	if len(above)+len(text) < joinedBytes {
		return above + " " + text
	}
	if role, _ := h.words.Heading([]byte(text)); role == vocab.Pension || role == vocab.Office || role == vocab.Serial {
		return text
	}
	return above
}

// spread carries the headings of the row above to the right, as far as the
// cells of r have nothing above them.
func (h *headings) spread(r *row) {
	above := ""
	last := -1
	for i := range r.Cells {
		c := &r.Cells[i]
		for k := last + 1; k <= c.Col && k < last+64; k++ {
			if col := h.columns.known(k); col != nil && col.heading != "" {
				above = col.heading
			}
		}
		last = c.Col
		if col := h.columns.at(c.Col); col.heading == "" {
			h.columns.setHeading(col, above)
		}
	}
}

// given takes headings that the format knows to be such. They hold for their columns,
// whatever stood above others.
func (h *headings) given(r *row) {
	h.headed, h.headedAt = true, r.N
	for i := range r.Cells {
		text := string(r.Cells[i].Text[:min(len(r.Cells[i].Text), vocab.MaxHeading)])
		c := h.columns.at(r.Cells[i].Col)
		h.columns.setHeading(c, h.shownPath(text))
		c.role, c.barred = h.words.Path(text)
		if c.role != vocab.None {
			h.roles++
			h.named = true
		}
	}
	for _, at := range h.columns.ofRow(r) {
		h.columns.claim(&h.columns.list[at])
	}
}

// shownPath leaves out keys that are what a person's record holds: they are values,
// and a heading is shown as evidence.
func (h *headings) shownPath(path string) string {
	keys := strings.Split(path, "/")
	for i, key := range keys {
		if role, _ := h.words.Heading([]byte(key)); role == vocab.None && valueLike([]byte(key)) {
			keys[i] = "*"
		}
	}
	return strings.Join(keys, "/")
}
