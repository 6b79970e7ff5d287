package format_test

import (
	"archive/tar"
	"bytes"
	"strings"
	"testing"
)

// A header has room for more than the name of a file. What cannot be one is told;
// names and links as they occur are not.
func TestTarHeaders(t *testing.T) {
	long := strings.Repeat("長い名前", 60) // 720 bytes, 240 characters
	for _, c := range []struct {
		what string
		h    tar.Header
		odd  bool
	}{
		{"file", tar.Header{Name: "a/b.txt", Typeflag: tar.TypeReg}, false},
		{"link", tar.Header{Name: "a", Linkname: "b", Typeflag: tar.TypeSymlink}, false},
		{"hard link", tar.Header{Name: "a", Linkname: "b", Typeflag: tar.TypeLink}, false},
		{"long path", tar.Header{Name: strings.Repeat("folder/", 100) + "a", Typeflag: tar.TypeReg}, false},
		{"long Japanese name", tar.Header{Name: long, Typeflag: tar.TypeReg}, false},
		{"link to a long path", tar.Header{Name: "a", Linkname: strings.Repeat("../", 100) + "a", Typeflag: tar.TypeSymlink}, false},
		{"name that is none", tar.Header{Name: strings.Repeat("x", 300), Typeflag: tar.TypeReg}, true},
		{"folder whose name is none", tar.Header{Name: strings.Repeat("x", 300) + "/", Typeflag: tar.TypeDir}, true},
		{"link to what is no name", tar.Header{Name: "a", Linkname: strings.Repeat("x", 300), Typeflag: tar.TypeSymlink}, true},
		{"symbolic link to nothing", tar.Header{Name: "a", Typeflag: tar.TypeSymlink}, true},
		{"hard link to nothing", tar.Header{Name: "a", Typeflag: tar.TypeLink}, true},
	} {
		for _, form := range []tar.Format{tar.FormatPAX, tar.FormatGNU} {
			var b bytes.Buffer
			w := tar.NewWriter(&b)
			c.h.Format = form
			if err := w.WriteHeader(&c.h); err != nil {
				t.Fatal(c.what, err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(c.what, err)
			}
			got := examine(t, map[string][]byte{"a.tar": b.Bytes()})["a.tar"].Result.Items[0]
			if odd := len(got.Problems) > 0; odd != c.odd || got.Format != "tar" {
				t.Errorf("%s, %v: format %s, problems %v", c.what, form, got.Format, got.Problems)
			}
		}
	}
}
