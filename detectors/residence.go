package detectors

import (
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// findLives looks for the prefecture of the address that stands in a row.
func (t *table) findLives(r *scan.Row) uint8 {
	for i := range r.Cells[:min(len(r.Cells), formCells)] {
		text := r.Cells[i].Text
		text = text[:min(len(text), lex.AddressBytes)]
		if len(text) < 6 || text[0] < 0xE3 && text[0] > ' ' {
			continue
		}
		c := t.known(r.Cells[i].Col)
		if c == nil || c.kind != vocab.Address && (c.kind != vocab.None || c.barred.Has(vocab.Address)) {
			continue
		}
		if code := t.exam.places.Prefecture(text); code != 0 && (c.kind == vocab.Address || lex.AddressLike(string(text))) {
			return code
		}
	}
	return 0
}
