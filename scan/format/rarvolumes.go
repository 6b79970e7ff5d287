package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// joinRar makes one archive of the volumes of a set: the headers of files that
// were cut are written anew for all of their data. It returns nil if a volume is
// missing, and for a set of which some file is locked by its headers, since the
// verdict on that needs no sibling.
func joinRar(f *mainVolume, set numbering) *joined {
	first := newRarArchive(f, f.Size())
	if first.begin() != nil || first.sealed || !first.volume { // most are no volumes: one header tells
		return nil
	}
	if first.walk(context.Background()) != nil || first.protection().Verdict.Closed() {
		return nil
	}
	j := &rarJoin{old: first.old}
	more, err := j.volume(first)
	for n := set.n + 1; err == nil && more && n <= volumesMax; n++ {
		var next *io.SectionReader
		if next, err = f.sibling(set.name(n)); err == nil {
			more, err = j.volume(newRarArchive(next, next.Size()))
		}
	}
	if err != nil || more || j.pending != nil {
		return nil
	}
	j.end()
	return &j.out
}

// A rarJoin writes the archive that a set of volumes is.
type rarJoin struct {
	out     joined
	old     bool // version 4
	begun   bool
	pending []piece // data of the file that goes on in the next volume; nil if none
}

// volume adds one volume and reports whether another follows.
func (j *rarJoin) volume(a *rarArchive) (more bool, err error) {
	if a.begin() != nil || a.old != j.old || a.sealed {
		return false, malformed("rar: volume of another set")
	}
	if !j.begun {
		j.begun = true
		j.bytes(j.main(a))
	}
	err = a.each(context.Background(), func(off int64, b rarBlock) error {
		more = more || b.after
		if !b.isFile {
			return nil
		}
		if b.before != (j.pending != nil) {
			return malformed("rar: volume of another set")
		}
		j.pending = append(j.pending, piece{a.src, off + b.size, b.data})
		if b.after {
			return nil
		}
		total := int64(0)
		for _, p := range j.pending {
			total += p.size
		}
		header, err := a.read(off, int(b.size))
		if err != nil {
			return err
		}
		if j.old {
			header, err = rar4Whole(header, total)
		} else {
			header, err = rar5Whole(header, total)
		}
		if err != nil {
			return err
		}
		j.bytes(header)
		for _, p := range j.pending {
			j.out.add(p)
		}
		j.pending = nil
		return nil
	})
	return more, err
}

func (j *rarJoin) bytes(b []byte) { j.out.add(piece{bytes.NewReader(b), 0, int64(len(b))}) }

// main returns the mark and a main header that says nothing of volumes.
func (j *rarJoin) main(a *rarArchive) []byte {
	const solid4, solid5 = 0x0008, 0x04
	if j.old {
		return append([]byte(rar4Magic), rar4Sum(binary.LittleEndian.AppendUint16(
			[]byte{0, 0, 0x73, byte(a.flags) & solid4, 0}, 13), make([]byte, 6)...)...)
	}
	return append([]byte(rar5Magic), rar5Sum([]byte{1, 0, byte(a.flags) & solid5})...)
}

func (j *rarJoin) end() {
	if j.old {
		j.bytes(rar4Sum([]byte{0, 0, 0x7B, 0x00, 0x40, 7, 0}))
	} else {
		j.bytes(rar5Sum([]byte{5, 0, 0}))
	}
}

// rar4Sum completes a block and fills in its sum.
func rar4Sum(block []byte, rest ...byte) []byte {
	block = append(block, rest...)
	binary.LittleEndian.PutUint16(block, uint16(crc32.ChecksumIEEE(block[2:])))
	return block
}

// rar5Sum puts size and sum before a header.
func rar5Sum(header []byte) []byte {
	header = append(binary.AppendUvarint(nil, uint64(len(header))), header...)
	return append(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(header)), header...)
}

// rar4Whole makes the header of a last part that of the whole file.
func rar4Whole(header []byte, size int64) ([]byte, error) {
	const split, large = 0x0003, 0x0100
	flags := binary.LittleEndian.Uint16(header[3:])
	switch {
	case flags&large != 0:
		binary.LittleEndian.PutUint32(header[32:], uint32(size>>32))
	case size >= 1<<32:
		return nil, malformed("rar: size of a file")
	}
	binary.LittleEndian.PutUint16(header[3:], flags&^split)
	binary.LittleEndian.PutUint32(header[7:], uint32(size))
	return rar4Sum(header), nil
}

// rar5Whole does the same for the newer layout.
func rar5Whole(header []byte, size int64) ([]byte, error) {
	const extra, data, split = 0x01, 0x02, 0x18
	_, width := binary.Uvarint(header[4:])
	p := &rarNumbers{left: header[4+width:]}
	kind, flags := p.number(), p.number()
	if p.short || flags&data == 0 {
		return nil, malformed("rar: part of a file without data")
	}
	out := binary.AppendUvarint(binary.AppendUvarint(nil, kind), flags&^split)
	if flags&extra != 0 {
		out = binary.AppendUvarint(out, p.number())
	}
	p.number() // the size of this part
	return rar5Sum(append(binary.AppendUvarint(out, uint64(size)), p.left...)), nil
}
