package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	aeszip "github.com/alexmullins/zip"
	"github.com/kagiban/kagiban/detectors/extract"
	"github.com/xuri/excelize/v2"
)

// TestRecipientsAreEncrypted opens what is written with the password, and not
// without it; all names are in it, and none is a formula.
func TestRecipientsAreEncrypted(t *testing.T) {
	list := &recipients{wanted: map[uint64]bool{1: true, 2: false}, found: map[uint64]*recipient{}}
	for _, p := range []extract.Person{
		{Hash: 1, Number: "4123-567801", Names: []string{"山田 太郎"}, Addresses: []string{"=cmd"}}, {Hash: 1, Number: "4123-567801", Names: []string{"山田　太朗", "山田太郎"}},
		{Hash: 2, Number: "9912-567802", Interim: true},
	} {
		if err := list.take(p); err != nil {
			t.Fatal(err)
		}
	}
	password := []byte("correct horse battery")
	var book, archive bytes.Buffer
	if err := list.workbook(&book, "en", password); err != nil {
		t.Fatal(err)
	}
	if err := list.archive(&archive, "en", password); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"workbook": book.Bytes(), "archive": archive.Bytes()} {
		if bytes.Contains(b, []byte("4123")) && bytes.Contains(b, []byte("567801")) || bytes.Contains(b, []byte("山田")) {
			t.Errorf("the %s can be read without a password", name)
		}
	}
	if f, err := excelize.OpenReader(bytes.NewReader(book.Bytes())); err == nil {
		_ = f.Close()
		t.Error("the workbook opens without a password")
	}
	f, err := excelize.OpenReader(bytes.NewReader(book.Bytes()), excelize.Options{Password: string(password)})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Sheet1")
	if err != nil || len(rows) != 3 || rows[1][0] != "4123-567801" || rows[1][1] != "山田 太郎\n山田　太朗" || rows[1][4] != "2" || !strings.Contains(rows[1][5], "Several names") {
		t.Errorf("%q, %v", rows, err)
	}
	if formula, err := f.GetCellFormula("Sheet1", "D2"); formula != "" || err != nil {
		t.Errorf("formula %q, %v", formula, err)
	}
	if !strings.Contains(rows[2][5], "Interim") || !strings.Contains(rows[2][5], "review") || !strings.Contains(rows[2][5], "No name") {
		t.Errorf("%q", rows[2])
	}
	z, err := aeszip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	if err != nil || len(z.File) != 1 || !z.File[0].IsEncrypted() {
		t.Fatalf("%v", err)
	}
	z.File[0].SetPassword(string(password))
	r, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil || !strings.Contains(string(text), "4123-567801") || !strings.Contains(string(text), "'=cmd") {
		t.Errorf("%q, %v", text, err)
	}
}
