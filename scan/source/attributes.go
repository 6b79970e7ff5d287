package source

import (
	"fmt"

	"github.com/kagiban/kagiban/scan"
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
		return &scan.SkipError{Rule: scan.RuleDFSLink, Err: fmt.Errorf("DFS link: %w", scan.ErrLink)}
	case tagNFS, tagSocket, tagFIFO, tagCharacter, tagBlock:
		return fmt.Errorf("special file: %w", scan.ErrUnsupported)
	}
	if tag&tagNameSurrogate != 0 {
		return fmt.Errorf("symbolic link, junction or mount point: %w", scan.ErrLink)
	}
	return nil
}
