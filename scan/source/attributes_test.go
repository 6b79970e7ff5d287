package source

import (
	"errors"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// What no Samba here can show: tiers, deduplication, DFS.
func TestAttributes(t *testing.T) {
	for _, tt := range []struct {
		name string
		info smb.Info
		want error
	}{
		{"ordinary file", smb.Info{Attributes: 0x20}, nil},
		{"compressed and sparse", smb.Info{Attributes: 0xA00}, nil},
		{"on tape", smb.Info{Attributes: 0x20 | attrOffline, Size: 9000}, scan.ErrOffline},
		{"on tape, its beginning here", smb.Info{Attributes: 0x20 | attrOffline, Size: 9000, Allocated: 4096}, scan.ErrOffline},
		{"on tape, rounded up", smb.Info{Attributes: 0x20 | attrOffline, Size: 9000, Allocated: 1 << 20}, scan.ErrOffline},
		{"on tape, by a reparse point", smb.Info{Attributes: attrReparsePoint | attrOffline, Size: 9000, Allocated: 12288, Tag: 0xC0000004}, scan.ErrOffline},
		{"called offline, all of it here", smb.Info{Attributes: 0x20 | attrOffline, Size: 9000, Allocated: 12288}, nil},
		{"called offline, in its record of the file table", smb.Info{Attributes: 0x20 | attrOffline, Size: 300, Allocated: 304}, nil},
		{"called offline, empty", smb.Info{Attributes: 0x20 | attrOffline}, nil},
		{"in a cloud", smb.Info{Attributes: attrReparsePoint | attrRecallData, Tag: 0x9000001A}, scan.ErrOffline},
		{"in a cloud, fetched", smb.Info{Attributes: attrReparsePoint, Tag: 0x9000601A}, nil},
		{"recalled on open", smb.Info{Attributes: attrRecallOpen}, scan.ErrOffline},
		{"deduplicated", smb.Info{Attributes: attrReparsePoint, Tag: 0x80000013}, nil},
		{"offline folder", smb.Info{Attributes: attrDirectory | attrOffline}, nil},
		{"symbolic link", smb.Info{Attributes: attrReparsePoint, Tag: 0xA000000C}, scan.ErrLink},
		{"junction", smb.Info{Attributes: attrReparsePoint | attrDirectory, Tag: 0xA0000003}, scan.ErrLink},
		{"DFS link", smb.Info{Attributes: attrReparsePoint | attrDirectory, Tag: tagDFS}, scan.ErrLink},
		{"NFS special file", smb.Info{Attributes: attrReparsePoint, Tag: tagNFS}, scan.ErrUnsupported},
		{"snapshot", smb.Info{Name: "@GMT-2026.01.02-03.04.05", Attributes: attrDirectory}, scan.ErrLink},
		{"file of that name", smb.Info{Name: ".snapshot"}, nil},
		{"folder that is called alike", smb.Info{Name: "snapshot", Attributes: attrDirectory}, nil},
	} {
		if got := smbItem(tt.info).err; !errors.Is(got, tt.want) || tt.want == nil && got != nil {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestFoldersOfSnapshots(t *testing.T) {
	for name, want := range map[string]bool{"~SNAPSHOT": true, ".snapshots": true, "snapshot": false, "@GMT-2026.01.02-03.04.05": false} {
		if it := smbItem(smb.Info{Name: name, Attributes: attrDirectory}); it.snapshots != want {
			t.Errorf("%s: snapshots %v, want %v", name, it.snapshots, want)
		}
		if it := smbItem(smb.Info{Name: name}); it.snapshots {
			t.Errorf("a file called %s is taken for a folder of snapshots", name)
		}
	}
}
