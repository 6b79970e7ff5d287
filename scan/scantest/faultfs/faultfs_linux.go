// Package faultfs is a folder on a disk that fails on demand: a mount of FUSE in front
// of an ordinary folder, whose reads and writes return an error of the system once so
// many bytes have passed.
package faultfs

import (
	"context"
	"sync/atomic"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// A Disk is a mounted folder.
type Disk struct {
	Backing string // where its files lie
	// Uncached has each read come here; nothing can be mapped into memory then.
	Uncached bool
	server   *fuse.Server
	left     atomic.Int64 // bytes that still pass
	fault    atomic.Int64 // the errno; 0: none
	reads    atomic.Bool  // what is read fails, not what is written
	hit      atomic.Int64 // how often it failed
}

// Mount mounts a folder at a place. It needs the right to mount.
func Mount(backing, place string) (*Disk, error) {
	d := &Disk{Backing: backing}
	var stat syscall.Stat_t
	if err := syscall.Stat(backing, &stat); err != nil {
		return nil, err
	}
	root := &fs.LoopbackRoot{Path: backing, Dev: stat.Dev}
	root.NewNode = func(root *fs.LoopbackRoot, _ *fs.Inode, _ string, _ *syscall.Stat_t) fs.InodeEmbedder {
		return &node{LoopbackNode: fs.LoopbackNode{RootData: root}, disk: d}
	}
	top := &node{LoopbackNode: fs.LoopbackNode{RootData: root}, disk: d}
	root.RootNode = top
	var err error
	d.server, err = fs.Mount(place, top, &fs.Options{MountOptions: fuse.MountOptions{DirectMountStrict: true, FsName: "faultfs"}})
	return d, err
}

// Fail has writes, or reads, fail after so many bytes.
func (d *Disk) Fail(how syscall.Errno, reads bool, after int64) {
	d.hit.Store(0)
	d.left.Store(after)
	d.reads.Store(reads)
	d.fault.Store(int64(how))
}

// Heal ends the faults and returns how often there was one.
func (d *Disk) Heal() int64 {
	d.fault.Store(0)
	return d.hit.Load()
}

// Close unmounts the folder.
func (d *Disk) Close() error { return d.server.Unmount() }

func (d *Disk) passes(reads bool, n int) syscall.Errno {
	fault := syscall.Errno(d.fault.Load())
	if fault == 0 || d.reads.Load() != reads || d.left.Add(int64(-n)) >= 0 {
		return 0
	}
	d.hit.Add(1)
	return fault
}

// A node is a file or folder on the disk.
type node struct {
	fs.LoopbackNode
	disk *Disk
}

var (
	_ fs.NodeWriter  = (*node)(nil)
	_ fs.NodeReader  = (*node)(nil)
	_ fs.NodeOpener  = (*node)(nil)
	_ fs.NodeCreater = (*node)(nil)
)

// A handle is an open file without what lets the kernel read and write it by itself.
type handle struct{ open }

type open interface {
	fs.FileReader
	fs.FileWriter
	fs.FileReleaser
	fs.FileFlusher
	fs.FileFsyncer
	fs.FileGetattrer
	fs.FileSetattrer
	fs.FileGetlker
	fs.FileSetlker
	fs.FileSetlkwer
	fs.FileAllocater
	fs.FileLseeker
}

func plain(f fs.FileHandle) fs.FileHandle {
	if o, ok := f.(open); ok {
		return handle{o}
	}
	return nil
}

// Open implements fs.NodeOpener.
func (n *node) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	f, flags, errno := n.LoopbackNode.Open(ctx, flags)
	return plain(f), n.disk.flags(flags), errno
}

// Create implements fs.NodeCreater.
func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	inode, f, flags, errno := n.LoopbackNode.Create(ctx, name, flags, mode, out)
	return inode, plain(f), n.disk.flags(flags), errno
}

func (d *Disk) flags(flags uint32) uint32 {
	if d.Uncached {
		flags |= fuse.FOPEN_DIRECT_IO
	}
	return flags
}

// Write implements fs.NodeWriter.
func (n *node) Write(ctx context.Context, f fs.FileHandle, data []byte, off int64) (uint32, syscall.Errno) {
	if fault := n.disk.passes(false, len(data)); fault != 0 {
		return 0, fault
	}
	w, ok := f.(fs.FileWriter)
	if !ok {
		return 0, syscall.ENOTSUP
	}
	return w.Write(ctx, data, off)
}

// Read implements fs.NodeReader.
func (n *node) Read(ctx context.Context, f fs.FileHandle, dest []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	if fault := n.disk.passes(true, len(dest)); fault != 0 {
		return nil, fault
	}
	r, ok := f.(fs.FileReader)
	if !ok {
		return nil, syscall.ENOTSUP
	}
	return r.Read(ctx, dest, off)
}
