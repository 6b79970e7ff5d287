package scan_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/kagiban/kagiban/"

// A sourceFile is a Go file of the project, tests left out.
type sourceFile struct {
	name string // below the module, with '/'
	pkg  string // its folder
	ast  *ast.File
	fset *token.FileSet
}

func sources(t *testing.T) []sourceFile {
	t.Helper()
	var files []sourceFile
	fset := token.NewFileSet()
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(p, ".."+string(filepath.Separator)))
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2 || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, p, nil, parser.ParseComments)
		files = append(files, sourceFile{name, path.Dir(name), f, fset})
		return err
	})
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files found, %v", len(files), err)
	}
	return files
}

func (f sourceFile) imports() []string {
	var list []string
	for _, i := range f.ast.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		list = append(list, p)
	}
	return list
}

// below reports whether a folder is one of some rooms or lies in one.
func below(pkg string, rooms ...string) bool {
	return slices.ContainsFunc(rooms, func(room string) bool { return pkg == room || strings.HasPrefix(pkg, room+"/") })
}

// TestRooms checks who may import whom: everything may import scan, a room its
// own parts, and only cmd and the acceptance kits put rooms together.
func TestRooms(t *testing.T) {
	rooms := []string{"scan/engine", "scan/source", "scan/format", "scan/state", "scan/policy", "scan/lifecycle", "scan/incident", "scan/isolate", "scan/scantest", "detectors", "report"}
	for _, f := range sources(t) {
		for _, imp := range f.imports() {
			ours, ok := strings.CutPrefix(imp, module)
			if !ok || below(f.pkg, "cmd", "scan/scantest") {
				continue
			}
			switch {
			case f.pkg == "scan":
				t.Errorf("%s imports %s: the contract knows no other room", f.name, ours)
			case below(ours, "scan/internal") && below(f.pkg, "scan/engine", "scan/isolate", "scan/state", "scan/internal"):
			case ours == "scan":
			case slices.ContainsFunc(rooms, func(r string) bool { return below(f.pkg, r) && below(ours, r) }):
			default:
				t.Errorf("%s imports %s: leaves do not import each other", f.name, ours)
			}
		}
	}
}

// TestRawValues checks that the one extractor of raw values is in one command's hands.
func TestRawValues(t *testing.T) {
	users := 0
	for _, f := range sources(t) {
		if !slices.Contains(f.imports(), module+"detectors/extract") {
			continue
		}
		if users++; f.name != "cmd/kagiban/recipients.go" {
			t.Errorf("%s imports detectors/extract: raw values are for the command recipients only", f.name)
		}
	}
	if users != 1 {
		t.Errorf("%d files import detectors/extract, want 1", users)
	}
}

// TestStages checks that detection goes one way: what each stage may import of
// the others.
func TestStages(t *testing.T) {
	const room = "detectors/internal/"
	allowed := map[string][]string{
		"lex": nil, "vocab": nil, "observed": {"lex"}, "score": {"lex", "observed"},
		"tally": {"lex", "observed", "score"}, "layout": {"lex", "observed", "vocab"},
		"kind": {"lex", "observed", "score", "vocab"},
	}
	for _, f := range sources(t) {
		stage, ok := strings.CutPrefix(f.pkg, room)
		if !ok {
			continue
		}
		may, known := allowed[stage]
		if !known {
			t.Errorf("%s: stage %s has no place in the line", f.name, stage)
		}
		for _, imp := range f.imports() {
			if other, ok := strings.CutPrefix(imp, module+"detectors"); ok && !slices.Contains(may, strings.TrimPrefix(other, "/internal/")) {
				t.Errorf("%s imports %s: stages go one way", f.name, strings.TrimPrefix(imp, module))
			}
		}
	}
}

// TestForbiddenImports checks where network, database, processes, signals and
// logs may be.
func TestForbiddenImports(t *testing.T) {
	rules := []struct {
		imports []string
		allowed []string
		why     string
	}{
		{[]string{"net", "net/http", "net/rpc", "crypto/tls", "github.com/cloudsoda/go-smb2", "github.com/hirochachacha/go-smb2"},
			[]string{"scan/source", "scan/scantest", "scan/state/postgres", "cmd/internal/web"}, "network only in scan/source, where numbers are looked up and to a database"},
		{[]string{"database/sql", "modernc.org/sqlite"}, []string{"scan/state"}, "database only in scan/state"},
		{[]string{"os/signal"}, []string{"cmd"}, "signals only in cmd"},
		{[]string{"os/exec"}, []string{"cmd", "scan/isolate", "scan/scantest"}, "processes are started by cmd and the isolation only"},
		{[]string{"log", "log/slog"}, []string{"cmd", "scan/state/postgres/queue"}, "no logging below cmd; River wants a logger, which is one that discards"},
		{[]string{"testing"}, []string{"scan/scantest"}, "testing only in tests and kits"},
		{[]string{"os", "io/fs", "net"}, []string{"cmd", "scan", "scan/internal", "scan/source", "scan/state", "scan/isolate", "scan/scantest"}, "formats, detectors, policy and reports touch no files"},
	}
	for _, f := range sources(t) {
		for _, imp := range f.imports() {
			if strings.HasPrefix(imp, "github.com/jackc/pgx/") && !below(f.pkg, "scan/state/postgres") {
				t.Errorf("%s imports %s: only scan/state/postgres knows the driver of PostgreSQL", f.name, imp)
			}
			for _, r := range rules {
				// "scan" stands for the package itself, the others for what is below too.
				allowed := slices.ContainsFunc(r.allowed, func(room string) bool {
					return f.pkg == room || room != "scan" && below(f.pkg, room)
				})
				if slices.Contains(r.imports, imp) && !allowed {
					t.Errorf("%s imports %s: %s", f.name, imp, r.why)
				}
			}
		}
	}
}

// TestForbiddenCode checks what no code below cmd does, and what formats never do.
func TestForbiddenCode(t *testing.T) {
	recovers := 0
	for _, f := range sources(t) {
		says := func(n ast.Node, why string) { t.Errorf("%s: %s", f.fset.Position(n.Pos()), why) }
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv == nil && n.Name.Name == "init" {
					says(n, "no init: nothing runs at import")
				}
			case *ast.GoStmt:
				if f.pkg == "scan" || below(f.pkg, "scan/format", "detectors", "scan/policy", "scan/lifecycle", "report") {
					says(n, "no goroutine here")
				}
			case *ast.CallExpr:
				name := called(n)
				switch {
				case name == "recover":
					recovers++
					if f.name != "scan/engine/visit.go" {
						says(n, "recover is in one place, scan/engine/visit.go")
					}
				case name == "panic" && !below(f.pkg, "scan/scantest"):
					says(n, "errors are data: no panic")
				case name == "os.Exit" && f.name != "cmd/kagiban/main.go":
					says(n, "os.Exit is in main only")
				case strings.HasPrefix(name, "fmt.Print") && !below(f.pkg, "cmd"):
					says(n, "nothing below cmd prints")
				case name == "io.ReadAll" && below(f.pkg, "scan/format") && !limited(n):
					says(n, "no unbounded read of a stranger's bytes")
				}
			}
			return true
		})
	}
	if recovers != 1 {
		t.Errorf("recover is called in %d places, want 1", recovers)
	}
}

// limited reports whether a call reads from an io.LimitReader.
func limited(c *ast.CallExpr) bool {
	inner, ok := c.Args[0].(*ast.CallExpr)
	return ok && called(inner) == "io.LimitReader"
}

func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name + "." + f.Sel.Name
		}
	}
	return ""
}

// TestPackageVariables checks that none changes: each is written where it is
// declared and nowhere else.
func TestPackageVariables(t *testing.T) {
	declared := map[string]bool{} // folder + name
	files := sources(t)
	for _, f := range files {
		for _, d := range f.ast.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					declared[f.pkg+"."+name.Name] = true
				}
			}
		}
	}
	for _, f := range files {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			a, ok := n.(*ast.AssignStmt)
			if !ok || a.Tok == token.DEFINE {
				return true
			}
			for _, lhs := range a.Lhs {
				if x, ok := lhs.(*ast.IndexExpr); ok {
					lhs = x.X
				}
				id, ok := lhs.(*ast.Ident)
				// A name that resolves inside its file and is no package
				// variable there is a local one.
				if ok && id.Name != "_" && declared[f.pkg+"."+id.Name] && (id.Obj == nil || id.Obj == f.ast.Scope.Lookup(id.Name)) {
					t.Errorf("%s: package variable %s is changed", f.fset.Position(id.Pos()), id.Name)
				}
			}
			return true
		})
	}
}

// TestSizes keeps files, functions and interfaces readable, and has every
// package say what it is.
func TestSizes(t *testing.T) {
	documented := map[string]bool{}
	for _, f := range sources(t) {
		documented[f.pkg] = documented[f.pkg] || f.ast.Doc != nil
		if n := f.fset.File(f.ast.Pos()).LineCount(); n > 400 {
			t.Errorf("%s has %d lines, more than 400", f.name, n)
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if lines := f.fset.Position(n.End()).Line - f.fset.Position(n.Pos()).Line + 1; lines > 60 && !below(f.pkg, "scan/scantest") {
					t.Errorf("%s: %s has %d lines, more than 60", f.fset.Position(n.Pos()), n.Name.Name, lines)
				}
			case *ast.InterfaceType:
				methods := 0 // its own; what is joined from others stays as small as they are
				for _, m := range n.Methods.List {
					methods += len(m.Names)
				}
				if methods > 4 {
					t.Errorf("%s: interface of %d methods", f.fset.Position(n.Pos()), methods)
				}
			}
			return true
		})
	}
	for typ, n := range methodsOf(sources(t)) {
		if n > 20 {
			t.Errorf("%s has %d methods, more than 20", typ, n)
		}
	}
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("package %s has no comment", pkg)
		}
	}
}

// methodsOf counts the methods of each type.
func methodsOf(files []sourceFile) map[string]int {
	n := map[string]int{}
	for _, f := range files {
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil {
				continue
			}
			recv := fn.Recv.List[0].Type
			if star, ok := recv.(*ast.StarExpr); ok {
				recv = star.X
			}
			if index, ok := recv.(*ast.IndexExpr); ok {
				recv = index.X
			}
			if id, ok := recv.(*ast.Ident); ok {
				n[f.pkg+"."+id.Name]++
			}
		}
	}
	return n
}
