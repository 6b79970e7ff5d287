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
		{"on tape", smb.Info{Attributes: 0x20 | attrOffline}, scan.ErrOffline},
		{"in a cloud", smb.Info{Attributes: attrReparsePoint | attrRecallData, Tag: 0x9000001A}, scan.ErrOffline},
		{"in a cloud, fetched", smb.Info{Attributes: attrReparsePoint, Tag: 0x9000601A}, nil},
		{"recalled on open", smb.Info{Attributes: attrRecallOpen}, scan.ErrOffline},
		{"deduplicated", smb.Info{Attributes: attrReparsePoint, Tag: 0x80000013}, nil},
		{"offline folder", smb.Info{Attributes: attrDirectory | attrOffline}, nil},
		{"symbolic link", smb.Info{Attributes: attrReparsePoint, Tag: 0xA000000C}, scan.ErrLink},
		{"junction", smb.Info{Attributes: attrReparsePoint | attrDirectory, Tag: 0xA0000003}, scan.ErrLink},
		{"DFS link", smb.Info{Attributes: attrReparsePoint | attrDirectory, Tag: tagDFS}, scan.ErrLink},
		{"NFS special file", smb.Info{Attributes: attrReparsePoint, Tag: tagNFS}, scan.ErrUnsupported},
		{"snapshot folder", smb.Info{Name: "~SNAPSHOT", Attributes: attrDirectory}, scan.ErrLink},
		{"snapshot", smb.Info{Name: "@GMT-2026.01.02-03.04.05", Attributes: attrDirectory}, scan.ErrLink},
		{"file of that name", smb.Info{Name: ".snapshot"}, nil},
		{"folder that is called alike", smb.Info{Name: "snapshot", Attributes: attrDirectory}, nil},
	} {
		if got := smbItem(tt.info).err; !errors.Is(got, tt.want) || tt.want == nil && got != nil {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
