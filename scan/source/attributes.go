package source

import (
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// File attributes, MS-FSCC 2.6.
const (
	attrDirectory    = 0x10
	attrReparsePoint = 0x400
	attrOffline      = 0x1000
	attrRecallOpen   = 0x40000
	attrRecallData   = 0x400000

	// recallAttributes say that content is elsewhere and that reading it
	// would fetch it: from tape, from a cloud, from a colder tier.
	recallAttributes = attrOffline | attrRecallOpen | attrRecallData
)

// clusterSize is more than the cluster of any usual file system, by which the
// storage of a file may exceed its length.
const clusterSize = 64 << 10

// elsewhere reports whether reading a file would fetch its content from somewhere.
//
// FILE_ATTRIBUTE_OFFLINE alone proves nothing: any program may set it on a file
// of its user, and some servers set it on all. A file that a tier has taken away
// leaves less storage behind than its length, or a reparse point; one with all
// of its storage, and not with that of a preallocation which some servers round
// all files up to, is read like any other.
func elsewhere(info smb.Info) bool {
	switch {
	case info.Attributes&recallAttributes == 0:
		return false
	case info.Attributes&recallAttributes != attrOffline, info.Attributes&attrReparsePoint != 0:
		return true
	}
	return info.Allocated < info.Size || info.Allocated-info.Size > clusterSize
}

// Reparse tags, MS-FSCC 2.1.2.1.
const (
	tagNameSurrogate = 0x20000000 // bit: stands for another file or folder
	tagDFS           = 0x8000000A
	tagNFS           = 0x80000014 // a unix special file
	tagSocket        = 0x80000023
	tagFIFO          = 0x80000024
	tagCharacter     = 0x80000025
	tagBlock         = 0x80000026
)

// reparsed says what a reparse point is. Most tags are the server's own
// business (deduplication, compression, tiering) and the file reads like any
// other; leaving those out would pass over whole servers.
func reparsed(tag uint32) error {
	switch tag {
	case tagDFS:
		return &scan.SkipError{Rule: scan.RuleDFSLink, Err: scan.Errorf("DFS link: %w", scan.ErrLink)}
	case tagNFS, tagSocket, tagFIFO, tagCharacter, tagBlock:
		return scan.Errorf("special file: %w", scan.ErrUnsupported)
	}
	if tag&tagNameSurrogate != 0 {
		return scan.Errorf("symbolic link, junction or mount point: %w", scan.ErrLink)
	}
	return nil
}
