package sample

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	aeszip "github.com/alexmullins/zip"
	"github.com/kagiban/kagiban/scan"
	"github.com/xuri/excelize/v2"
	oldzip "github.com/yeka/zip"
)

// A LeakSize is how large a leak is.
type LeakSize struct {
	Files, Protected   int // of Files
	Records, Persons   int
	Two, Four          int // records of these classes; the others have three items
	OpenRecords, Other int // records without a password; ordinary files around
}

// Leak2015 is the size of the leak of 2015, as it was published: 949 files of which
// fewer than one in a hundred had a password, 1.25 million records of 1,014,653
// people, 550,000 of them in the open. How many files of which kind there were was not.
func Leak2015() LeakSize {
	return LeakSize{Files: 949, Protected: 9, Records: 1_250_000, Persons: 1_014_653, Two: 31_000, Four: 52_000, OpenRecords: 550_000, Other: 20_000}
}

// SmallLeak is the same shape at a size for every day.
func SmallLeak() LeakSize {
	return LeakSize{Files: 95, Protected: 9, Records: 6_250, Persons: 5_073, Two: 155, Four: 260, OpenRecords: 2_750, Other: 100}
}

// LeakPassword protects the protected files.
const LeakPassword = "nenkin2015"

// A Leak is what is known of one.
type Leak struct {
	Paths       []string // of the files that leaked, below the share
	Records     scan.Classes
	Persons     scan.Classes // each in the highest class
	Open        scan.Classes // records without a password
	OpenPersons int64
	OpenAlone   scan.Classes // persons of the open files alone, each in the highest class in them
	Places      map[string]int64
	PlacePeople map[string]int64
	Numbers     []uint64 // of all persons
}

// A leakFile is one file before it is written.
type leakFile struct {
	records int
	class   scan.Class
	open    bool
}

// WriteLeak writes a share with a leak in it. The same seed writes the same lists.
func WriteLeak(dir string, seed uint64, size LeakSize) (*Leak, error) {
	people := NewPeople(seed, size.Persons)
	r := rand.New(rand.NewPCG(seed, 2))
	leak := &Leak{Places: map[string]int64{}, PlacePeople: map[string]int64{}}
	classes := make([]int8, len(people)) // highest class so far, -1 for none
	openClasses := make([]int8, len(people))
	for i := range people {
		leak.Numbers = append(leak.Numbers, people[i].Number)
		classes[i], openClasses[i] = -1, -1
	}
	next := 0
	for n, f := range plan(size) {
		var rows []int
		for range f.records {
			who := next
			if next < len(people) {
				next++
			} else {
				who = r.IntN(len(people)) // the others are in several files
			}
			rows = append(rows, who)
			if classes[who] = max(classes[who], int8(f.class)); f.open {
				openClasses[who] = max(openClasses[who], int8(f.class))
			}
			leak.Places[people[who].place(f.class == scan.ClassFour)]++
		}
		sum := scan.ClassesOf(f.class, int64(f.records))
		if leak.Records.Add(sum); f.open {
			leak.Open.Add(sum)
		}
		path, err := writeLeakFile(dir, n, f, people, rows)
		if err != nil {
			return nil, err
		}
		leak.Paths = append(leak.Paths, path)
	}
	for i := range people {
		leak.Persons.Add(scan.ClassesOf(scan.Class(classes[i]), 1))
		leak.PlacePeople[people[i].place(classes[i] == int8(scan.ClassFour))]++
		if openClasses[i] >= 0 {
			leak.OpenPersons++
			leak.OpenAlone.Add(scan.ClassesOf(scan.Class(openClasses[i]), 1))
		}
	}
	return leak, ordinary(dir, r, size.Other)
}

// plan cuts the records into files: those of two and of four items are in the open.
func plan(size LeakSize) (files []leakFile) {
	open := size.Files - size.Protected
	four, two := max(1, open/10), max(1, open/16)
	cut := func(n, records int, class scan.Class, open bool) {
		for i := range n {
			files = append(files, leakFile{records*(i+1)/n - records*i/n, class, open})
		}
	}
	cut(size.Protected, size.Records-size.OpenRecords, scan.ClassThree, false)
	cut(four, size.Four, scan.ClassFour, true)
	cut(two, size.Two, scan.ClassTwo, true)
	cut(open-four-two, size.OpenRecords-size.Four-size.Two, scan.ClassThree, true)
	return files
}

func writeLeakFile(dir string, n int, f leakFile, people []Person, rows []int) (string, error) {
	kinds := []string{"csv", "xlsx", "csv in zip", "xlsx in zip"}
	if !f.open {
		kinds = []string{"xlsx with password", "csv in aes zip", "xlsx in zipcrypto zip"}
	}
	kind := kinds[n%len(kinds)]
	var body []byte
	var err error
	name := fmt.Sprintf("名簿%04d", n)
	ending, inner := ".zip", ".csv"
	switch kind {
	case "csv", "csv in zip", "csv in aes zip":
		body = leakCSV(f.class, people, rows)
	default:
		inner = ".xlsx"
		password := ""
		if kind == "xlsx with password" {
			password = LeakPassword
		}
		body, err = leakBook(f.class, people, rows, password)
	}
	switch kind {
	case "csv", "xlsx", "xlsx with password":
		ending = inner
	default:
		body, err = leakZip(kind, name+inner, body, err)
	}
	if err != nil {
		return "", err
	}
	path := filepath.Join(fmt.Sprintf("業務%02d", n%20), name+ending)
	full := filepath.Join(dir, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return "", err
	}
	return filepath.ToSlash(path), os.WriteFile(full, body, 0o644)
}

// cellsOf is a row of a list of a class.
func cellsOf(class scan.Class, p *Person) []string {
	cells := []string{fmt.Sprintf("%04d-%06d", p.Number/1e6, p.Number%1e6), p.Family + " " + p.Given}
	if class >= scan.ClassThree {
		cells = append(cells, p.Birth.Format("2006/01/02"))
	}
	if class >= scan.ClassFour {
		cells = append(cells, p.Address)
	}
	return cells
}

func leakHead(class scan.Class) []string {
	return []string{"基礎年金番号", "氏名", "生年月日", "住所"}[:int(class)+1]
}

func leakCSV(class scan.Class, people []Person, rows []int) []byte {
	var out bytes.Buffer
	line := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(c)
		}
		out.WriteString("\r\n")
	}
	line(leakHead(class))
	for _, who := range rows {
		line(cellsOf(class, &people[who]))
	}
	return out.Bytes()
}

func leakBook(class scan.Class, people []Person, rows []int, password string) ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close()
	stream, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	put := func(n int, cells []string) error {
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = c
		}
		return stream.SetRow(fmt.Sprint("A", n), values)
	}
	if err := put(1, leakHead(class)); err != nil {
		return nil, err
	}
	for n, who := range rows {
		if err := put(n+2, cellsOf(class, &people[who])); err != nil {
			return nil, err
		}
	}
	if err := stream.Flush(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = book.Write(&out, excelize.Options{Password: password})
	return out.Bytes(), err
}

func leakZip(kind, name string, body []byte, failed error) ([]byte, error) {
	if failed != nil {
		return nil, failed
	}
	var out bytes.Buffer
	var to io.Writer
	var w io.Closer
	var err error
	switch kind {
	case "csv in aes zip":
		z := aeszip.NewWriter(&out)
		w = z
		to, err = z.Encrypt(name, LeakPassword)
	case "xlsx in zipcrypto zip":
		z := oldzip.NewWriter(&out)
		w = z
		to, err = z.Encrypt(name, LeakPassword, oldzip.StandardEncryption)
	default:
		z := zip.NewWriter(&out)
		w = z
		to, err = z.Create(name)
	}
	if err != nil {
		return nil, err
	}
	if _, err := to.Write(body); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

// ordinary writes files that hold no number.
func ordinary(dir string, r *rand.Rand, n int) error {
	for i := range n {
		folder := filepath.Join(dir, fmt.Sprintf("一般%03d", i%200))
		if i < 200 {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
		}
		text := fmt.Sprintf("会議の記録\r\n議題,%d\r\n担当,%s\r\n金額,%d円\r\n", i, pick(r, families()).kanji, r.IntN(1e6))
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("記録%05d.txt", i)), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
