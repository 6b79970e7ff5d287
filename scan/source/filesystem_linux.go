package source

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// fileSystemOf names the file system of a folder, "" where the system does not
// tell them apart (statfs(2): f_type and f_fsid).
func fileSystemOf(path string) string {
	var st unix.Statfs_t
	if unix.Statfs(path, &st) != nil || st.Fsid == (unix.Fsid{}) {
		return ""
	}
	return fmt.Sprintf("%x:%08x%08x", st.Type, uint32(st.Fsid.Val[0]), uint32(st.Fsid.Val[1]))
}
