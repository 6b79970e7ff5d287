package scan

import (
	"slices"
	"strings"
)

// binNames are the names under which systems, servers and desktops keep what was
// deleted: Windows since NT, the recycle module of Samba in its usual settings,
// Synology, QNAP, macOS, AFP, and the trash of freedesktop.org, whose folders at
// the top of a volume are ".Trash" and ".Trash-" with the number of a user.
var binNames = [...]string{
	"$RECYCLE.BIN", "RECYCLER", "RECYCLED", ".recycle", "#recycle", "@Recycle", ".recycler", ".recycled",
	".Trashes", ".Trash", "Network Trash Folder", "Trash Can", "ごみ箱", "ゴミ箱",
}

// IsRecycleBin reports whether a folder of this name is taken for one with
// what was deleted.
func IsRecycleBin(name string) bool {
	const numbered = ".Trash-"
	if len(name) > len(numbered) && strings.EqualFold(name[:len(numbered)], numbered) {
		return true
	}
	return slices.ContainsFunc(binNames[:], func(s string) bool { return strings.EqualFold(s, name) })
}

// RecycleBinOf returns the recycle bin that the file at a path lies in, as its
// path, "" if there is none. Of bins within each other it is the outermost, which
// is what somebody empties.
func RecycleBinOf(path string) string {
	for end, r := range path {
		if r != '/' {
			continue
		}
		if IsRecycleBin(path[strings.LastIndexByte(path[:end], '/')+1 : end]) {
			return path[:end]
		}
	}
	return ""
}
