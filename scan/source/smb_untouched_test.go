package source_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	hiro "github.com/hirochachacha/go-smb2"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// A footprint is all that a scan must leave as it was.
type footprint struct {
	Size                      int64
	Created, Written, Changed string
	Attributes                uint32
	Mode                      os.FileMode
	ServerChanged             string // of the inode: names, rights and attributes count too
	Hash, ServerHash          string
}

const attrReadOnly = 0x1

// footprints looks at everything in a share, as the other client sees it and
// as it lies on the disk of the server.
func footprints(t *testing.T, dir string, other *hiro.Share) map[string]footprint {
	t.Helper()
	all := map[string]footprint{}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		theirs, err := other.Lstat(filepath.ToSlash(name))
		if err != nil {
			return err
		}
		st := theirs.Sys().(*hiro.FileStat)
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		f := footprint{
			Size: st.EndOfFile, Attributes: st.FileAttributes, Mode: info.Mode(),
			Created: st.CreationTime.String(), Written: st.LastWriteTime.String(), Changed: st.ChangeTime.String(),
			ServerChanged: inodeChanged(t, path),
		}
		if info.IsDir() {
			// Samba makes it up from the time of the last access, which
			// listing a folder moves, on the server's own account.
			f.Created = ""
		} else if f.Hash, f.ServerHash, err = hashes(path, other, filepath.ToSlash(name)); err != nil {
			return err
		}
		all[name] = f
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func hashes(path string, other *hiro.Share, name string) (theirs, servers string, err error) {
	remote, err := other.ReadFile(name)
	if err != nil {
		return "", "", err
	}
	local, err := os.ReadFile(path)
	return fmt.Sprintf("%x", sha256.Sum256(remote)), fmt.Sprintf("%x", sha256.Sum256(local)), err
}

// fill writes a share through the other client: names, sizes, times long ago,
// and one file in three is read-only for Windows.
func fill(t *testing.T, other *hiro.Share) (files map[string][]byte) {
	t.Helper()
	files = map[string][]byte{}
	rnd := rand.NewChaCha8([32]byte{3})
	for i, name := range []string{
		"a.xlsx", "総務/年金/名簿 一覧(令和八年).xlsx", "総務/ﾒｲﾎﾞ.csv", "総務/か\u3099nfd.txt", "総務/全角　空白.zip", "総務/表①㈱髙﨑𠮷野家.xls", "絵/😀.xlsx",
		"sizes/0", "sizes/65536", "sizes/65537", "sizes/1048577", "sizes/3158073",
	} {
		size := 1000 + i
		_, _ = fmt.Sscanf(name, "sizes/%d", &size)
		data := make([]byte, size)
		_, _ = rnd.Read(data)
		files[name] = data
		if err := other.MkdirAll(path.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := other.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
		at := time.Date(2014, 4, 1+i, 8, 30, 0, 123_456_700, time.UTC)
		if err := other.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			if err := other.Chmod(name, 0o444); err != nil {
				t.Fatal(err)
			}
		}
	}
	return files
}

// An independent client fills a share of each instance, the source reads all
// of it, and the client finds everything as it was.
//
// Where that client cannot log on (without NTLM) or loses reads (signatures
// required) it works through an ordinary server on the same folder, so that what
// it says can be relied on.
func TestSMBLeavesEverythingAsItWas(t *testing.T) {
	for _, in := range instances() {
		t.Run(in.name, func(t *testing.T) {
			t.Parallel()
			dir := openDir(t)
			share := samba.Share{Name: "data", Dir: dir, Writers: true}
			s, opts := in.serve(t, share)
			theirs := s
			if in.kerberos || in.config.Signing {
				theirs = serve(t, samba.Config{Shares: []samba.Share{share}})
			}
			other := colleague(t, theirs, "data")
			files := fill(t, other)
			before := footprints(t, dir, other)
			readOnly := 0
			for name, f := range before {
				if f.Attributes&attrReadOnly != 0 {
					readOnly++
				}
				if f.Hash != f.ServerHash {
					t.Errorf("%q: the other client reads something else than what there is", name)
				}
			}
			if readOnly != 4 || len(before) <= len(files) {
				t.Fatalf("%d of %d files and folders are read-only, want 4 of more than %d", readOnly, len(before), len(files))
			}
			scanAll(t, open(t, s.URL("data"), opts), files)
			if diff := cmp.Diff(before, footprints(t, dir, other)); diff != "" {
				t.Errorf("the scan changed something (-before +after):\n%s", diff)
			}
		})
	}
}

// scanAll does with a source what a run does: it walks, opens and reads files,
// several at a time, and asks who they belong to.
func scanAll(t *testing.T, src scan.Source, want map[string][]byte) {
	t.Helper()
	files, gaps := scantest.WalkAll(t, src)
	if len(files) != len(want) || len(gaps) != 0 {
		t.Errorf("Walk tells %d files and the gaps %v, want %d files", len(files), gaps, len(want))
	}
	var wg sync.WaitGroup
	for _, e := range files {
		wg.Go(func() {
			if !bytes.Equal([]byte(read(t, src, e)), want[e.Path]) {
				t.Errorf("the content of %q is not what was written", e.Path)
			}
			if _, err := src.(scan.Owned).Owner(t.Context(), e); err != nil {
				t.Errorf("Owner of %q: %v", e.Path, err)
			}
		})
	}
	wg.Wait()
	if err := src.Close(); err != nil {
		t.Error(err)
	}
}
