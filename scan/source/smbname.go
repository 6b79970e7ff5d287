package source

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// A server may list a name that its protocol has no way to ask for: one with a
// character that is forbidden there (MS-FSCC 2.1.5), which the system behind it
// allows and which it neither mangles nor maps.

// leadsElsewhere reports whether a name would be taken for a path: what it leads
// to is another file than the one that is listed.
func leadsElsewhere(name string) bool {
	return name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\`)
}

// forbidden reports whether a path has a character that no name may have.
func forbidden(path string) bool {
	return strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || strings.ContainsRune(`"*:<>?|\`, r) })
}

// notGone says of a file that is said to be missing although it was just
// listed whether it has a name that cannot be asked for.
func notGone(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) && forbidden(path) {
		return errUnspeakable()
	}
	return err
}

func errUnspeakable() error {
	return scan.Errorf("%w: the server lists a name with characters that SMB has no way to ask for; rename it on the server, or scan the folder there", scan.ErrUnsupported)
}
