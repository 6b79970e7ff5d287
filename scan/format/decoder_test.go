package format

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz/lzma"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

// zstdFrame is a frame of one raw block under a window, or under its size alone.
func zstdFrame(t testing.TB, window int, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(text, 1000) { // not known to be all: no size is written
		_, err := w.Write(part)
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Each frame asks for its window before the decoder sees its header, and what
// comes out is what the decoder yields without.
func TestZstdFramesAskForMemory(t *testing.T) {
	text := bytes.Repeat([]byte("1234-567890 text "), 500)
	small, large := zstdFrame(t, 1<<20, text), zstdFrame(t, 32<<20, text)
	skipped := append([]byte{0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0}, "abc"...)
	whole, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	single := whole.EncodeAll(text, nil) // one segment: its size is its window
	for _, c := range []struct {
		name string
		data []byte
		most int64
		want []int64
	}{
		{"one", small, 1 << 30, []int64{1<<20 + zstdRoom}},
		{"a single segment", single, 1 << 30, []int64{int64(len(text)) + zstdRoom}},
		{"a later one is larger", slices.Concat(small, skipped, large), 1 << 30, []int64{1<<20 + zstdRoom, 31 << 20}},
		{"a later one is smaller", slices.Concat(large, small, single), 1 << 30, []int64{32<<20 + zstdRoom}},
		{"more than there is", slices.Concat(small, large), 4 << 20, nil},
	} {
		var asked []int64
		held := int64(0)
		frames := &zstdFrames{r: newBuffered(c.data), reserve: func(n int64) (func(), error) {
			if held+n > c.most {
				return nil, &scan.LimitError{Limit: "memory"}
			}
			asked, held = append(asked, n), held+n
			return func() { held -= n }, nil
		}}
		d, err := zstd.NewReader(frames, zstd.WithDecoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(d)
		d.Close()
		frames.close()
		var limit *scan.LimitError
		switch {
		case held != 0:
			t.Errorf("%s: %d bytes are held after close", c.name, held)
		case c.want == nil:
			if !errors.As(err, &limit) || !bytes.Equal(got, text) {
				t.Errorf("%s: %d bytes, %v; want those of the first frame and the limit", c.name, len(got), err)
			}
		case err != nil || !slices.Equal(asked, c.want) || len(got) != len(text)*strings.Count(string(c.data), "\x28\xB5\x2F\xFD"):
			t.Errorf("%s: asked for %v, want %v; %d bytes, %v", c.name, asked, c.want, len(got), err)
		}
	}
}

// What the walk over frames passes on is the file, byte for byte, also a damaged one.
func TestZstdFramesPassAllOn(t *testing.T) {
	names, err := filepath.Glob("../../testdata/formats/zstd/*.zst")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range min(len(data), 300) {
			for _, damaged := range [][]byte{data[:i], append(append(bytes.Clone(data[:i]), data[i]^0xFF), data[i+1:]...)} {
				z := &zstdFrames{r: newBuffered(damaged), reserve: func(int64) (func(), error) { return func() {}, nil }}
				got, err := io.ReadAll(z)
				if err != nil || !bytes.Equal(got, damaged) {
					t.Fatalf("%s, damaged at %d: %d of %d bytes, %v", name, i, len(got), len(damaged), err)
				}
			}
		}
	}
}

func newBuffered(data []byte) *bufio.Reader { return bufio.NewReaderSize(bytes.NewReader(data), 16) }

// The decoder of Zstandard takes the window and what zstdRoom says, and not twice that.
func TestZstdTakesItsWindow(t *testing.T) {
	const window = 16 << 20
	data := zstdFrame(t, window, bytes.Repeat([]byte("x"), 100_000))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r, err := newZstd(testFile(t, data), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if got := int64(after.TotalAlloc - before.TotalAlloc); got > window+zstdRoom+4<<20 {
		t.Errorf("a window of %d bytes takes %d", window, got)
	}
}

// An LZMA entry of a zip takes no more than it yields, whatever its properties say.
func TestZipLZMAWindow(t *testing.T) {
	text := bytes.Repeat([]byte("text "), 1000)
	var b bytes.Buffer
	w, err := lzma.WriterConfig{DictCap: 1 << 16, SizeInHeader: true, Size: int64(len(text))}.NewWriter(&b)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	head := []byte{9, 20, 5, 0, b.Bytes()[0], 0, 0, 0, 0xF0} // a dictionary of 4 GB
	data := append(head, b.Bytes()[13:]...)
	f, err := scantest.NewFile(context.Background(), "x", bytes.NewReader(nil), 0, scan.Limits{Decoder: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	e := &zip.File{FileHeader: zip.FileHeader{Method: zipLZMA, UncompressedSize64: uint64(len(text))}}
	r, err := zipDecode(f, e, zipLZMA, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, text) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	e.UncompressedSize64 = 1 << 40
	var limit *scan.LimitError
	if _, err := zipDecode(f, e, zipLZMA, bytes.NewReader(data)); !errors.As(err, &limit) {
		t.Errorf("4 GB are asked for: %v", err)
	}
}

// The folders of a 7z are refused by what their coders take.
func TestSevenFoldersThatFit(t *testing.T) {
	size := func(n uint32) []byte { return binary.LittleEndian.AppendUint32([]byte{0x5D}, n) }
	for _, c := range []struct {
		name   string
		coders []sevenCoder
		most   uint64
		want   error // nil: it fits
	}{
		{"LZMA2, 128 MiB", []sevenCoder{{sevenCoderLZMA2, []byte{30}}}, 1 << 40, nil},
		{"LZMA2, 192 MiB", []sevenCoder{{sevenCoderLZMA2, []byte{31}}}, 1 << 40, &scan.LimitError{}},
		{"LZMA2, 4 GiB", []sevenCoder{{sevenCoderLZMA2, []byte{40}}}, 10, &scan.LimitError{}},
		{"LZMA, 128 MiB", []sevenCoder{{sevenCoderLZMA, size(128 << 20)}}, 1 << 40, nil},
		{"LZMA, a byte more", []sevenCoder{{sevenCoderLZMA, size(128<<20 + 1)}}, 1 << 40, &scan.LimitError{}},
		{"LZMA, which yields little", []sevenCoder{{sevenCoderLZMA, size(1 << 31)}}, 1 << 20, nil},
		{"PPMd, 128 MiB", []sevenCoder{{sevenCoderPPMd, size(128 << 20)}}, 10, nil},
		{"PPMd, 4 GB", []sevenCoder{{sevenCoderPPMd, size(1<<32 - 1)}}, 10, &scan.LimitError{}},
		{"two together", []sevenCoder{{sevenCoderLZMA2, []byte{28}}, {sevenCoderPPMd, size(65 << 20)}}, 10, &scan.LimitError{}},
		{"delta 255", []sevenCoder{{sevenCoderDelta, []byte{254}}, {sevenCoderLZMA2, []byte{20}}}, 10, nil},
		{"delta 256", []sevenCoder{{sevenCoderDelta, []byte{255}}, {sevenCoderLZMA2, []byte{20}}}, 10, scan.ErrUnsupported},
		{"others", []sevenCoder{{sevenCoderCopy, nil}, {"\x04\x02\x02", nil}}, 1 << 40, nil},
	} {
		f := sevenFolder{most: c.most}
		for _, coder := range c.coders {
			f.takes(coder)
		}
		err := f.fits()
		var limit *scan.LimitError
		if _, wantsLimit := c.want.(*scan.LimitError); (err == nil) != (c.want == nil) || wantsLimit != errors.As(err, &limit) || !wantsLimit && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}
