package layout

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/detectors/internal/kind"
	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// A recorder is a sink that writes down what it takes, one line each.
type recorder struct {
	lines []string
	cells int
}

func (c *recorder) Observe(n observed.Number) (int, error) {
	if n.Shape != observed.ShapeText {
		c.cells++
		c.lines = append(c.lines, fmt.Sprintf("row %d: cell %d at place %d, shape %d", n.Row, n.Value, n.Place, n.Shape))
		return 0, nil
	}
	c.lines = append(c.lines, fmt.Sprintf("row %d: text %d, label %d, beside %d, lives %d", n.Row, n.Value, n.Label, n.Beside, n.Lives))
	return 1, nil
}

func (c *recorder) EndRow(r observed.Row) (int, error) {
	line := fmt.Sprintf("end: filled %b, lives %d", r.Filled, r.Lives)
	if r.Above != 0 {
		line += fmt.Sprintf(", above %d", r.Above)
	}
	c.lines = append(c.lines, line)
	n := c.cells
	c.cells = 0
	return n, nil
}

func (c *recorder) EndTable() error {
	c.lines = append(c.lines, "table")
	return nil
}

func newTable(sink Sink) *Table {
	t := New(vocab.New(kind.Pension(), vocab.Own{}).NewReader(), lex.NewPlaces(), sink)
	t.Begin()
	return t
}

// put has a table examine lines whose cells are parted by bars.
func put(t *testing.T, table *Table, lines ...string) {
	t.Helper()
	for n, line := range lines {
		r := scan.Row{N: n + 1}
		for col, text := range strings.Split(line, "|") {
			if text != "" {
				r.Cells = append(r.Cells, scan.Cell{Col: col, Text: []byte(text)})
			}
		}
		if _, err := table.Row(&r); err != nil {
			t.Fatal(err)
		}
	}
}

// TestObservations has tables, forms and texts, and what is observed in them.
func TestObservations(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"list", []string{"基礎年金番号|氏名|住所", "4101-000123|山田 太郎|東京都港区芝1-2", "4101-000124||"}, []string{
			"row 2: cell 4101000123 at place 0, shape 0", "end: filled 111, lives 21",
			"row 3: cell 4101000124 at place 0, shape 0", "end: filled 1, lives 0",
		}},
		{"heading of two rows", []string{"基礎年金番号||氏名", "前4桁|後6桁|漢字", "4101|123|山田 太郎"}, []string{
			"row 3: cell 4101000123 at place 0, shape 1", "end: filled 11, lives 0",
		}},
		{"headings once more", []string{"基礎年金番号|氏名", "4101-000123|山田 太郎", "基礎年金番号|氏名", "4101-000124|山田 太郎"}, []string{
			"row 2: cell 4101000123 at place 0, shape 0", "end: filled 11, lives 0",
			"row 4: cell 4101000124 at place 0, shape 0", "end: filled 11, lives 0",
		}},
		{"another table", []string{"基礎年金番号|氏名", "4101-000123|山田 太郎", "", "社員番号|氏名|備考", "4101-000124|山田 太郎"}, []string{
			"row 2: cell 4101000123 at place 0, shape 0", "end: filled 11, lives 0", "table",
			"row 5: cell 4101000124 at place 1, shape 0", "end: filled 1, lives 0",
		}},
		{"form", []string{"氏名|山田 太郎", "生年月日|昭和30年1月2日", "基礎年金番号|4101-000123", "住所|東京都港区芝1-2"}, []string{
			"row 3: text 4101000123, label 5, beside 7, lives 21",
		}},
		{"form of several", []string{"氏名|山田 太郎|鈴木 花子", "基礎年金番号|4101-000123|4101-000124"}, []string{
			"row 2: text 4101000123, label 5, beside 1, lives 0", "row 2: text 4101000124, label 5, beside 1, lives 0",
		}},
		{"other label", []string{"電話番号|0120-818211", "伝票番号|4101-000123"}, []string{
			"row 1: text 120818211, label 3, beside 0, lives 0", "row 2: text 4101000123, label 3, beside 0, lives 0",
		}},
		{"boxes", []string{"あ|い", "基礎年金番号|4|1|0|1|-|0|0|0|1|2|3"}, []string{
			"row 2: text 4101000123, label 5, beside 0, lives 0",
		}},
		{"boxes below a heading", []string{"基礎年金番号||||||||||氏名", "4|1|0|1|0|0|0|1|2|3|山田 太郎"}, []string{
			"row 2: cell 4101000123 at place 0, shape 2", "end: filled 11, lives 0",
		}},
		{"lines", []string{"基礎年金番号は4101-000123、氏名は山田 太郎様です。", "4101-000124の件", "電話 4101-000125"}, []string{
			"row 1: text 4101000123, label 5, beside 1, lives 0",
			"row 3: text 4101000125, label 3, beside 0, lives 0",
			"row 2: text 4101000124, label 2, beside 0, lives 0",
		}},
		{"several in a line", []string{"番号 山田太郎様 4101-000123、鈴木花子様 4101-000124"}, []string{
			"row 1: text 4101000123, label 0, beside 1, lives 0", "row 1: text 4101000124, label 0, beside 1, lives 0",
		}},
		{"filing", []string{"2200700||||||||||5|300102||||4101|000123"}, []string{
			"row 1: text 4101000123, label 4, beside 2, lives 0",
		}},
		{"filing of an earlier version", []string{"22187041|14|ｸﾄﾜ|000001|4101|000123|5|300102|168|0071|ﾄｳｷｮｳﾄ|東京都杉並区高井戸西3-5"}, []string{
			"row 1: text 4101000123, label 4, beside 6, lives 21",
		}},
		{"filing with all digits in one place", []string{"2200700||||||||||5|300102|||||4101000123"}, []string{
			"row 1: text 4101000123, label 4, beside 2, lives 0",
		}},
		{"filing of a couple", []string{"2202700|21|01|ｱｲｳ|0|9|070401|3|ﾔﾏﾀﾞ ﾀﾛｳ|山田 太郎|5|300102|1||4101|000123|||||1|9|070401|ﾔﾏﾀﾞ ﾊﾅ|山田 花|5|310102|2||4102|000124|||||||||東京都杉並区高井戸西3-5"}, []string{
			"row 1: text 4101000123, label 4, beside 3, lives 0", "row 1: text 4102000124, label 4, beside 7, lives 21",
		}},
		{"filing whose code is not known", []string{"2299999|14|ｸﾄﾜ|1|4101|000123|5|300102|168|0071|a|b"}, []string{
			"row 1: text 4101000123, label 6, beside 2, lives 0",
		}},
		{"no filing", []string{"2299999|14|ｸﾄﾜ|1|4101|000123|5|409999|168|0071|a|b", "1299999|14|ｸﾄﾜ|1|4101|000123|5|300102|168|0071|a|b"}, nil},
		{"records of fixed length", []string{
			"1131150016100020260401" + strings.Repeat(" ", 300) + fixedLine("4101000123", "ﾔﾏﾀﾞ ﾀﾛｳ", "東京都杉並区高井戸西3-5") + fixedLine("4101000124", "ｻﾄｳ ﾊﾅｺ", ""),
			fixedLine("4101000125", "", ""), strings.Replace(fixedLine("4101000126", "", ""), "20260401", "20261301", 1),
		}, []string{
			"row 1: text 4101000123, label 4, beside 7, lives 21", "row 1: text 4101000124, label 4, beside 3, lives 0", "row 2: text 4101000125, label 4, beside 2, lives 0",
		}},
		{"numbers one behind the other", []string{"213115001610020260401" + "4101000123" + strings.Repeat("1150476", 60) + "Total 12  x"}, nil},
		{"filing as a line", []string{"2200700,,,,,,,,,,5,300102,,,,4101,000123,,,,,,,,,"}, []string{
			"row 1: text 4101000123, label 4, beside 2, lives 0",
		}},
	} {
		var sink recorder
		table := newTable(&sink)
		put(t, table, c.lines...)
		if err := table.Flush(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, sink.lines); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestObserved has what is known of a table beside its numbers.
func TestObserved(t *testing.T) {
	table := newTable(&recorder{})
	put(t, table, "年金番号一覧", "", "番号|氏名|電話番号|あいう番号|備考", "4101-000123|山田 太郎|0120-818211|1|あ", "4101-000124||0120-818212|2|")
	got := table.Observed()
	headings := map[string]observed.Heading{}
	for place, c := range got.Columns {
		text, _ := table.Heading(table.ColumnOf(place))
		headings[text] = c.Heading
	}
	want := map[string]observed.Heading{
		"番号": observed.HeadingOpen, "氏名": observed.HeadingOrdinary, "電話番号": observed.HeadingOther,
	}
	for text, heading := range want {
		if headings[text] != heading {
			t.Errorf("heading %q is %d, want %d", text, headings[text], heading)
		}
	}
	if !got.Titled {
		t.Error("the title is not seen")
	}
	if facts := got.Roles.Facts(1<<len(got.Columns) - 1); facts != lex.Name {
		t.Errorf("the columns hold %b", facts)
	}
}

// TestColumnsCountFromTheirHeadings has cells above the headings, which say
// nothing of a column, and a table that begins anew below.
func TestColumnsCountFromTheirHeadings(t *testing.T) {
	table := newTable(&recorder{})
	put(t, table, "あ|い", "あ|い", "基礎年金番号|氏名", "4101-000123|山田 太郎", "4101-000124|山田 太郎")
	for col := range 2 {
		if n := table.columns.at(col).filledIn(table.columns.era); n != 2 {
			t.Errorf("column %d: %d cells below the heading, want 2", col, n)
		}
	}
	if n := len(table.columns.heads); n != 2 {
		t.Errorf("%d columns with a heading, want 2", n)
	}
	table.columns.forgetHeadings()
	if c := table.columns.at(0); c.heading != "" || c.role != vocab.None || len(table.columns.heads) != 0 {
		t.Errorf("a heading was kept: %q", c.heading)
	}
}

// TestJoinedHeadings has a heading of several rows. What is joined is bounded,
// and the number's heading counts on either side of the bound.
func TestJoinedHeadings(t *testing.T) {
	for _, filler := range []int{1, 3, 4, 8} {
		var lines []string
		for i := range filler {
			lines = append(lines, strings.Repeat(string(rune('亜'+i)), 48)+"番号|氏名|区分")
		}
		lines = append(lines, "基礎年金番号|名前|備考", "4101-000123|山田 太郎|あ")
		var sink recorder
		table := newTable(&sink)
		put(t, table, lines...)
		c := table.columns.at(0)
		if len(c.heading) > joinedBytes || c.role != vocab.Pension || len(sink.lines) != 2 {
			t.Errorf("%d rows: a heading of %d bytes, role %d; %d observations", filler, len(c.heading), c.role, len(sink.lines))
		}
	}
}

// TestSharedTexts has a text in three cells that share it: a long one is read
// where it is met first.
func TestSharedTexts(t *testing.T) {
	for length, want := range map[int]int{longText: 3, longText + 1: 1} {
		text := "基礎年金番号 4101-000123 、4101-000124 "
		text += strings.Repeat(".", length-len(text))
		var sink recorder
		table := newTable(&sink)
		for n := range 3 {
			r := scan.Row{N: n + 1, Cells: []scan.Cell{{Col: 0, Text: []byte(text), Shared: 7}}}
			if _, err := table.Row(&r); err != nil {
				t.Fatal(err)
			}
			if len(r.Cells[0].Text) != length {
				t.Error("the row of another was changed")
			}
		}
		if len(sink.lines) != 2*want {
			t.Errorf("%d bytes: %d observations, want %d", length, len(sink.lines), 2*want)
		}
	}
}

// TestNoAllocationPerCell examines rows of a list again and again.
func TestNoAllocationPerCell(t *testing.T) {
	table := newTable(counter{})
	var r scan.Row
	for col, text := range []string{"4101-000123", "山田 太郎", "昭和30年1月2日", "東京都港区芝1-2", "12.5"} {
		r.Cells = append(r.Cells, scan.Cell{Col: col, Text: []byte(text)})
	}
	put(t, table, "基礎年金番号|氏名|生年月日|住所|区分")
	r.N = 1
	if n := testing.AllocsPerRun(100, func() {
		r.N++
		if _, err := table.Row(&r); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%.0f allocations for a row", n)
	}
}

// A counter is a sink that keeps nothing.
type counter struct{}

func (counter) Observe(observed.Number) (int, error) { return 0, nil }
func (counter) EndRow(observed.Row) (int, error)     { return 1, nil }
func (counter) EndTable() error                      { return nil }

// TestGivenHeadings has headings that a format knows to be such: later ones add to
// those before, and a key that is a value of a person is not kept.
func TestGivenHeadings(t *testing.T) {
	var sink recorder
	table := newTable(&sink)
	row := func(n int, heads bool, texts ...string) {
		r := scan.Row{N: n, Heads: heads}
		for col, text := range texts {
			if text != "" {
				r.Cells = append(r.Cells, scan.Cell{Col: col, Text: []byte(text)})
			}
		}
		if _, err := table.Row(&r); err != nil {
			t.Fatal(err)
		}
	}
	row(1, true, "list/xyz", "list/nenkin_no")
	row(2, false, "氏名", "4101000123") // a value, whatever it looks like
	row(3, true, "", "", "山田 太郎/name", "list/birthday")
	row(4, false, "a", "4101000124", "山田 太郎", "1955-01-02")
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	want := []string{"row 2: cell 4101000123 at place 0, shape 0", "end: filled 11, lives 0", "row 4: cell 4101000124 at place 0, shape 0", "end: filled 1111, lives 0"}
	if diff := cmp.Diff(want, sink.lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if heading, _ := table.Heading(2); heading != "*/name" {
		t.Errorf("heading %q is kept", heading)
	}
}

// TestTwoRows has persons of two rows each, below a table of nothing but headings.
func TestTwoRows(t *testing.T) {
	var sink recorder
	table := newTable(&sink)
	put(t, table, "整理番号|被保険者氏名||資格取得年月日", "|生年月日|種別|基礎年金番号||||住所")
	table.Begin()
	put(t, table, "1|ﾔﾏﾀﾞ ﾀﾛｳ|||R", "|S55.1.2|1|4101|-|000123||東京都杉並区高井戸西3-5", "2||||R", "|S55.1.3|1|4101|-|000124||")
	want := []string{"row 2: cell 4101000123 at place 1, shape 1", "end: filled 111, lives 21, above 1", "row 4: cell 4101000124 at place 1, shape 1", "end: filled 11, lives 0"}
	if diff := cmp.Diff(want, sink.lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	sink.lines = nil
	table.Begin()
	put(t, table, "商品|金額|数量", "a|4101|000123")
	if len(sink.lines) != 0 {
		t.Errorf("headings were taken over that are not those of the table: %q", sink.lines)
	}
}

// fixedLine is a record as those for whom premiums are withheld have it.
func fixedLine(number, name, address string) string {
	return "21311500161 020260401" + number + "1150   19550102" + name + "   1680071" + address + strings.Repeat(" ", 300)
}
