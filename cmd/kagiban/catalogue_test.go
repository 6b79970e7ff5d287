package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/report/messages"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// spoken are the packages whose sentences people read.
func spoken() []string {
	return []string{
		"cmd/kagiban", "cmd/internal/web", "cmd/internal/words", "scan", "scan/engine", "scan/policy", "scan/incident",
		"scan/isolate", "scan/source", "scan/source/internal/krb", "scan/source/internal/smb", "scan/state", "scan/state/postgres", "scan/state/postgres/queue",
		"detectors", "detectors/internal/kind", "report",
	}
}

// TestErrorsHaveWords: an error of a type of its own that says something has a text.
func TestErrorsHaveWords(t *testing.T) {
	for _, pkg := range spoken() {
		spoken, mute := map[string]bool{}, map[string]token.Position{}
		fset := token.NewFileSet()
		for _, f := range parsedFiles(t, fset, pkg) {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Recv == nil {
					continue
				}
				of := strings.TrimPrefix(fmt.Sprint(typeName(fn.Recv.List[0].Type)), "*")
				ast.Inspect(fn, func(n ast.Node) bool {
					if text, ok := n.(*ast.BasicLit); ok && fn.Name.Name == "Error" && text.Kind == token.STRING && hasWords(text.Value) {
						mute[of] = fset.Position(n.Pos())
					}
					return true
				})
				spoken[of] = spoken[of] || fn.Name.Name == "Text"
			}
		}
		for of, at := range mute {
			if !spoken[of] && of != "exitError" { // which says so only where there is nothing to say
				t.Errorf("%s: %s says what no other language can", at, of)
			}
		}
	}
}

func typeName(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	return fmt.Sprint(e)
}

// parsedFiles are those of a package but its tests.
func parsedFiles(t *testing.T, fset *token.FileSet, pkg string) (parsed []*ast.File) {
	t.Helper()
	files, err := filepath.Glob("../../" + pkg + "/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v", pkg, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
	}
	return parsed
}

// inside are errors that never reach a person: they steer, or say that the program
// itself is wrong.
func inside() []string {
	return []string{"more than one file", "enough", "statements are run with a context"}
}

// TestCatalogueIsWhole finds all that the program says and looks for it in the
// catalogue, and for all of the catalogue in what the program says. With -update
// what is missing is written down without words, to be filled in.
func TestCatalogueIsWhole(t *testing.T) {
	said := sentences(t)
	root := newRoot()
	root.InitDefaultHelpCmd()
	maps.Copy(said, helpSentences(root))
	for _, f := range format.List() {
		for _, text := range []string{f.About.Names, f.About.Verdict, string(f.About.Content), f.About.Limits} {
			if strings.Contains(text, " ") || text != f.About.Names {
				said[text] = "the table of formats"
			}
		}
	}
	if len(said) < 500 {
		t.Errorf("only %d sentences were found", len(said))
	}
	known := catalogueOf(t, said)
	var missing []string
	for text := range said {
		if text != "" && hasWords(text) && !known[text] && !slices.Contains(inside(), text) {
			missing = append(missing, text)
		}
	}
	slices.SortFunc(missing, func(a, b string) int { return strings.Compare(said[a]+a, said[b]+b) })
	if *update {
		writeMissing(t, missing, said)
	}
	for _, text := range missing {
		t.Errorf("%s: there is no Japanese for %q", said[text], text)
	}
}

// catalogueOf reads the catalogue strictly: nothing twice, nothing empty, nothing
// that nobody says, and the same arguments in both languages.
func catalogueOf(t *testing.T, said map[string]string) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for _, name := range messages.Sources("ja") {
		text, err := os.ReadFile(filepath.Join("../../report/messages", name))
		if err != nil {
			t.Fatal(err)
		}
		entries, err := messages.Entries(string(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, e := range entries {
			where := fmt.Sprintf("%s:%d: %q", name, e.Line, e.English)
			switch {
			case known[e.English]:
				t.Errorf("%s is there twice", where)
			case e.Text == "":
				t.Errorf("%s has no words", where)
			case said[e.English] == "":
				t.Errorf("%s is said nowhere", where)
			}
			known[e.English] = true
			if a, b := verbsOf(t, e.English), verbsOf(t, e.Text); !maps.Equal(a, b) && said[e.English] != "help" {
				t.Errorf("%s has other arguments in Japanese: %v, %v", where, a, b)
			}
		}
	}
	return known
}

// verbsOf are the verbs of a format by the argument that they write.
func verbsOf(t *testing.T, format string) map[int]string {
	t.Helper()
	verbs, at := map[int]string{}, 0
	for _, m := range regexp.MustCompile(`%(\[(\d+)\])?[-+# 0]*\d*(?:\.\d+)?([a-zA-Z%])`).FindAllStringSubmatch(format, -1) {
		if m[3] == "%" {
			continue
		}
		at++
		if m[2] != "" {
			at, _ = strconv.Atoi(m[2])
		}
		verbs[at] = m[3]
	}
	return verbs
}

// hasWords reports whether a format says something beside its arguments.
func hasWords(format string) bool {
	return regexp.MustCompile(`[A-Za-z]{2,}`).MatchString(regexp.MustCompile(`%[-+# 0]*\d*(?:\.\d+)?[a-zA-Z]`).ReplaceAllString(format, ""))
}

// helpSentences are the texts of a tree of commands.
func helpSentences(cmd *cobra.Command) map[string]string {
	said := map[string]string{}
	for _, text := range []string{cmd.Short, cmd.Long, cmd.Example} {
		if !strings.HasPrefix(text, "  ") || strings.Contains(text, " # ") {
			said[text] = "help"
		}
	}
	flags := func(f *pflag.Flag) {
		said[f.Usage] = "help"
		if value, _ := pflag.UnquoteUsage(f); value != "" && value == strings.ToLower(value) {
			said[value] = "help" // what pflag calls a value that the flag itself does not name
		}
	}
	cmd.Flags().VisitAll(flags)
	cmd.PersistentFlags().VisitAll(flags)
	for _, c := range cmd.Commands() {
		maps.Copy(said, helpSentences(c))
	}
	return said
}

// sentences are the texts in the source, each with where it is said.
func sentences(t *testing.T) map[string]string {
	t.Helper()
	said := map[string]string{}
	for _, pkg := range spoken() {
		fset := token.NewFileSet()
		parsed := parsedFiles(t, fset, pkg)
		texts := constants(parsed)
		for _, f := range parsed {
			ast.Inspect(f, func(n ast.Node) bool {
				for _, e := range saidIn(n, pkg) {
					if text, ok := fold(e, texts); ok {
						said[text] = strings.TrimPrefix(filepath.ToSlash(fset.Position(e.Pos()).Filename), "../../")
					} else if _, name := e.(*ast.Ident); !name && pkg != "cmd/internal/words" {
						t.Errorf("%s: what is said here is no constant, so it has no words in another language", fset.Position(e.Pos()))
					}
				}
				return true
			})
		}
	}
	return said
}

// saidIn are the expressions of a node that are sentences.
func saidIn(n ast.Node, pkg string) []ast.Expr {
	command := strings.HasPrefix(pkg, "cmd/")
	switch n := n.(type) {
	case *ast.KeyValueExpr: // of commands that another build has, of foreign errors, of units
		if key, ok := n.Key.(*ast.Ident); ok && command && slices.Contains([]string{"Short", "Long", "words", "word"}, key.Name) {
			if _, literal := n.Value.(*ast.BasicLit); literal {
				return []ast.Expr{n.Value}
			}
		}
	case *ast.CallExpr:
		name, of, at := "", "", 0
		switch f := n.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
			if x, ok := f.X.(*ast.Ident); ok {
				of = x.Name
			}
		}
		switch {
		case (of == "scan" || of == "" && pkg == "scan") && (name == "Say" || name == "Errorf"):
		case of == "errors" && name == "New" && len(n.Args) == 1:
			if _, literal := n.Args[0].(*ast.BasicLit); !literal || pkg == "scan/engine" || pkg == "scan/isolate" {
				return nil // what another one said, or becomes a problem of a file
			}
		case !command || of == "fmt" || of == "report" || of == "web":
			return nil
		case name == "say" || name == "remark":
			at = 1
		case slices.Contains([]string{"String", "Bool", "Int", "Int64", "Uint64", "Float64", "Duration", "StringSlice"}, name) && len(n.Args) == 3:
			at = 2 // a flag
		case name == "usage" || name == "put" || name == "part" || name == "Text" && len(n.Args) > 0:
		case name == "Lookup":
			if _, literal := n.Args[0].(*ast.BasicLit); !literal {
				return nil // what is found elsewhere
			}
		default:
			return nil
		}
		return n.Args[at : at+1]
	}
	return nil
}

// constants are the texts that a package names.
func constants(files []*ast.File) map[string]string {
	texts := map[string]string{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
				for i, name := range v.Names {
					if text, ok := fold(v.Values[i], texts); ok {
						texts[name.Name] = text
					}
				}
			}
			return true
		})
	}
	return texts
}

// fold joins the parts of a constant text.
func fold(e ast.Expr, texts map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		return constant.StringVal(constant.MakeFromLiteral(e.Value, e.Kind, 0)), true
	case *ast.Ident:
		text, ok := texts[e.Name]
		return text, ok
	case *ast.BinaryExpr:
		a, okA := fold(e.X, texts)
		b, okB := fold(e.Y, texts)
		return a + b, okA && okB && e.Op == token.ADD
	}
	return "", false
}

// writeMissing writes entries without words.
func writeMissing(t *testing.T, missing []string, said map[string]string) {
	t.Helper()
	for name, of := range map[string]func(where string) bool{
		"commands.ja.po": func(where string) bool { return where == "help" },
		"formats.ja.po":  func(where string) bool { return where == "the table of formats" },
		"program.ja.po":  func(where string) bool { return strings.Contains(where, "/") },
	} {
		f, err := os.OpenFile(filepath.Join("../../report/messages", name), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		for _, text := range missing {
			if !of(said[text]) {
				continue
			}
			if said[text] != last {
				last = said[text]
				fmt.Fprintf(f, "\n# %s\n", last)
			}
			fmt.Fprintf(f, "\nmsgid %s\nmsgstr \"\"\n", quotedLines(text))
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// quotedLines writes a text as gettext does, each of its lines by itself.
func quotedLines(text string) string {
	lines := strings.SplitAfter(text, "\n")
	if len(lines) == 1 {
		return strconv.Quote(text)
	}
	out := `""`
	for _, l := range lines {
		out += "\n" + strconv.Quote(l)
	}
	return out
}
