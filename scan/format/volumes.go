package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// An archive may be cut into volumes, which are files of their own. A set is
// read at its main volume, the one by which a person opens it; the others are
// parts of that and left out by rule. Without its siblings no volume passes for
// one that opens.

// volumesFormat is a set of volumes met at its main one: 7z, zip and rar. It hands
// out the archive that the volumes are together, which has the verdict.
func volumesFormat() scan.Format {
	return scan.Format{
		Name: "volumes", Version: 2,
		About: scan.About{Names: "7z, zip and rar in volumes", Verdict: "by entry", Content: scan.CoverageFull,
			Limits: "read at the main volume, with the others beside it"},
		Match: func(f *scan.File) bool { return volumeSet(f) != nil },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			whole := volumeSet(f)
			f.ClaimAll(scan.UseRead)
			unknown := func() scan.Protection { return scan.Protection{} }
			return document{unknown, func(_ context.Context, out scan.Sink) error {
				return out.Member(scan.Member{Size: whole.size, At: whole})
			}}, nil
		},
	}
}

// volumePartFormat is a further volume of a set, examined at its main one.
func volumePartFormat() scan.Format {
	return scan.Format{
		Name: "volume", Version: 2, Skip: "volume", Match: isVolumePart,
		About: scan.About{Names: "further volumes", Verdict: "by rule", Content: scan.CoverageNone, Limits: "examined at the main volume"},
	}
}

// loneVolumeFormat is a volume whose name says what it is, without the main one
// beside it. It comes before text: a cut may lie in stored text, and the piece
// would pass for a whole file.
func loneVolumeFormat() scan.Format {
	return scan.Format{
		Name: "lone-volume", Version: 1,
		About: scan.About{Names: "volumes without the main one", Verdict: "no", Content: scan.CoverageNone, Limits: "unchecked"},
		Match: func(f *scan.File) bool {
			if archiveMagic(f.Head) || inSet(f) {
				return false
			}
			return loneName.MatchString(f.Name) || strings.EqualFold(path.Ext(f.Name), ".zip") && zipDisks(f) > 1
		},
		Open: func(context.Context, *scan.File) (scan.Document, error) {
			return volume("volume without the main one of its set"), nil
		},
	}
}

var loneName = regexp.MustCompile(`(?i)\.((7z|zip|rar)\.\d{3}|z\d\d)$`)

// volumeName matches names of volumes for which a lack of the rest is no damage.
var volumeName = regexp.MustCompile(`(?i)\.(\d{3}|r\d\d|z\d\d|part\d+\.rar)$`)

// volume is the document of a volume whose siblings would be needed.
func volume(why string) scan.Document {
	p := scan.Protection{Notes: []scan.Note{scan.NoteMissingVolume}}
	return document{func() scan.Protection { return p }, func(context.Context, scan.Sink) error { return incomplete("%s", why) }}
}

const volumesMax = 999

// A numbering is how the volumes of a set are named.
type numbering struct {
	n    int              // of this volume, from 1
	name func(int) string // of another one
}

// numbered is the numbering of files that were simply cut: a.7z.001, a.7z.002.
func numbered(name string) (numbering, bool) {
	base, ext := strings.TrimSuffix(name, path.Ext(name)), strings.TrimPrefix(path.Ext(name), ".")
	n, err := strconv.Atoi(ext)
	if err != nil || len(ext) != 3 || n < 1 || base == "" {
		return numbering{}, false
	}
	return numbering{n, func(n int) string { return fmt.Sprintf("%s.%03d", base, n) }}, true
}

// rarNumbered is a.part1.rar, a.part2.rar or, of old, a.rar, a.r00, a.r01.
func rarNumbered(name string) (numbering, bool) {
	stem, ext := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
	if part := path.Ext(stem); len(part) > 5 && strings.EqualFold(part[:5], ".part") && strings.EqualFold(ext, ".rar") {
		if n, err := strconv.Atoi(part[5:]); err == nil && n >= 0 {
			head, width := stem[:len(stem)-len(part)+5], len(part)-5
			return numbering{n, func(n int) string { return fmt.Sprintf("%s%0*d%s", head, width, n, ext) }}, true
		}
	}
	if len(ext) != 4 {
		return numbering{}, false
	}
	old := numbering{1, func(n int) string {
		if n == 1 {
			return stem + ext[:2] + sameCase("ar", ext[1])
		}
		return fmt.Sprintf("%s.%c%02d", stem, ext[1]+byte((n-2)/100), (n-2)%100)
	}}
	if strings.EqualFold(ext, ".rar") {
		return old, true
	}
	n, err := strconv.Atoi(ext[2:])
	if err != nil || ext[1] != 'r' && ext[1] != 'R' {
		return numbering{}, false
	}
	old.n = n + 2
	return old, true
}

// zipNumbered is a.z01, a.z02 and, at the end, a.zip; that one has the number 0.
func zipNumbered(name string) (numbering, bool) {
	stem, ext := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
	if len(ext) != 4 || ext[1] != 'z' && ext[1] != 'Z' {
		return numbering{}, false
	}
	n, err := strconv.Atoi(ext[2:])
	if main := strings.EqualFold(ext, ".zip"); !main && (err != nil || n < 1) {
		return numbering{}, false
	} else if main {
		n = 0
	}
	return numbering{n, func(n int) string {
		if n == 0 {
			return stem + ext[:2] + sameCase("ip", ext[1])
		}
		return fmt.Sprintf("%s%s%02d", stem, ext[:2], n)
	}}, true
}

func sameCase(s string, as byte) string {
	if as >= 'A' && as <= 'Z' {
		return strings.ToUpper(s)
	}
	return s
}

// A mainVolume is the main volume of a set and where the others are.
type mainVolume struct {
	sized
	name string // without its folder
	open func(name string) (*io.SectionReader, error)
	used []string // the others that the set is made of
}

// sibling opens another volume of the set.
func (m *mainVolume) sibling(name string) (*io.SectionReader, error) {
	r, err := m.open(name)
	if err == nil {
		m.used = append(m.used, name)
	}
	return r, err
}

// join joins the volumes; nil if m is the main volume of no set, or if one is
// missing.
func (m *mainVolume) join() *joined {
	head := headOf(io.NewSectionReader(m, 0, m.Size()))
	if set, ok := numbered(m.name); ok && set.n == 1 && archiveMagic(head) {
		return joinNumbered(m, set, head)
	}
	if set, ok := rarNumbered(m.name); ok && set.n <= 1 && beginsWith(head, rar4Magic, rar5Magic) {
		return joinRar(m, set)
	}
	if set, ok := zipNumbered(m.name); ok && set.n == 0 && !beginsWith(head, "PK\x03\x04") {
		return joinZip(m, set)
	}
	return nil
}

type volumesKey struct{}

// volumeSet joins the volumes of which f is the main one; nil if it is none, or
// if one is missing.
func volumeSet(f *scan.File) *joined {
	v, _ := f.Once(volumesKey{}, func() (any, error) {
		m := &mainVolume{sized: f, name: path.Base(f.Name), open: f.Sibling}
		return m.join(), nil
	})
	return v.(*joined)
}

func beginsWith(head []byte, magics ...string) bool {
	return slices.ContainsFunc(magics, func(m string) bool { return bytes.HasPrefix(head, []byte(m)) })
}

// archiveMagic recognises the beginning of an archive that is often cut.
func archiveMagic(head []byte) bool {
	for _, magic := range []string{"7z\xBC\xAF\x27\x1C", "PK\x03\x04", "Rar!\x1A\x07", "\x1F\x8B\x08", "BZh", "\xFD7zXZ\x00", "\x28\xB5\x2F\xFD"} {
		if strings.HasPrefix(string(head[:min(len(head), 8)]), magic) {
			return true
		}
	}
	return false
}

// joinNumbered joins a file that was cut, as far as its archive reaches. What
// follows must not be an archive itself: programs also number whole files.
func joinNumbered(m *mainVolume, set numbering, head []byte) *joined {
	whole := newJoined(piece{m, 0, m.Size()})
	end := sevenReach(head)
	for n := 2; n <= volumesMax && (end == 0 || whole.size < end); n++ {
		next, err := m.open(set.name(n))
		if err != nil {
			break
		}
		head := headOf(next)
		if archiveMagic(head) {
			return nil
		}
		m.used = append(m.used, set.name(n))
		whole.add(piece{next, 0, next.Size()})
	}
	if len(whole.pieces) < 2 || end > 0 && !sevenWhole(whole, head, end) || bytes.HasPrefix(head, []byte("PK")) && !zipWhole(whole) {
		return nil
	}
	return whole
}

// sevenReach returns where a 7z archive ends by its start header, 0 for another
// archive (7zFormat.txt, "SignatureHeader").
func sevenReach(head []byte) int64 {
	if len(head) < 32 || !beginsWith(head, "7z\xBC\xAF\x27\x1C") || !sevenStart(head) {
		return 0
	}
	off, size := binary.LittleEndian.Uint64(head[12:]), binary.LittleEndian.Uint64(head[20:])
	if off > 1<<62 || size > 1<<62 {
		return 1 << 62
	}
	return 32 + int64(off) + int64(size)
}

// sevenWhole reports whether the directory of a joined 7z archive is there and is
// the one that its start speaks of.
func sevenWhole(whole *joined, head []byte, end int64) bool {
	const most = 16 << 20 // bytes of a directory that is worth the proof
	size := int64(binary.LittleEndian.Uint64(head[20:]))
	if whole.size < end || size > most {
		return whole.size >= end
	}
	directory := make([]byte, size)
	if _, err := whole.ReadAt(directory, end-size); err != nil {
		return false
	}
	return crc32.ChecksumIEEE(directory) == binary.LittleEndian.Uint32(head[28:])
}

// zipWhole reports whether a joined zip has its directory where its end says.
func zipWhole(whole *joined) bool {
	end, at := zipEnd(whole)
	if end == nil {
		return false
	}
	mark := make([]byte, 4)
	directory := int64(binary.LittleEndian.Uint32(end[16:]))
	if directory == 0xFFFFFFFF { // the record of large archives has it
		return true
	}
	_, err := whole.ReadAt(mark, directory)
	return err == nil && directory < at && string(mark) == "PK\x01\x02"
}

// isVolumePart reports whether f is a further volume that needs no look of its
// own. One in which a list stands to be read, since the archive is not packed, is
// read as what it is too.
func isVolumePart(f *scan.File) bool { return inSet(f) && !(isText(f) && listAmong(f, 0)) }

type inSetKey struct{}

// inSet reports whether f is a volume of a set whose main volume lies beside it and
// really holds f: joined as the main volume is read. A name alone is none.
func inSet(f *scan.File) bool {
	v, _ := f.Once(inSetKey{}, func() (any, error) { return heldBySet(f), nil })
	return v.(bool)
}

func heldBySet(f *scan.File) bool {
	name := path.Base(f.Name)
	var main string
	if set, ok := numbered(name); ok && set.n > 1 && !archiveMagic(f.Head) {
		main = set.name(1)
	} else if set, ok := rarNumbered(name); ok && set.n > 1 && hasPrefix(f, rar4Magic, rar5Magic) {
		main = set.name(1)
	} else if set, ok := zipNumbered(name); ok && set.n > 0 {
		main = set.name(0)
	} else {
		return false
	}
	r, err := f.Sibling(main)
	if err != nil {
		return false
	}
	m := &mainVolume{sized: r, name: main, open: func(other string) (*io.SectionReader, error) {
		if other == name {
			return f.Reader(), nil
		}
		return f.Sibling(other)
	}}
	return m.join() != nil && slices.Contains(m.used, name) || lockedRarPart(f, r)
}

// lockedRarPart reports whether f is a further volume of a rar that needs a
// password, which is not joined since its verdict needs no sibling.
func lockedRarPart(f *scan.File, main *io.SectionReader) bool {
	a, b := newRarArchive(main, main.Size()), newRarArchive(f, f.Size())
	if a.begin() != nil || !a.volume || b.begin() != nil || !b.volume || a.old != b.old || a.sealed != b.sealed {
		return false
	}
	if a.walk(context.Background()) != nil || !a.protection().Verdict.Closed() {
		return false
	}
	return a.sealed || b.walk(context.Background()) == nil && b.protection().Verdict.Closed()
}
