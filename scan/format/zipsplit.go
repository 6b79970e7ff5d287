package format

import (
	"bytes"
	"encoding/binary"
	"io"
)

// The split archive (APPNOTE section 8): places are written as the number of a
// volume and an offset in it, and the directory lies in the last one.

const zipEndSize = 22

// sized is bytes with a length.
type sized interface {
	io.ReaderAt
	Size() int64
}

// zipEnd reads the end record (section 4.3.16) and returns its place; nil if there
// is none.
func zipEnd(r sized) ([]byte, int64) {
	tail := make([]byte, min(r.Size(), zipEndSize+1<<16))
	from := r.Size() - int64(len(tail))
	if _, err := r.ReadAt(tail, from); err != nil && err != io.EOF {
		return nil, 0
	}
	for at := len(tail); at >= 0; {
		if at = bytes.LastIndex(tail[:at], []byte("PK\x05\x06")); at < 0 {
			break
		}
		if len(tail)-at >= zipEndSize && int(binary.LittleEndian.Uint16(tail[at+20:])) == len(tail)-at-zipEndSize {
			return tail[at:], from + int64(at)
		}
	}
	return nil, 0
}

// zipDisks returns how many volumes the archive has that ends in r; 0 if none does.
func zipDisks(r sized) int {
	end, _ := zipEnd(r)
	if end == nil {
		return 0
	}
	n := int(binary.LittleEndian.Uint16(end[4:]))
	if n == 0xFFFF { // the zip64 record says it; none has so many
		return 0
	}
	return n + 1
}

// joinZip joins a set at its last volume. The places in the directory are
// rewritten as if the archive had never been cut.
func joinZip(f *mainVolume, set numbering) *joined {
	end, endAt := zipEnd(f)
	disks := zipDisks(f)
	if end == nil || disks < 2 || disks > volumesMax {
		return nil
	}
	whole := newJoined()
	for n := 1; n < disks; n++ {
		next, err := f.sibling(set.name(n))
		if err != nil {
			return nil
		}
		whole.add(piece{next, 0, next.Size()})
	}
	whole.add(piece{f, 0, endAt})
	le := binary.LittleEndian
	disk, size := int(le.Uint16(end[6:])), int64(le.Uint32(end[12:]))
	if disk >= disks || size > zipDirectoryMax {
		return nil
	}
	start := whole.starts[disk] + int64(le.Uint32(end[16:]))
	directory := make([]byte, size)
	if start+size > whole.size {
		return nil
	}
	if _, err := whole.ReadAt(directory, start); err != nil || !rebase(directory, whole.starts) {
		return nil
	}
	out := newJoined()
	for i, p := range whole.pieces { // what stands before the directory
		p.size = max(0, min(p.size, start-whole.starts[i]))
		out.add(p)
	}
	if start >= 1<<32-1 {
		return nil
	}
	last := append([]byte("PK\x05\x06\x00\x00\x00\x00"), end[10], end[11], end[10], end[11])
	last = le.AppendUint32(le.AppendUint32(last, uint32(size)), uint32(start))
	directory = append(append(directory, last...), 0, 0)
	out.add(piece{bytes.NewReader(directory), 0, int64(len(directory))})
	return out
}

const zipDirectoryMax = 32 << 20

// rebase makes the places of all entries count from the start of the set
// (section 4.3.12). An entry that tells its place in a zip64 field is not read.
func rebase(directory []byte, starts []int64) bool {
	le := binary.LittleEndian
	for d := directory; len(d) > 0; {
		if len(d) < 46 || string(d[:4]) != "PK\x01\x02" {
			return false
		}
		size := 46 + int(le.Uint16(d[28:])) + int(le.Uint16(d[30:])) + int(le.Uint16(d[32:]))
		disk := int(le.Uint16(d[34:]))
		if size > len(d) || disk >= len(starts) || le.Uint32(d[42:]) == 0xFFFFFFFF {
			return false
		}
		at := starts[disk] + int64(le.Uint32(d[42:]))
		if at >= 1<<32-1 {
			return false
		}
		le.PutUint16(d[34:], 0)
		le.PutUint32(d[42:], uint32(at))
		d = d[size:]
	}
	return true
}
