// Package sample makes a file share of an invented pension office: lists,
// letters, archives, look-alikes and oddities, in Japanese, the same for the
// same seed. It knows what a scan must find, because it put it there. The demo
// and the end-to-end tests use it.
//
// Nobody in it lives; all numbers are drawn by lot.
package sample

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// A maker makes one file about some people; n tells files of one kind apart.
type maker func(people []Person, n int) (doc, error)

// usual are the makers of what lies in every folder, in turn.
func usual() []maker {
	return []maker{
		memo, csvCP932, phones, bookText, minutes, picturePNG, bookFormatted, staff, zipCP932, bookEncrypted, bookClean, csvUTF8, insured,
		bookTitled, minutes, bookLostZeros, care, csvUnlabelled, zipAES, bookBare, slips, memo, tsvUTF16, bookTwoColumns, zipUTF8,
		timestamps, bookHidden, press, textEUC, bookSheetProtected, amounts, zipCrypto, csvBOM, minutes, bookRich, zipNested, bookClean,
		reported, pictureJPEG, bookInline, specimen, bookDefaultPassword, memo, textJIS, bookMacro, bookEncrypted, textUnlabelled, csvWide, zipPartial,
		minutes, textUTF8, csvLongAgo,
	}
}

// rare are the makers of what lies in one folder only.
func rare() []maker {
	return []maker{
		empty, empty, programPE, programELF, damagedBook, truncatedZip, unknownSevenZip, unknownPDF,
		bigList, bigLog,
		named("=HYPERLINK(\"http:x\",\"開く\").csv", csvUTF8), named("<script>alert(1)<script>.txt", memo), named("端末\x1b[31m赤\x1b[0m.txt", textUTF8),
		named("　先頭が全角空白　.csv", csvCP932), named("@SUM(A1).csv", phones), named("名前に,カンマ\"と引用符.csv", csvBOM),
	}
}

// named makes what m makes under another name.
func named(name string, m maker) maker {
	return func(p []Person, n int) (doc, error) {
		d, err := m(p, n)
		d.name = name
		return d, err
	}
}

func departments() []string {
	return []string{"総務部", "年金給付課", "適用・徴収課", "相談センター", "システム室", "広報室", "記録審査課", "事務センター　第二"}
}

// perFolder is how many of the usual files lie in the folder of one year.
const perFolder = 12

// Write makes the share below dir, about 300 files in 8 departments, and says
// what a scan of it must find. The same seed makes the same files and times,
// but for the salt of those that are encrypted (File.Salted).
func Write(dir string, seed uint64) (*Truth, error) {
	s := &share{dir: dir, random: rand.New(rand.NewPCG(seed, 2)), people: NewPeople(seed, 1500)}
	makers := usual()
	next := 0
	for _, department := range departments() {
		for year := 2013; year <= 2015; year++ {
			folder := path.Join(department, fmt.Sprintf("平成%d年度", year-1988))
			for i := range perFolder {
				in := folder
				if i%4 == 3 {
					in = path.Join(folder, pickAt(i, "作業用", "旧", "提出済　控え"))
				}
				if err := s.add(in, year, makers[next%len(makers)]); err != nil {
					return nil, err
				}
				next++
			}
		}
	}
	for _, m := range rare() {
		if err := s.add("システム室/その他", 2015, m); err != nil {
			return nil, err
		}
	}
	return sum(s.files, s.docs), nil
}

// A share is being written.
type share struct {
	dir    string
	random *rand.Rand
	people []Person
	files  []File
	docs   []doc
}

// add makes one file in a folder and notes what it holds.
func (s *share) add(folder string, year int, m maker) error {
	size := 20 + s.random.IntN(40)
	from := s.random.IntN(len(s.people) - size)
	d, err := m(s.people[from:from+size], len(s.files)+1)
	if err != nil {
		return fmt.Errorf("making a sample file in %s: %w", folder, err)
	}
	name := path.Join(folder, onDisk(d.name))
	full := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(full, d.data, 0o644); err != nil {
		return err
	}
	at := time.Date(year, 4, 1, 8, 30, 0, 0, time.UTC).Add(time.Duration(s.random.IntN(365*24*60)) * time.Minute)
	if err := os.Chtimes(full, at, at); err != nil {
		return err
	}
	s.files = append(s.files, d.file(name))
	s.docs = append(s.docs, d)
	return nil
}

// onDisk replaces what Windows does not allow in a name.
func onDisk(name string) string {
	if runtime.GOOS != "windows" {
		return name
	}
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"|?*\`, r):
			return r + 0xfee0 // its full-width form
		case r < ' ':
			return '_'
		}
		return r
	}, name)
}
