package detectors

import (
	"strings"
	"unicode/utf8"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

const (
	blockReach = 15 // rows over which a label and a number belong together
	blockMax   = 64 // numbers that wait
)

// A block gathers what stands beside labels, as in a form or a letter about one
// person. A number waits in it until all of the form is seen: a label that
// comes a second time begins the next person. Where a form has one person in a
// column, each column is gathered by itself; column -1 is for all.
type block struct {
	at      int // row of the latest
	beside  map[int]lex.Facts
	lives   map[int]uint8 // prefecture of the address
	numbers []waiting
}

// A waiting number is one whose form is not at its end.
type waiting struct {
	evidence textEvidence
	key      int // column that its form has, or -1
	value    uint64
}

func (b *block) clear() {
	b.at, b.numbers = 0, b.numbers[:0]
	b.beside, b.lives = emptied(b.beside), emptied(b.lives)
}

// emptied is m without its entries. A map that has grown large is let go, since
// emptying it would cost as much each time as it once held.
func emptied[K comparable, V any](m map[K]V) map[K]V {
	if len(m) > 64 {
		return map[K]V{}
	}
	clear(m)
	return m
}

// flush counts the numbers that wait, with all that was seen beside them.
func (b *block) flush(t *table) error {
	for _, n := range b.numbers {
		n.evidence.class |= textClass(b.beside[-1] | b.beside[n.key])
		for _, key := range [...]int{n.key, -1} {
			if n.evidence.lives == 0 {
				n.evidence.lives = b.lives[key]
			}
		}
		if err := t.countText(n.evidence, n.value); err != nil {
			return err
		}
	}
	b.clear()
	return nil
}

// met notes something that stands beside its label.
func (b *block) met(t *table, row, key int, with lex.Facts, value []byte) error {
	again := b.beside[key]&with != 0
	for _, n := range b.numbers {
		again = again || n.key == key && n.evidence.class.beside()&with != 0
	}
	if again || row > b.at+blockReach {
		if err := b.flush(t); err != nil {
			return err
		}
	}
	if b.beside == nil {
		b.beside, b.lives = map[int]lex.Facts{}, map[int]uint8{}
	}
	if len(b.beside) < maxColumns {
		b.beside[key] |= with
		if with == lex.Address && b.lives[key] == 0 {
			b.lives[key] = t.exam.places.Prefecture(value)
		}
	}
	b.at = row
	return nil
}

// number has a number wait.
func (b *block) number(t *table, n waiting) error {
	again := len(b.numbers) >= blockMax || n.evidence.row > b.at+blockReach
	for _, before := range b.numbers {
		again = again || before.key == n.key || before.key == -1
	}
	if again {
		if err := b.flush(t); err != nil {
			return err
		}
	}
	b.numbers = append(b.numbers, n)
	b.at = n.evidence.row
	return nil
}

// formNumber takes a number behind its label. In a form with one person in a
// column a label has several.
func (t *table) formNumber(r *scan.Row, i int, rd lex.Reading, near label) error {
	n := lex.Find{Reading: rd}
	if near == labelOther {
		return t.textNumber(r, i, n, near, 0)
	}
	key := -1
	if t.numbers > 1 {
		key = r.Cells[i].Col
	}
	return t.await(r, i, n, near, t.likeCells(r, i)&^t.labelledIn(r), key)
}

// await has a number wait for what else its form says.
func (t *table) await(r *scan.Row, i int, n lex.Find, near label, with lex.Facts, key int) error {
	e := t.evidence(r, i, n, near, with)
	if t.block.beside[key]&with != 0 {
		if err := t.block.flush(t); err != nil {
			return err
		}
	}
	return t.block.number(t, waiting{e, key, n.Value})
}

// labels notes what stands beside its label in a form or letter.
func (t *table) labels(r *scan.Row) error {
	active := len(t.block.numbers) > 0 && r.N <= t.block.at+blockReach
	if !active && (t.seen > formRows || t.records > formRecords) {
		return nil
	}
	if len(r.Cells) == 1 {
		return t.labelLine(r)
	}
	label, values := vocab.None, 0
	for i := range r.Cells[:min(len(r.Cells), formCells)] {
		if t.reads[i].Form == lex.FormNone {
			if k, exact := t.words.Heading(r.Cells[i].Text); k != vocab.None {
				label, values = k, 0
				if !exact {
					label = vocab.None
				}
				continue
			}
		}
		if label < vocab.Name || label > vocab.Address {
			continue
		}
		key := -1
		if values++; values > 1 || t.several(r, i) {
			key = r.Cells[i].Col
		}
		if err := t.block.met(t, r.N, key, 1<<(label-vocab.Name), r.Cells[i].Text); err != nil {
			return err
		}
	}
	return nil
}

// several says that more values than one follow the same label: cell i is the
// first of them and the next is none either.
func (t *table) several(r *scan.Row, i int) bool {
	if i+1 >= len(r.Cells) {
		return false
	}
	k, _ := t.words.Heading(r.Cells[i+1].Text)
	return k == vocab.None && i == 1
}

// findLabelled looks for what the row's own labels announce.
func (t *table) findLabelled(r *scan.Row) (b lex.Facts) {
	for i := range r.Cells[:min(len(r.Cells), formCells)] {
		if t.reads[i].Form != lex.FormNone {
			continue
		}
		if k, exact := t.words.Heading(r.Cells[i].Text); exact && k >= vocab.Name && k <= vocab.Address {
			b |= 1 << (k - vocab.Name)
		}
	}
	return b
}

// labelLine reads a line such as "氏名：山田太郎" or "氏名　山田太郎".
func (t *table) labelLine(r *scan.Row) error {
	text := r.Cells[0].Text
	if len(text) > vocab.MaxHeading || !utf8.Valid(text) {
		return nil
	}
	line := strings.TrimLeft(string(text), " 　\t・-*■□●○◆◇")
	at := strings.IndexAny(line, ":：")
	if at < 0 {
		at = strings.IndexAny(line, " 　\t")
	}
	if at <= 0 {
		return nil
	}
	value := strings.Trim(line[at:], " 　\t:：")
	k, exact := t.words.Role(vocab.Fold(line[:at]))
	if value == "" || !exact || k < vocab.Name || k > vocab.Address {
		return nil
	}
	return t.block.met(t, r.N, -1, 1<<(k-vocab.Name), []byte(value))
}
