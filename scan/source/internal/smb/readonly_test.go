package smb

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	smb2 "github.com/cloudsoda/go-smb2"
)

const library = `"github.com/cloudsoda/go-smb2"`

// reading are the library's methods that cannot change anything on a server.
// OpenFile is looked at apart.
func reading() []string {
	return []string{
		"Open", "OpenFile", "Stat", "Lstat", "ReadAt", "Read", "Readdir", "Seek", "Close", "SecurityInfoRaw",
		"Mount", "Umount", "ListShares", "Logoff", "WithContext", "DialConn", "Sys", "Type", "IsSpecial", "Error", "Name", "Mode", "Size",
	}
}

// Each method of the library that is called in this package is one that reads.
// All others are forbidden, also those of versions to come.
func TestNoWritingMethodIsCalled(t *testing.T) {
	forbidden := map[string]bool{}
	for _, v := range []any{&smb2.Session{}, &smb2.Share{}, &smb2.File{}, &smb2.FileStat{}, &smb2.Dialer{}} {
		typ := reflect.TypeOf(v)
		for i := range typ.NumMethod() {
			name := typ.Method(i).Name
			forbidden[name] = !slices.Contains(reading(), name)
		}
	}
	if !forbidden["Remove"] || !forbidden["WriteAt"] || !forbidden["Chmod"] || forbidden["Open"] {
		t.Fatalf("the list of forbidden methods is wrong: %v", forbidden)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range tree.Decls {
			ast.Inspect(decl, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				calls++
				where := receiver(decl)
				if forbidden[sel.Sel.Name] && where != "Pipe.Write" {
					t.Errorf("%s calls %s in %s", file, sel.Sel.Name, where)
				}
				if sel.Sel.Name == "OpenFile" && where != "Client.Pipe" {
					t.Errorf("%s calls OpenFile in %s, where Open would do", file, where)
				}
				return true
			})
		}
	}
	if calls < 50 {
		t.Errorf("only %d selectors were looked at", calls)
	}
}

// receiver names the method or function that a declaration is.
func receiver(decl ast.Decl) string {
	f, ok := decl.(*ast.FuncDecl)
	if !ok {
		return ""
	}
	if f.Recv == nil {
		return f.Name.Name
	}
	typ := f.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	return typ.(*ast.Ident).Name + "." + f.Name.Name
}

// What this package hands out has these methods and no others, and no field
// through which the library could be reached.
func TestNothingThatWritesIsHandedOut(t *testing.T) {
	want := map[string][]string{
		"Client": {"Logoff", "Mount", "Pipe", "Shares"},
		"Mount":  {"Open", "Security", "Stat"},
		"File":   {"Close", "ReadAt", "Readdir", "Serial", "Size", "Stat", "Streams"},
		"Pipe":   {"Close", "Read", "Write"},
		"Info":   nil,
		"Share":  nil,
		"Stream": nil,
	}
	got := map[string][]string{}
	for _, v := range []any{&Client{}, &Mount{}, &File{}, &Pipe{}, &Info{}, &Share{}, &Stream{}} {
		typ := reflect.TypeOf(v)
		name := typ.Elem().Name()
		got[name] = nil
		for i := range typ.NumMethod() {
			got[name] = append(got[name], typ.Method(i).Name)
		}
		for i := range typ.Elem().NumField() {
			field := typ.Elem().Field(i)
			if field.IsExported() && strings.Contains(field.Type.String(), "smb2.") {
				t.Errorf("%s.%s hands out %v", name, field.Name, field.Type)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("methods (-want +got):\n%s", diff)
	}
}

// No other package of the project sees the library, tests apart.
func TestLibraryIsSeenHereOnly(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..")
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range tree.Imports {
			if imp.Path.Value != library {
				continue
			}
			seen++
			if filepath.Base(filepath.Dir(path)) != "smb" && filepath.Dir(path) != "." {
				t.Errorf("%s imports %s", path, library)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Error("no import of the library was seen")
	}
}
