package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"path"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan"
)

// The file system UDF (OSTA UDF 2.60 on ECMA-167), as far as a disc image needs
// it: one volume, partitions of type 1. A virtual or metadata partition, as of
// discs that were written bit by bit, is reported as not read. Numbers behind
// "section" are those of ECMA-167, 3rd edition.

const (
	udfBlock  = 2048
	udfAnchor = 256 // block of the anchor (section 3/8.4.2.1)
	udfBlocks = 1 << 16
)

// A udf is a volume that is being walked.
type udf struct {
	file       *scan.File
	partitions []int64 // first block of each partition map; -1: of a kind not read
	seen       map[udfPlace]bool
	records    int
	spare      spareMap
}

// A udfPlace is a block of a partition.
type udfPlace struct {
	partition uint16
	block     uint32
}

// hasUDF looks for the mark of UDF in the volume recognition sequence (section 2/8).
func hasUDF(f *scan.File) bool {
	mark := make([]byte, 6)
	for sector := int64(isoFirst); sector < isoFirst+64; sector++ {
		if _, err := f.ReadAt(mark, sector*isoSector); err != nil {
			return false
		}
		switch string(mark[1:]) {
		case "NSR02", "NSR03":
			return true
		case "CD001", "BEA01", "BOOT2", "CDW02":
		default:
			return false
		}
	}
	return false
}

// tagged reads a block and checks that its descriptor is of some kind (section
// 3/7.2): the sum over the tag has to be right.
func (u *udf) tagged(block int64, kinds ...uint16) ([]byte, uint16, error) {
	b := make([]byte, udfBlock)
	if _, err := u.file.ReadAt(b, block*udfBlock); err != nil && err != io.EOF {
		return nil, 0, err
	}
	sum := byte(0)
	for i, c := range b[:16] {
		if i != 4 {
			sum += c
		}
	}
	kind := binary.LittleEndian.Uint16(b)
	if sum != b[4] {
		return nil, 0, malformed("udf: descriptor at block %d", block)
	}
	for _, want := range kinds {
		if kind == want {
			return b, kind, nil
		}
	}
	if len(kinds) > 0 {
		return nil, 0, malformed("udf: descriptor of kind %d at block %d", kind, block)
	}
	return b, kind, nil
}

// openUDF reads the volume descriptors and returns the place of the root folder.
func openUDF(f *scan.File) (*udf, udfPlace, error) {
	const anchor, partition, logical, last, fileSet = 2, 5, 6, 8, 256
	le := binary.LittleEndian
	u := &udf{file: f, seen: map[udfPlace]bool{}, spare: spareMap{file: f}}
	a, _, err := u.tagged(udfAnchor, anchor)
	if err != nil {
		return nil, udfPlace{}, err
	}
	starts := map[uint16]int64{}
	var volume []byte
	first := int64(le.Uint32(a[20:]))
	for block := first; block < first+min(int64(le.Uint32(a[16:]))/udfBlock, 256); block++ {
		b, kind, err := u.tagged(block)
		if err != nil || kind == last {
			break
		}
		switch kind {
		case partition:
			starts[le.Uint16(b[22:])] = int64(le.Uint32(b[188:]))
		case logical:
			volume = b
		}
	}
	if volume == nil {
		return nil, udfPlace{}, malformed("udf: no logical volume")
	}
	if size := le.Uint32(volume[212:]); size != udfBlock {
		return nil, udfPlace{}, unsupported("udf: blocks of %d bytes", size)
	}
	maps := volume[440:min(440+int64(le.Uint32(volume[264:])), udfBlock)]
	for len(maps) >= 2 && int(maps[1]) >= 2 && int(maps[1]) <= len(maps) {
		start, known := int64(-1), false
		if maps[0] == 1 && len(maps) >= 6 {
			start, known = starts[le.Uint16(maps[4:])]
		}
		if !known {
			start = -1
		}
		u.partitions = append(u.partitions, start)
		maps = maps[maps[1]:]
	}
	set, err := u.block(udfLong(volume[248:]))
	if err != nil {
		return nil, udfPlace{}, err
	}
	b, _, err := u.tagged(set, fileSet)
	if err != nil {
		return nil, udfPlace{}, err
	}
	root := udfLong(b[400:])
	_, err = u.block(root)
	return u, root, err
}

// udfLong reads the place in a long allocation descriptor (section 4/14.14.2).
func udfLong(b []byte) udfPlace {
	return udfPlace{binary.LittleEndian.Uint16(b[8:]), binary.LittleEndian.Uint32(b[4:])}
}

// block returns a place as a block of the image.
func (u *udf) block(at udfPlace) (int64, error) {
	if int(at.partition) >= len(u.partitions) {
		return 0, malformed("udf: partition %d", at.partition)
	}
	start := u.partitions[at.partition]
	if start < 0 {
		return 0, unsupported("udf: virtual or metadata partition")
	}
	return start + int64(at.block), nil
}

// entry returns the content to which a file entry leads (sections 4/14.9 and
// 4/14.17).
func (u *udf) entry(at udfPlace) (*joined, error) {
	const fileEntry, extended = 261, 266
	block, err := u.block(at)
	if err != nil {
		return nil, err
	}
	b, kind, err := u.tagged(block, fileEntry, extended)
	if err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	head, lengths := 176, 168
	if kind == extended {
		head, lengths = 216, 208
	}
	attributes, size := int64(le.Uint32(b[lengths:])), int64(le.Uint32(b[lengths+4:]))
	if attributes+size > int64(udfBlock-head) {
		return nil, malformed("udf: file entry breaks off")
	}
	descriptors := b[int64(head)+attributes:][:size]
	length := le.Uint64(b[56:])
	if length > uint64(u.file.Size()) {
		return nil, unsupported("udf: file longer than the image")
	}
	content := newJoined()
	if le.Uint16(b[34:])&7 == 3 { // the content itself stands here
		content.add(piece{bytes.NewReader(descriptors), 0, min(size, int64(length))})
		return content, nil
	}
	if err := u.extents(content, descriptors, at.partition, le.Uint16(b[34:])&7, int64(length)); err != nil {
		return nil, err
	}
	if content.size < int64(length) {
		return nil, malformed("udf: file without some of its content")
	}
	return content, nil
}

// extents reads allocation descriptors, short (kind 0) or long (kind 1), of
// which more may follow in another block (section 4/14.5).
func (u *udf) extents(content *joined, descriptors []byte, partition, kind uint16, length int64) error {
	const more, allocation = 3, 258
	le := binary.LittleEndian
	width := 8
	switch kind {
	case 0:
	case 1:
		width = 16
	default:
		return unsupported("udf: allocation descriptors of kind %d", kind)
	}
	for n := 0; len(descriptors) >= width && content.size < length; n++ {
		at := udfPlace{partition, le.Uint32(descriptors[4:])}
		if width == 16 {
			at = udfLong(descriptors)
		}
		size, state := int64(le.Uint32(descriptors)&(1<<30-1)), le.Uint32(descriptors)>>30
		descriptors = descriptors[width:]
		if size == 0 || n > udfBlocks {
			break
		}
		block, err := u.block(at)
		switch {
		case err != nil:
			return err
		case state == more:
			b, _, err := u.tagged(block, allocation)
			if err != nil {
				return err
			}
			descriptors = b[24:min(24+int64(le.Uint32(b[20:])), udfBlock)]
			continue
		case state != 0:
			return unsupported("udf: file with holes")
		case block*udfBlock+size > u.file.Size()+udfBlock-1:
			return malformed("udf: file lies past the end of the image")
		}
		content.add(piece{u.file, block * udfBlock, min(size, length-content.size)})
	}
	return nil
}

// folder goes through the file identifiers of a folder (section 4/14.4).
func (u *udf) folder(ctx context.Context, out scan.Sink, dir string, at udfPlace, depth int) error {
	if u.seen[at] {
		return nil
	}
	u.seen[at] = true
	if depth > isoDepth {
		return &scan.LimitError{Limit: "depth"}
	}
	content, err := u.entry(at)
	if err != nil {
		return err
	}
	if content.size > udfBlocks*udfBlock {
		return malformed("udf: folder of %d bytes", content.size)
	}
	list := bufio.NewReader(io.NewSectionReader(content, 0, content.size))
	const identifier, isFolder, gone, parent = 257, 2, 4, 8
	le := binary.LittleEndian
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		head, err := list.Peek(39)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		use := int(le.Uint16(head[36:]))
		size := 38 + use + int(head[19])
		record := make([]byte, size)
		if _, err := io.ReadFull(list, record); err != nil || le.Uint16(record) != identifier {
			return errors.Join(noEOF(err), malformed("udf: folder breaks off"))
		}
		if u.records++; u.records > isoRecords {
			return &scan.LimitError{Limit: "members"}
		}
		is, icb, name := record[18], udfLong(record[20:]), path.Join(dir, udfName(record[38+use:size]))
		_, _ = list.Discard((4 - size%4) % 4) // the end is found by Peek
		switch {
		case is&(gone|parent) != 0:
		case is&isFolder != 0:
			if err := u.folder(ctx, out, name, icb, depth+1); err != nil {
				out.Problem(err)
			}
		default:
			if err := u.member(out, name, icb); err != nil {
				return err
			}
		}
	}
}

func (u *udf) member(out scan.Sink, name string, at udfPlace) error {
	content, err := u.entry(at)
	if err != nil {
		return out.Member(scan.Member{Name: name, Size: -1, Open: func() (io.ReadCloser, error) { return nil, err }})
	}
	u.spare.content(content.pieces)
	return out.Member(scan.Member{Name: name, Size: content.size, At: content})
}

// udfName decodes a name in compressed Unicode (OSTA UDF section 2.1.1).
func udfName(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	var units []uint16
	switch b[0] {
	case 8, 254:
		for _, c := range b[1:] {
			units = append(units, uint16(c))
		}
	default:
		for i := 1; i+1 < len(b); i += 2 {
			units = append(units, binary.BigEndian.Uint16(b[i:]))
		}
	}
	return japaneseName(string(utf16.Decode(units)))
}
