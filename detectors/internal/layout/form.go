package layout

import (
	"strings"
	"unicode/utf8"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
)

const (
	formReach   = 15 // rows over which a label and a number belong together
	maxWaiting  = 64 // numbers that wait
	formRecords = 3  // a form about one person may name its number so often
)

// forms gathers what stands beside labels, as in a form or a letter about one
// person. A number waits until all of its form is seen: a label that comes a
// second time begins the next person. Where a form has one person in a column,
// each column is gathered by itself; column -1 is for all.
type forms struct {
	*page
	at      int // row of the latest
	beside  map[int]lex.Facts
	lives   map[int]uint8 // prefecture of the address
	numbers []waiting
	formed  int       // row of the latest number that came behind a label
	alone   lex.Facts // announced by a label that is alone in its row,
	aloneAt int       // this one
	lone    lone
	lineAt  int // row of the latest line
}

// A waiting number is one whose form is not at its end.
type waiting struct {
	observed.Number
	column int // that its form has, or -1
}

// clear forgets the form at hand.
func (f *forms) clear() {
	f.at, f.numbers = 0, f.numbers[:0]
	f.alone, f.lone = 0, lone{}
	f.beside, f.lives = emptied(f.beside), emptied(f.lives)
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

// flush hands on the numbers that wait, with all that was seen beside them.
func (f *forms) flush() error {
	for _, n := range f.numbers {
		n.Beside |= f.beside[-1] | f.beside[n.column]
		for _, column := range [...]int{n.column, -1} {
			if n.Lives == 0 {
				n.Lives = f.lives[column]
			}
		}
		made, err := f.sink.Observe(n.Number)
		f.records += int64(made)
		if err != nil {
			return err
		}
	}
	f.clear()
	return nil
}

// addFact adds something that stands beside its label.
func (f *forms) addFact(row, column int, fact lex.Facts, value []byte) error {
	repeated := f.beside[column]&fact != 0
	for i := range f.numbers {
		repeated = repeated || f.numbers[i].column == column && f.numbers[i].Beside&fact != 0
	}
	if repeated || row > f.at+formReach {
		if err := f.flush(); err != nil {
			return err
		}
	}
	if f.beside == nil {
		f.beside, f.lives = map[int]lex.Facts{}, map[int]uint8{}
	}
	if len(f.beside) < observed.MaxColumns {
		f.beside[column] |= fact
		if fact == lex.Address && f.lives[column] == 0 {
			f.lives[column] = f.places.Prefecture(value)
		}
	}
	f.at = row
	return nil
}

// enqueue has a number wait.
func (f *forms) enqueue(n waiting) error {
	repeated := len(f.numbers) >= maxWaiting || n.Row > f.at+formReach
	for i := range f.numbers {
		repeated = repeated || f.numbers[i].column == n.column || f.numbers[i].column == -1
	}
	if repeated {
		if err := f.flush(); err != nil {
			return err
		}
	}
	f.numbers = append(f.numbers, n)
	f.at = n.Row
	return nil
}

// number takes a number behind its label. In a form with one person in a column a
// label has several.
func (f *forms) number(r *row, i int, rd lex.Reading, near observed.Label) error {
	if near == observed.LabelOther {
		return f.observeText(r, i, rd, near, 0)
	}
	column := -1
	if r.exact > 1 {
		column = r.Cells[i].Col
	}
	return f.await(r, i, rd, near, r.besideLike(i)&^r.labels(), column)
}

// await has a number wait for what else its form says.
func (f *forms) await(r *row, i int, rd lex.Reading, near observed.Label, beside lex.Facts, column int) error {
	n := f.textNumber(r, i, rd, near, beside)
	f.renew(near)
	if near == observed.LabelDirect || near == observed.LabelSame {
		f.formed = r.N
	}
	if f.beside[column]&beside != 0 {
		if err := f.flush(); err != nil {
			return err
		}
	}
	return f.enqueue(waiting{n, column})
}

// labels notes what stands beside its label in a form or letter.
func (f *forms) labels(r *row) error {
	active := len(f.numbers) > 0 && r.N <= f.at+formReach || f.formed > 0 && r.N <= f.formed+2*formReach
	if !active && (f.seen > formRows || f.records > formRecords) {
		return nil
	}
	if len(r.Cells) == 1 {
		return f.labelLine(r)
	}
	if role, _ := f.words.Heading(r.Cells[0].Text); role != vocab.None && len(r.Cells) <= loneCells {
		if err := f.below(r); err != nil {
			return err
		}
	}
	label, values := lex.Facts(0), 0
	for i := range r.Cells[:min(len(r.Cells), formCells)] {
		if r.reads[i].Form == lex.FormNone {
			if role, exact := f.words.Heading(r.Cells[i].Text); role != vocab.None {
				label, values = 0, 0
				if exact {
					label = factOf(role)
				}
				continue
			}
		}
		if label == 0 {
			continue
		}
		column := -1
		if values++; values > 1 || r.several(i) {
			column = r.Cells[i].Col
		}
		if err := f.addFact(r.N, column, label, r.Cells[i].Text); err != nil {
			return err
		}
	}
	return nil
}

// labelLine reads a line such as "氏名：山田太郎" or "氏名　山田太郎", or a label alone
// whose value is the next line.
func (f *forms) labelLine(r *row) error {
	text := r.Cells[0].Text
	if len(text) > vocab.MaxHeading || !utf8.Valid(text) {
		return nil
	}
	gap := r.N > f.lineAt+1
	f.lineAt = r.N
	line := strings.Trim(string(text), " 　\t・-*■□●○◆◇")
	if f.alone != 0 && r.N == f.aloneAt+1 {
		fact := f.alone
		if f.alone = 0; !f.isLabel(line) {
			return f.addFact(r.N, -1, fact, []byte(line))
		}
	}
	at := strings.IndexAny(line, ":：")
	if inner, _, ok := strings.Cut(line, "】"); ok && strings.HasPrefix(line, "【") {
		at = len(inner)
	}
	if at < 0 {
		at = strings.IndexAny(line, " 　\t")
	}
	if at <= 0 {
		at = len(line)
	}
	value := strings.Trim(line[at:], " 　\t:：】")
	role, exact := f.words.Role(vocab.Fold(line[:at]))
	if role != vocab.None {
		if err := f.below(r); err != nil {
			return err
		}
	} else if personAlone(line) && !f.isLabel(line) {
		f.lone = lone{r.N, gap}
	}
	fact := factOf(role)
	if !exact || fact == 0 {
		return nil
	}
	if value == "" {
		f.alone, f.aloneAt = fact, r.N
		return nil
	}
	return f.addFact(r.N, -1, fact, []byte(value))
}

// isLabel reports whether a line is a label and no value.
func (f *forms) isLabel(line string) bool {
	role, exact := f.words.Role(vocab.Fold(line))
	return role != vocab.None && exact
}
