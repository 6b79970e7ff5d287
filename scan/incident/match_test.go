package incident

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"
)

func listed() []scan.Listed {
	at := time.Date(2026, 5, 20, 3, 4, 5, 0, time.UTC)
	entry := func(id int64, target, path string, size int64) scan.Listed {
		return scan.Listed{File: id, Entry: scan.Entry{Target: target, Path: path, Size: size, ModTime: at.Add(time.Duration(id) * time.Hour)}}
	}
	return []scan.Listed{
		entry(1, "smb://fs01/share", "総務/名簿.xlsx", 10), entry(2, "smb://fs01/share", "総務/名簿 (2).xlsx", 20), entry(3, "smb://fs02/share", "総務/名簿.xlsx", 10),
		entry(4, "/srv/data", norm.NFD.String("業務/ガイド[1].csv"), 30), entry(5, "smb://fs01/share", "Readme.TXT", 40), entry(6, "smb://fs01/share", "総務/古い/控え.zip", 50),
		entry(6, "smb://fs01/share", "総務/控え.zip", 50), // where it lay before
	}
}

// TestMatch has paths as they are written by those who find them.
func TestMatch(t *testing.T) {
	for line, want := range map[string]struct {
		files []int64
		how   How
	}{
		`\\fs01\share\総務\名簿.xlsx`:                                  {[]int64{1}, HowExact},
		`\\?\UNC\fs01\share\総務\名簿.xlsx`:                            {[]int64{1}, HowExact},
		`smb://fs01/share/総務/名簿.xlsx`:                              {[]int64{1}, HowExact},
		`smb://DOM;user@fs01:445/share/%E7%B7%8F%E5%8B%99/名簿.xlsx`: {[]int64{1}, HowExact},
		`"\\FS01\Share\総務\名簿.XLSX"`:                                {[]int64{1}, HowExact},
		`総務\名簿.xlsx`:                                               {[]int64{1, 3}, HowBelow},
		`Z:\総務\名簿 (2).xlsx`:                                        {[]int64{2}, HowBelow},
		`D:\evidence\fs01\総務\名簿 (2).xlsx`:                          {[]int64{2}, HowCopied},
		`\\10.1.2.3\share\Readme.TXT`:                              {[]int64{5}, HowCopied},
		`名簿 (2).xlsx`:                                              {[]int64{2}, HowEnd},
		`/srv/data/業務/ガイド[1].csv`:                                  {[]int64{4}, HowExact},
		norm.NFD.String(`C:\srv\data\業務\ガイド[1].csv`):               {[]int64{4}, HowExact},
		`\\fs01\share\総務\*.xlsx`:                                   {[]int64{1, 2}, HowPattern},
		`業務/*[1].csv`:                                              {[]int64{4}, HowPattern},
		`**/README.txt`:                                            {[]int64{5}, HowPattern},
		`\\fs01\share\総務\控え.zip`:                                   {[]int64{6}, HowExact},
		"x.bin\t20\t2026-05-20T05:04:06Z":                          {[]int64{2}, HowSizeTime},
		"名簿.xlsx\t10\t2026-05-20T04:04:05Z":                        {[]int64{1}, HowExact},
		"\t40\t2026-05-20T08:04:05Z":                               {[]int64{5}, HowSizeTime},
		`\\fs01\share\総務\名簿`:                                       {nil, HowNot},
		`\\fs09\elsewhere\Readme.TXT`:                              {nil, HowNot},
		`簿.xlsx`:                                                   {nil, HowNot},
		"x.bin\t20\t2026-05-20T05:05:06Z":                          {nil, HowNot},
	} {
		parsed, err := ParseLine(line)
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		m := NewMatcher([]Line{parsed})
		for _, l := range listed() {
			m.File(l)
		}
		files, unmatched := m.Result()
		var ids []int64
		how := HowNot
		for _, f := range files {
			ids, how = append(ids, f.File), f.How
			if f.Several != (len(files) > 1 && !parsed.wild) {
				t.Errorf("%q: several %v of %d", line, f.Several, len(files))
			}
		}
		if !slices.Equal(ids, want.files) || how != want.how || (len(unmatched) == 1) != (len(want.files) == 0) {
			t.Errorf("%q: files %v %s, unmatched %q; want %v %s", line, ids, how, unmatched, want.files, want.how)
		}
	}
}

// TestMatchOnce counts a file once that two lines mean, by the better of them.
func TestMatchOnce(t *testing.T) {
	lines, err := ReadLines(strings.NewReader("\uFEFF総務/*.xlsx\r\n\r\n\\\\fs01\\share\\総務\\名簿.xlsx\r\nmissing.txt\r\n"))
	if err != nil || len(lines) != 3 {
		t.Fatalf("%v, %v", lines, err)
	}
	m := NewMatcher(lines)
	for _, l := range listed() {
		m.File(l)
	}
	files, unmatched := m.Result()
	if len(files) != 3 || files[0].File != 1 || files[0].How != HowExact || files[1].How != HowPattern || !slices.Equal(unmatched, []string{"missing.txt"}) {
		t.Errorf("%+v, %v", files, unmatched)
	}
}

func TestReadLinesOfWindows(t *testing.T) {
	text, err := japanese.ShiftJIS.NewEncoder().String(`\\fs01\share\総務\能表.xlsx`) // whose second bytes are backslashes
	if err != nil {
		t.Fatal(err)
	}
	lines, err := ReadLines(strings.NewReader(text + "\r\n"))
	if err != nil || !slices.Equal(lines[0].Parts, []string{"fs01", "share", "総務", "能表.xlsx"}) {
		t.Errorf("%+v, %v", lines, err)
	}
	for _, bad := range []string{"a\tmany\t2026-05-20", "a\t1\tyesterday", `\\`} {
		if _, err := ReadLines(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
