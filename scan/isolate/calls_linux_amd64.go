package isolate

import "syscall"

// olderCalls are those that newer architectures do without.
func olderCalls() []uint32 {
	return []uint32{syscall.SYS_OPEN, syscall.SYS_CREAT, syscall.SYS_UNLINK, syscall.SYS_RENAME, syscall.SYS_RENAMEAT, syscall.SYS_LINK, syscall.SYS_SYMLINK,
		syscall.SYS_MKDIR, syscall.SYS_RMDIR, syscall.SYS_MKNOD, syscall.SYS_CHMOD, syscall.SYS_CHOWN, syscall.SYS_ACCEPT, syscall.SYS_FORK, syscall.SYS_VFORK}
}
