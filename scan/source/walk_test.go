package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
)

// endless is a tree in which each folder holds a file and a folder of another
// identity: a loop that nothing shows.
type endless struct{}

func (endless) list(_ context.Context, dir string) ([]item, pages, error) {
	return []item{
		{Entry: scan.Entry{Path: "f"}},
		{Entry: scan.Entry{Path: "d"}, folder: true, raw: "d", same: identity{id: uint64(len(dir) + 1)}},
	}, nil, nil
}

func TestWalkEndsInAnEndlessTree(t *testing.T) {
	files, links := 0, 0
	w := walker{lister: endless{}, visit: func(_ scan.Entry, err error) error {
		if errors.Is(err, scan.ErrLink) {
			links++
		} else {
			files++
		}
		return nil
	}}
	if err := w.walk(t.Context(), identity{}, ""); err != nil || files != maxDepth+1 || links != 1 {
		t.Errorf("walk = %v, %d files, %d links; want %d files and 1 link", err, files, links, maxDepth+1)
	}
}

// Two file systems mounted below each other may both number their roots 2.
func TestWalkTakesEqualNumbersForOneFolderOnlyWithEqualTimes(t *testing.T) {
	for _, tt := range []struct {
		below identity
		loop  bool
	}{{identity{2, 100}, true}, {identity{2, 101}, false}, {identity{3, 100}, false}, {identity{0, 100}, false}} {
		var got []string
		w := walker{lister: mounted(tt.below), visit: func(e scan.Entry, err error) error {
			got = append(got, fmt.Sprint(e.Path, " ", err != nil))
			return nil
		}}
		if err := w.walk(t.Context(), identity{2, 100}, ""); err != nil {
			t.Fatal(err)
		}
		want := []string{"mnt/f false"}
		if tt.loop {
			want = []string{"mnt true"}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.below, diff)
		}
	}
}

type mounted identity

func (m mounted) list(_ context.Context, dir string) ([]item, pages, error) {
	if dir == "" {
		return []item{{Entry: scan.Entry{Path: "mnt"}, folder: true, raw: "mnt", same: identity(m)}}, nil, nil
	}
	return []item{{Entry: scan.Entry{Path: "f"}}}, nil, nil
}

// paged is a large folder whose listing breaks off, or does not.
type paged struct {
	n      int
	fails  error
	closed int
}

func (p *paged) list(_ context.Context, dir string) ([]item, pages, error) {
	if dir != "" {
		return nil, nil, nil
	}
	first, _ := p.next()
	return first, p, nil
}

func (p *paged) next() (items []item, err error) {
	if p.n++; p.n == 4 {
		if p.fails != nil {
			return nil, p.fails
		}
		return nil, io.EOF
	}
	for i := range 3 {
		name := fmt.Sprintf("%d-%d", p.n, 2-i)
		items = append(items, item{Entry: scan.Entry{Path: name}, raw: name, folder: i == 1})
	}
	return items, nil
}

func (p *paged) Close() error { p.closed++; return nil }

func TestWalkOfLargeFolder(t *testing.T) {
	for _, fails := range []error{nil, errors.New("line cut")} {
		p := &paged{fails: fails}
		var got []string
		w := walker{lister: p, prefix: "share", target: "t", visit: func(e scan.Entry, err error) error {
			if e.Target != "t" {
				t.Errorf("Target = %q", e.Target)
			}
			line := e.Path
			if err != nil {
				line += fmt.Sprintf(" folder=%v %v", e.Folder, err)
			}
			got = append(got, line)
			return nil
		}}
		if err := w.walk(t.Context(), identity{}, ""); err != nil {
			t.Fatal(err)
		}
		want := strings.Fields("share/1-0 share/1-2 share/2-0 share/2-2 share/3-0 share/3-2")
		if fails != nil {
			want = append(want, "share folder=true the rest of a large folder could not be listed: line cut")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if p.closed != 1 {
			t.Errorf("the folder was closed %d times", p.closed)
		}
	}
}

// web is a server that resolves links: a number of folders, each with a file and
// a link to every other one.
type web int

func (n web) list(_ context.Context, dir string) ([]item, pages, error) {
	items := []item{{Entry: scan.Entry{Path: "f"}}}
	for i := range int(n) {
		name := string(rune('a' + i))
		if !strings.HasSuffix(dir, name) {
			items = append(items, item{Entry: scan.Entry{Path: name}, folder: true, raw: name, same: identity{uint64(i) + 1, 7}})
		}
	}
	return items, nil, nil
}

// Without a bound of the visits this walk would tell some 10^9 paths.
func TestWalkEndsAmongFoldersThatLeadToOneAnother(t *testing.T) {
	files, met := 0, map[string]bool{}
	w := walker{lister: web(12), visit: func(e scan.Entry, err error) error {
		var skip *scan.SkipError
		switch {
		case err == nil:
			files++
			met[path.Base(path.Dir(e.Path))] = true
		case !errors.As(err, &skip) || skip.Rule != scan.RuleLoop:
			t.Errorf("%s: %v", e.Path, err)
		}
		return nil
	}}
	if err := w.walk(t.Context(), identity{99, 7}, ""); err != nil || files > 1+12*maxVisits || len(met) != 13 {
		t.Errorf("walk = %v, %d files in %d folders; want at most %d in 13", err, files, len(met), 1+12*maxVisits)
	}
}
