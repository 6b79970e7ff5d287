package format

import (
	"archive/zip"
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

func TestIWork(t *testing.T) {
	random := make([]byte, 4000)
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := range random {
		random[i] = byte(rnd.Uint32())
	}
	list := bytes.Repeat([]byte("Yamada,1234-567890\r\n"), 50)
	for name, c := range map[string]struct {
		entries map[string][]byte
		want    scan.Verdict
	}{
		"with a password":         {map[string][]byte{".iwph": []byte("hint"), "Index.zip": random, "Data/a.jpg": random[100:], "preview.jpg": list, "Metadata/BuildVersionHistory.plist": list}, scan.VerdictPassword},
		"without one":             {map[string][]byte{"Index.zip": random, "Data/a.jpg": random[100:]}, scan.VerdictNone},
		"a hint beside a list":    {map[string][]byte{".iwph": []byte("hint"), "Index.zip": random, "list.csv": list}, scan.VerdictNone},
		"a hint and nothing else": {map[string][]byte{".iwph": []byte("hint")}, scan.VerdictNone},
	} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for name, data := range c.entries {
			e, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			if err == nil {
				_, err = e.Write(data)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		doc, err := openZip(t.Context(), testFile(t, b.Bytes()))
		if err != nil || doc.Protection().Verdict != c.want {
			t.Errorf("%s: %+v, %v", name, doc.Protection(), err)
		}
	}
}
