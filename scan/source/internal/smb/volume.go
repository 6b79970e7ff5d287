package smb

import (
	"encoding/binary"
	"errors"
)

// Serial returns the serial number of the volume that a share, of which f is an
// open file or folder, lies on (FileFsVolumeInformation, MS-FSCC 2.5.9). Samba
// makes one of the names of server and share.
func (f *File) Serial() (uint32, error) {
	const infoFileSystem, fsVolumeInformation, serialAt, most = 2, 1, 8, 1 << 10 // MS-SMB2 2.2.37
	answer, err := queryInfo(f.file, &infoQuestion{infoType: infoFileSystem, class: fsVolumeInformation, most: most})
	if err != nil {
		return 0, translate(err)
	}
	if len(answer) < serialAt+4 {
		return 0, errors.New("what the server says of the volume is damaged")
	}
	return binary.LittleEndian.Uint32(answer[serialAt:]), nil
}
