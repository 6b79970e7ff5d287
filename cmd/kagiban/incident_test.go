package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/sample"
)

// impactSums is what a test reads of the first line of an impact.
type impactSums struct {
	Files         int64
	Records       int64
	Persons       int64
	Classes       scan.Classes
	PersonClasses scan.Classes     `json:"person_classes"`
	Prefectures   map[string]int64 `json:"prefectures"`
	PersonPlaces  map[string]int64 `json:"person_prefectures"`
}

type impactHead struct {
	All         impactSums
	Protections []struct {
		Code string
		impactSums
	}
	Kinds map[string]int64
}

// TestIncident rebuilds a leak and asks what it held: with the passwords declared
// all of it comes out, exactly, and without them the open part and the rest as
// unknown. Then each number is looked up, and as many others.
// KAGIBAN_INCIDENT=full does it at the size of 2015 (make bench-incident).
func TestIncident(t *testing.T) {
	size, others := sample.SmallLeak(), 5_000
	if os.Getenv("KAGIBAN_INCIDENT") == "full" {
		size, others = sample.Leak2015(), 1_000_000
	}
	dir, work := t.TempDir(), t.TempDir()
	begin := time.Now()
	lap := func(what string) {
		t.Logf("%s: %.1f s", what, time.Since(begin).Seconds())
		begin = time.Now()
	}
	leak, err := sample.WriteLeak(dir, 2015, size)
	if err != nil {
		t.Fatal(err)
	}
	if leak.Records != (scan.Classes{Two: int64(size.Two), Three: int64(size.Records - size.Two - size.Four), Four: int64(size.Four)}) {
		t.Fatalf("the generator made %+v", leak.Records)
	}
	lap("writing the share")
	list, passwords := filepath.Join(work, "leaked.txt"), filepath.Join(work, "passwords")
	var lines strings.Builder
	for _, p := range leak.Paths {
		lines.WriteString(`\\fs01\share\` + strings.ReplaceAll(p, "/", `\`) + "\r\n")
	}
	for name, text := range map[string]string{list: lines.String(), passwords: sample.LeakPassword + "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, declared := range []bool{false, true} {
		args := []string{"scan", dir, "--progress", "none", "--out", filepath.Join(work, "report"), "--fail-on", "never", "--format", "jsonl"}
		if declared {
			args = append(args, "--try-passwords", passwords)
		}
		if _, stderr, code := program(t, work, args...); code != exitDone {
			t.Fatalf("scan: exit %d\n%s", code, stderr)
		}
		lap(fmt.Sprintf("scan, passwords declared: %v", declared))
		stdout, stderr, code := program(t, work, "impact", "--paths", list, "--out", "-", "--format", "jsonl")
		lap("impact")
		if want := map[bool]int{false: exitIncomplete, true: exitDone}[declared]; code != want {
			t.Errorf("impact: exit %d, want %d\n%s", code, want, stderr)
		}
		var head impactHead
		if err := json.NewDecoder(strings.NewReader(stdout)).Decode(&head); err != nil {
			t.Fatal(err)
		}
		compareImpact(t, leak, size, head, declared)
	}
	lookUpAll(t, work, leak.Numbers, others)
	lap("looking up")
	serveSome(t, work, leak.Numbers)
	noNumberIn(t, work, leak.Numbers[:100])
}

func compareImpact(t *testing.T, leak *sample.Leak, size sample.LeakSize, got impactHead, declared bool) {
	t.Helper()
	want := impactSums{Files: int64(size.Files - size.Protected), Records: int64(size.OpenRecords), Persons: leak.OpenPersons, Classes: leak.Open, PersonClasses: leak.OpenAlone}
	unknown := int64(size.Protected)
	if declared {
		want = impactSums{int64(size.Files), int64(size.Records), int64(size.Persons), leak.Records, leak.Persons, leak.Places, leak.PlacePeople}
		unknown = 0
	} else {
		want.Prefectures, want.PersonPlaces = got.All.Prefectures, got.All.PersonPlaces // the truth has those of all
	}
	if diff := cmp.Diff(want, got.All); diff != "" {
		t.Errorf("declared %v: impact (-truth +got):\n%s", declared, diff)
	}
	if got.Kinds["protected"] != unknown || got.Kinds["found"] != want.Files {
		t.Errorf("declared %v: files %v", declared, got.Kinds)
	}
	if open := got.Protections[0]; open.Code != "open" || open.Records != int64(size.OpenRecords) || open.Persons != leak.OpenPersons || open.Classes != leak.Open {
		t.Errorf("declared %v: open %+v", declared, open)
	}
}

// lookUpAll asks for all numbers of a leak and for others, and counts errors of
// either kind.
func lookUpAll(t *testing.T, work string, numbers []uint64, others int) {
	t.Helper()
	in := map[uint64]bool{}
	var list bytes.Buffer
	for _, v := range numbers {
		in[v] = true
		fmt.Fprintf(&list, "%04d-%06d\n", v/1e6, v%1e6)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for range others {
		v := 100_000_000 + random.Uint64N(8_000_000_000)
		for in[v] || v%1e6 == 0 {
			v++
		}
		fmt.Fprintf(&list, "%010d\n", v)
	}
	var out, errOut bytes.Buffer
	begin := time.Now()
	run([]string{"lookup", "-", "--state", filepath.Join(work, "state.db"), "--key-file", filepath.Join(work, "hash.key")}, &list, &out, &errOut)
	t.Logf("%d numbers looked up, %.0f a second", len(numbers)+others, float64(len(numbers)+others)/time.Since(begin).Seconds())
	counts := map[string]int{}
	lines := bufio.NewScanner(&out)
	lines.Scan() // headings
	for n := 0; lines.Scan(); n++ {
		fields := strings.Split(lines.Text(), "\t")
		want := "not-found"
		if n < len(numbers) {
			want = "found"
		}
		if counts[fields[1]]++; fields[1] != want {
			counts["wrong"]++
		}
	}
	if counts["wrong"] != 0 || counts["found"] != len(numbers) || counts["not-found"] != others {
		t.Errorf("answers: %v\n%s", counts, errOut.String())
	}
}

// serveSome asks the service over a socket, as a call centre does.
func serveSome(t *testing.T, work string, numbers []uint64) {
	t.Helper()
	socket := filepath.Join(work, "s")
	tokens := filepath.Join(work, "token")
	if err := os.WriteFile(tokens, []byte("0123456789abcdef0123\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "lookup", "--serve", "unix:"+socket, "--token-file", tokens, "--rate", "100000",
		"--state", filepath.Join(work, "state.db"), "--key-file", filepath.Join(work, "hash.key"))
	cmd.Env = append(os.Environ(), "KAGIBAN_TEST_SERVE=1")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	for i := 0; ; i++ {
		if _, err := os.Stat(socket); err == nil {
			break
		} else if i == 3000 {
			t.Fatalf("the service does not begin: %s", said.String())
		}
		time.Sleep(10 * time.Millisecond)
	}
	begin := time.Now()
	const asked = 1000
	for i := range asked {
		number, want := numbers[i%len(numbers)], `"result":"found"`
		if i%2 == 1 {
			number, want = 9800_000_000+number%1e6, `"result":"not-found"`
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/lookup", strings.NewReader(fmt.Sprintf(`{"number":"%010d","who":"相談係"}`, number)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer 0123456789abcdef0123")
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(want)) {
			t.Fatalf("question %d: %d %s, %v", i, response.StatusCode, body, err)
		}
	}
	t.Logf("%.0f questions a second served, one after the other", asked/time.Since(begin).Seconds())
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the service ends with %v: %s", err, said.String())
	}
	if err := os.WriteFile(filepath.Join(work, "said"), said.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// noNumberIn looks for numbers, as they are written anywhere, in all that was
// written: the state, logs and reports.
func noNumberIn(t *testing.T, work string, numbers []uint64) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(work, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		for _, v := range numbers {
			for _, form := range []string{"%010d", "%04d-%06d"} {
				number := fmt.Sprintf("%010d", v)
				if form != "%010d" {
					number = fmt.Sprintf(form, v/1e6, v%1e6)
				}
				if bytes.Contains(text, []byte(number)) {
					t.Errorf("%s holds a number", d.Name())
				}
			}
		}
		return err
	})
	if err != nil || files < 4 {
		t.Errorf("%d files, %v", files, err)
	}
}
