package scan_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strings"
	"testing"
)

// What formats may do to each other is checked by type. Of other packages than
// scan only the names are known here, so nothing has to be built for it.

// formatRoom is package scan/format with what its identifiers mean.
type formatRoom struct {
	files []sourceFile
	info  *types.Info
	scan  *types.Package
}

// namesOnly imports scan as it is and everything else as an empty package.
type namesOnly struct{ scan *types.Package }

func (n namesOnly) Import(p string) (*types.Package, error) {
	if p == module+"scan" && n.scan != nil {
		return n.scan, nil
	}
	empty := types.NewPackage(p, strings.TrimSuffix(path.Base(p), "/v2"))
	empty.MarkComplete()
	return empty, nil
}

func typeCheck(pkg string, files []sourceFile, imports namesOnly) (*types.Package, *types.Info, []sourceFile) {
	var fset *token.FileSet
	var mine []sourceFile
	var trees []*ast.File
	for _, f := range files {
		if f.pkg == pkg {
			mine, trees, fset = append(mine, f), append(trees, f.ast), f.fset
		}
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	conf := types.Config{Importer: imports, Error: func(error) {}}
	checked, _ := conf.Check(pkg, fset, trees, info) // what comes from other packages is unknown, and errors are many
	return checked, info, mine
}

func formatsRoom(t *testing.T) formatRoom {
	t.Helper()
	files := sources(t)
	contract, _, _ := typeCheck("scan", files, namesOnly{})
	_, info, mine := typeCheck("scan/format", files, namesOnly{contract})
	if len(mine) < 30 || contract.Scope().Lookup("Document") == nil {
		t.Fatal("scan/format is not read")
	}
	return formatRoom{mine, info, contract}
}

// is reports whether a type is the one of that name in scan.
func (r formatRoom) is(t types.Type, name string) bool {
	named, ok := t.(*types.Named)
	return ok && named.Obj().Pkg() == r.scan && named.Obj().Name() == name
}

// returns reports whether a function of the room returns a type of scan.
func (r formatRoom) returns(obj types.Object, name string) bool {
	f, ok := obj.(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg() == r.scan {
		return false
	}
	results := f.Type().(*types.Signature).Results()
	for i := range results.Len() {
		if r.is(results.At(i).Type(), name) {
			return true
		}
	}
	return false
}

// openers are the functions that stand in Open and Isolated of some format.
func (r formatRoom) openers() map[types.Object]bool {
	found := map[types.Object]bool{}
	for _, f := range r.files {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			kv, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			key, ok1 := kv.Key.(*ast.Ident)
			value, ok2 := kv.Value.(*ast.Ident)
			if ok1 && ok2 && (key.Name == "Open" || key.Name == "Isolated") && r.returns(r.info.Uses[value], "Document") {
				found[r.info.Uses[value]] = true
			}
			return true
		})
	}
	return found
}

// TestFormatsCallNoOther checks that what is inside a file goes back to the
// engine: a format is made in List only, its functions are used where it is
// made only, and no format asks a document for its content or a format for a document.
func TestFormatsCallNoOther(t *testing.T) {
	r := formatsRoom(t)
	openers := r.openers()
	if len(openers) < 20 {
		t.Fatalf("%d functions open files", len(openers))
	}
	constructors := 0
	for _, f := range r.files {
		for _, decl := range f.ast.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			makes := r.returns(r.info.Defs[fn.Name], "Format")
			if makes {
				constructors++
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					used := r.info.Uses[n]
					if r.returns(used, "Format") && f.name != "scan/format/list.go" && !makes {
						t.Errorf("%s: %s makes a format, which is for List to do", f.fset.Position(n.Pos()), n.Name)
					}
					if openers[used] && !makes {
						t.Errorf("%s: %s opens files of another format; what is inside goes back to the engine", f.fset.Position(n.Pos()), n.Name)
					}
				case *ast.CallExpr:
					sel, ok := n.Fun.(*ast.SelectorExpr)
					if !ok {
						return true
					}
					of := r.info.Types[sel.X].Type
					if of != nil && (r.is(of, "Document") || r.is(of, "Format") || r.is(of, "Locked")) && sel.Sel.Name != "Protection" {
						t.Errorf("%s: %s of another format is called; what is inside goes back to the engine", f.fset.Position(n.Pos()), sel.Sel.Name)
					}
				}
				return true
			})
		}
	}
	if constructors < 40 {
		t.Errorf("%d functions make formats, which is too few to be true", constructors)
	}
}

// TestMethodsOfTypes keeps types to one responsibility: 20 methods at the most.
func TestMethodsOfTypes(t *testing.T) {
	methods := map[string]int{}
	for _, f := range sources(t) {
		if !below(f.pkg, "scan/format", "scan/isolate") {
			continue
		}
		for _, decl := range f.ast.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv == nil {
				continue
			}
			of := fn.Recv.List[0].Type
			if star, ok := of.(*ast.StarExpr); ok {
				of = star.X
			}
			if id, ok := of.(*ast.Ident); ok {
				methods[f.pkg+"."+id.Name]++
			}
		}
	}
	for name, n := range methods {
		if n > 20 {
			t.Errorf("%s has %d methods, more than 20", name, n)
		}
	}
}
