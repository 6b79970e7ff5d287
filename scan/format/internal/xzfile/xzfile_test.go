package xzfile

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"

	"github.com/kagiban/kagiban/scan"
)

// memory counts what is asked for and given back.
type memory struct {
	asked []int64
	held  int64
	most  int64
}

func (m *memory) reserve(n int64) (func(), error) {
	if n > m.most && m.most > 0 {
		return nil, &scan.LimitError{Limit: "memory"}
	}
	m.asked = append(m.asked, n)
	m.held += n
	return func() { m.held -= n }, nil
}

func packed(t testing.TB, c xz.WriterConfig, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := c.NewWriter(&b)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpack(data []byte, size int64, m *memory) ([]byte, error) {
	r := NewReader(bytes.NewReader(data), size, m.reserve)
	defer r.Close()
	return io.ReadAll(r)
}

func corpus(t testing.TB) [][]byte {
	t.Helper()
	text := []byte(strings.Repeat("1234-567890 some text\n", 5000))
	var list [][]byte
	for _, check := range []byte{xz.CRC32, xz.CRC64, xz.SHA256} {
		list = append(list, packed(t, xz.WriterConfig{CheckSum: check}, text))
	}
	list = append(list, packed(t, xz.WriterConfig{NoCheckSum: true}, text), packed(t, xz.WriterConfig{BlockSize: 1000}, text), packed(t, xz.WriterConfig{}, nil))
	two := slices.Concat(list[0], make([]byte, 8), list[1])
	list = append(list, two, append(bytes.Clone(two), 0, 0, 0, 0))
	names, err := filepath.Glob("../../../../testdata/formats/xz/*.xz")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, data)
	}
	return list
}

// What comes out is what the library's own reader gives, and what that refuses
// is refused.
func TestAsTheLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for i, data := range corpus(t) {
		for n := range 150 {
			damaged := bytes.Clone(data)
			switch {
			case n == 0:
			case n%4 == 0:
				damaged = damaged[:random.IntN(len(damaged))]
			default:
				damaged[random.IntN(len(damaged))] ^= 1 << random.IntN(8)
			}
			if declared(damaged) > 1<<20 && n > 0 {
				continue // the library would make room for it
			}
			var want []byte
			r, werr := xz.NewReader(bytes.NewReader(damaged))
			if werr == nil {
				want, werr = io.ReadAll(r)
			}
			got, err := unpack(damaged, -1, &memory{})
			if werr != nil && err == nil || werr == nil && err != nil && !cutHeader(damaged) {
				t.Fatalf("file %d, damage %d: %v, the library says %v", i, n, err, werr)
			}
			if werr == nil && err == nil && !bytes.Equal(got, want) {
				t.Fatalf("file %d, damage %d: other bytes", i, n)
			}
		}
	}
}

// cutHeader recognises what the library takes for the end of a file: a stream header
// that breaks off behind its first four bytes, or an index without a footer.
func cutHeader(data []byte) bool {
	return !bytes.HasSuffix(bytes.TrimRight(data, "\x00"), []byte("YZ"))
}

// declared returns the largest dictionary that something like a block header names.
func declared(data []byte) int64 {
	var most int64
	for i := 0; i+3 < len(data); i++ {
		if data[i] == filterLZMA && data[i+1] == 1 && data[i+2] <= dictCodes {
			most = max(most, (2|int64(data[i+2])&1)<<(data[i+2]/2+11))
		}
	}
	return most
}

// Each block asks for its dictionary, for no more than is known to come out, and
// all is returned.
func TestMemoryIsAskedFor(t *testing.T) {
	text := bytes.Repeat([]byte("text "), 1000)
	small := packed(t, xz.WriterConfig{DictCap: 1 << 20}, text)
	large := withDictionary(t, packed(t, xz.WriterConfig{DictCap: 1 << 20}, text), 30) // 128 MiB
	for _, c := range []struct {
		name string
		data []byte
		size int64
		most int64
		want []int64 // nil: refused
	}{
		{"as declared", small, -1, 0, []int64{1 << 20}},
		{"a large one", large, -1, 0, []int64{128 << 20}},
		{"no more than comes out", large, int64(len(text)), 0, []int64{int64(len(text))}},
		{"nothing comes out", packed(t, xz.WriterConfig{}, nil), 0, 0, []int64{lzma.MinDictCap}},
		{"a later stream", slices.Concat(small, large), -1, 0, []int64{1 << 20, 128 << 20}},
		{"blocks alike", packed(t, xz.WriterConfig{DictCap: 1 << 20, BlockSize: 100}, text), -1, 0, []int64{1 << 20}},
		{"more than there is", slices.Concat(small, large), -1, 2 << 20, nil},
	} {
		m := &memory{most: c.most}
		r := NewReader(bytes.NewReader(c.data), c.size, m.reserve)
		got, err := io.ReadAll(r)
		if cerr := r.Close(); cerr != nil || m.held != 0 {
			t.Errorf("%s: %d bytes are held after Close, %v", c.name, m.held, cerr)
		}
		var limit *scan.LimitError
		if c.want == nil {
			if !errors.As(err, &limit) || len(got) != len(text) {
				t.Errorf("%s: %d bytes, %v; want those of the first stream and the limit", c.name, len(got), err)
			}
			continue
		}
		if err != nil || !slices.Equal(m.asked, c.want) {
			t.Errorf("%s: asked for %v, want %v; %v", c.name, m.asked, c.want, err)
		}
	}
}

// withDictionary writes another dictionary size into the only block header.
func withDictionary(t *testing.T, data []byte, code byte) []byte {
	t.Helper()
	data = bytes.Clone(data)
	head := data[headerSize:]
	head = head[:(int(head[0])+1)*4]
	at := bytes.Index(head, []byte{filterLZMA, 1})
	if at < 0 {
		t.Fatal("no filter")
	}
	head[at+2] = code
	sum := crc32.ChecksumIEEE(head[:len(head)-4])
	for i := range 4 {
		head[len(head)-4+i] = byte(sum >> (8 * i))
	}
	return data
}

// The library's decoder takes what is asked for and little more.
func TestWhatTheLibraryTakes(t *testing.T) {
	for _, n := range []int{1 << 20, 16 << 20} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := (lzma.Reader2Config{DictCap: n}).NewReader2(bytes.NewReader([]byte{0})); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		got := int64(after.TotalAlloc - before.TotalAlloc)
		if got > int64(n)+64<<10 {
			t.Errorf("a dictionary of %d bytes takes %d", n, got)
		}
	}
}
