package report

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// catalogue reads one language strictly: no id twice, no empty text.
func catalogue(t *testing.T, lang string) map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("messages", lang+".json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dec := json.NewDecoder(f)
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for dec.More() {
		id, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		var text string
		if err := dec.Decode(&text); err != nil {
			t.Fatalf("%s: %v: %v", lang, id, err)
		}
		if _, twice := all[id.(string)]; twice || text == "" {
			t.Errorf("%s: %v is there twice or empty", lang, id)
		}
		all[id.(string)] = text
	}
	return all
}

func TestLanguagesHaveTheSameMessages(t *testing.T) {
	ja, en := catalogue(t, "ja"), catalogue(t, "en")
	verbs := regexp.MustCompile(`%.|\{[a-z]+\}`)
	for id, text := range ja {
		other, ok := en[id]
		if !ok {
			t.Errorf("en lacks %s", id)
			continue
		}
		if a, b := verbs.FindAllString(text, -1), verbs.FindAllString(other, -1); !slices.Equal(a, b) {
			t.Errorf("%s has arguments %q in ja and %q in en", id, a, b)
		}
	}
	for id := range en {
		if _, ok := ja[id]; !ok {
			t.Errorf("ja lacks %s", id)
		}
	}
}

// families are the ids made of a code: what is used of them is not to be seen
// in the source.
func families() []string {
	return []string{
		"status.", "meaning.", "reason.", "remedy.", "verdict.", "strength.", "scheme.", "note.", "advice.", "why.", "class.", "class-meaning.",
		"confidence.", "right.", "audience.", "audience-short.", "place.", "method.", "caveat.", "limit.", "fix-kind.", "fix-state.", "col.", "explain.", "stage.", "how.", "act.wrong.", "act.how.", "banner.", "decision.", "detail.", "impact-protection.", "impact-kind.", "impact-how.", "lookup.",
	}
}

// TestMessagesAreUsed looks for every id that the source names in the
// catalogue, and for every id of the catalogue in the source.
func TestMessagesAreUsed(t *testing.T) {
	ja := catalogue(t, "ja")
	source := sources(t)
	call := regexp.MustCompile(`(?:\.text\(|Text\([^,()]+, |\(t |\{t |\{tf |\{\{ ?t |\(counts |Title: |Note: |tallies\(|section\(|sheet\(|list\(|l\.[a-z]+, |page\(|text: )"([a-z-]+(?:\.[a-z0-9-]+)?)"`)
	used := map[string]bool{}
	for _, m := range call.FindAllStringSubmatch(source, -1) {
		used[m[1]] = true
		if _, ok := ja[m[1]]; !ok {
			t.Errorf("the source uses %q, which is not in the catalogue", m[1])
		}
	}
	if len(used) < 60 {
		t.Errorf("only %d ids were found in the source", len(used))
	}
	for id := range ja {
		coded := slices.ContainsFunc(families(), func(f string) bool { return strings.HasPrefix(id, f) })
		if !coded && !strings.Contains(source, `"`+id+`"`) {
			t.Errorf("%s is used nowhere", id)
		}
	}
}

// sources is all of the package but its tests, and who else uses the catalogue.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, glob := range []string{"*.go", "html/*.html", "../cmd/kagiban/*.go"} {
		files, err := filepath.Glob(glob)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", glob, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(data)
		}
	}
	return all.String()
}

// TestColumnsHaveHeadings looks for the words of all columns, and for columns
// that a list names but nobody makes.
func TestColumnsHaveHeadings(t *testing.T) {
	for _, lang := range languages() {
		w := wordsIn(lang)
		for _, c := range columns() {
			if h := w.heading(c); h == c.id {
				t.Errorf("%s: column %s has no heading", lang, c.id)
			}
		}
	}
	for name, list := range map[string][]column{"csv": csvColumns(), "violations": violationColumns(), "review": reviewColumns(), "unchecked": uncheckedColumns(), "right": rightColumns(), "all": allColumns()} {
		for i, c := range list {
			if c.value == nil || slices.ContainsFunc(list[:i], func(o column) bool { return o.id == c.id }) {
				t.Errorf("%s: column %q", name, c.id)
			}
		}
	}
}

// TestCodesHaveWords takes the codes from the source of package scan, so that a
// new one without words fails.
func TestCodesHaveWords(t *testing.T) {
	ja := catalogue(t, "ja")
	consts := constants(t, "../scan")
	families := map[string][]string{
		"Status": {"status", "meaning"}, "Kind": {"reason", "remedy"}, "Note": {"note"}, "Strength": {"strength"}, "Confidence": {"confidence"},
		"Audience": {"audience", "audience-short"},
	}
	for typ, names := range families {
		if len(consts[typ]) < 2 {
			t.Errorf("package scan has %d constants of type %s", len(consts[typ]), typ)
		}
		for _, code := range consts[typ] {
			for _, family := range names {
				if _, ok := ja[family+"."+code]; !ok {
					t.Errorf("no words for %s.%s", family, code)
				}
			}
		}
	}
	for _, rule := range []string{"picture", "media", "font", "program", "members", "exclude", "include", "max-size", "since", "min-records", scan.ReasonRestricted} {
		if _, ok := ja["reason."+rule]; !ok {
			t.Errorf("no words for rule %s", rule)
		}
	}
	for _, verdict := range []string{"unknown", "none", "partial", "password", "other"} {
		if _, ok := ja["verdict."+verdict]; !ok {
			t.Errorf("no words for verdict %s", verdict)
		}
	}
	for _, p := range byPlace(nil) {
		if _, ok := ja["place."+p.Code]; !ok {
			t.Errorf("no words for place %s", p.Code)
		}
	}
}

// TestWhyHasWords takes the codes of evidence from the package comment that
// promises them.
func TestWhyHasWords(t *testing.T) {
	data, err := os.ReadFile("../detectors/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(strings.ReplaceAll(string(data), "\n// ", " "), "\n", " ")
	_, list, ok := strings.Cut(text, "The codes in Hit.Why are stable: ")
	if !ok {
		t.Fatal("package detectors lists no codes")
	}
	list, _, _ = strings.Cut(list, ".")
	ja := catalogue(t, "ja")
	n := 0
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" ,;", r) }) {
		switch word {
		case "speak", "for", "a", "number", "against", "it", "and", "say", "how", "the", "value", "was", "read":
			continue
		}
		n++
		if _, ok := ja["why."+word]; !ok {
			t.Errorf("no words for why.%s", word)
		}
	}
	if n < 15 {
		t.Errorf("only %d codes were found", n)
	}
}

// constants reads the string constants of a package by the name of their type.
func constants(t *testing.T, dir string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			typ, ok := spec.Type.(*ast.Ident)
			if !ok || len(spec.Values) == 0 {
				return true
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					out[typ.Name] = append(out[typ.Name], s)
				}
			}
			return true
		})
	}
	return out
}

func TestUnknownCodesStandForThemselves(t *testing.T) {
	if got := wordsIn("ja").code("note", "made-tomorrow"); got != "made-tomorrow" {
		t.Errorf("code = %q", got)
	}
	if got := Text("fr", "reports-written"); got != "Reports:" {
		t.Errorf("an unknown language gives %q", got)
	}
	if got := Text("ja", "reports-written"); got != "報告書:" {
		t.Errorf("ja gives %q", got)
	}
}
