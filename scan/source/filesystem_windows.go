package source

import (
	"fmt"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// fileSystemOf names the volume of a folder by its serial number, "" if it has none.
func fileSystemOf(path string) string {
	root, err := windows.UTF16PtrFromString(filepath.VolumeName(path) + `\`)
	if err != nil {
		return ""
	}
	var serial uint32
	if windows.GetVolumeInformation(root, nil, 0, &serial, nil, nil, nil, 0) != nil || serial == 0 {
		return ""
	}
	return fmt.Sprintf("volume:%08x", serial)
}
