package engine

import (
	"bytes"
	"context"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
)

// Passwords that stand beside what they protect: in the mail that carries it,
// or in a text file of the same folder. They are tried only if Config.Nearby
// says so, live as long as the examination of one file, and are stored nowhere.

const (
	nearbyKept  = 32 // candidates of one top-level file
	nearbyShort = 4  // characters of a password
	nearbyLong  = 64
	nearbyFile  = 16 << 10 // bytes of a text file beside
	nearbyLine  = 4 << 10  // bytes of a line that are looked at
)

// nearby collects candidates.
type nearby struct {
	hints   *scan.PasswordHints // nil: none are collected
	found   []string
	waiting int // lines in which a password that was announced may still come
	asked   bool
}

// line looks at one line of text.
func (n *nearby) line(text []byte) {
	lower := bytes.ToLower(text)
	at := -1
	for _, word := range n.hints.Words {
		if i := bytes.Index(lower, []byte(word)); i >= 0 && len(lower) == len(text) {
			at = max(at, i+len(word))
		} else if i >= 0 {
			at = max(at, 0)
		}
	}
	switch {
	case at >= 0:
		if !n.tokens(text[at:]) {
			n.waiting = 2
		}
	case n.waiting > 0 && len(bytes.TrimSpace(text)) > 0:
		if n.waiting--; n.tokens(text) {
			n.waiting = 0
		}
	}
}

// tokens takes the runs of printable ASCII that may be passwords.
func (n *nearby) tokens(text []byte) bool {
	took := false
	utf := utf8.Valid(text)
	for from, i := -1, 0; i <= len(text); i++ {
		if i < len(text) && text[i] > ' ' && text[i] < 0x7F {
			if from < 0 {
				from = i
			}
			continue
		}
		if from >= 0 {
			took = n.add(string(text[from:i])) || took
			from = -1
		}
		if i < len(text) && !utf && (text[i] >= 0x81 && text[i] <= 0x9F || text[i] >= 0xE0 && text[i] <= 0xFC) {
			i++ // the second byte of a character of code page 932 is no letter
		}
	}
	return took
}

func (n *nearby) add(token string) bool {
	token = strings.TrimLeft(strings.Trim(token, `"'()[]<>,;`), ":=")
	if len(token) < nearbyShort || len(token) > nearbyLong || len(n.found) >= nearbyKept {
		return false
	}
	if !slices.Contains(n.found, token) {
		n.found = append(n.found, token)
	}
	return true
}

// beside reads the text files beside a top-level file, once.
func (n *nearby) beside(f *scan.File) {
	if n.asked || len(f.Inner) > 0 {
		return
	}
	n.asked = true
	for _, name := range n.hints.Files(path.Base(f.Name)) {
		r, err := f.Sibling(name)
		if err != nil || r.Size() > nearbyFile {
			continue
		}
		if text, err := io.ReadAll(r); err == nil {
			n.tokens(text)
		}
	}
}

// tryNearby returns a locked document as a password opens it that stands nearby.
func (v *visit) tryNearby(f *scan.File, locked scan.Locked) (scan.Document, error) {
	if v.engine.cfg.Nearby == nil {
		return nil, nil
	}
	v.nearby.beside(f)
	return tryAll(v.ctx, locked, v.nearby.found)
}

// tryAll tries passwords in one call, since it may take another process to open
// the document.
func tryAll(ctx context.Context, locked scan.Locked, passwords []string) (scan.Document, error) {
	if len(passwords) == 0 {
		return nil, nil
	}
	return locked.Unlock(ctx, passwords)
}

// unlock returns the document whose content is to be read: as it is, or as a
// declared password opens it; nil if it stays closed. The verdict remains what
// it is, with a note: a password is asked for, and everybody knows it.
func (v *visit) unlock(f *scan.File, doc scan.Document, item *scan.Item) (scan.Document, error) {
	verdict := doc.Protection().Verdict // the item's own may be that of a container which was unlocked
	if locked, ok := doc.(scan.Locked); ok && (verdict.Closed() || verdict == scan.VerdictPartial) {
		opened, err := tryAll(v.ctx, locked, v.engine.cfg.Passwords)
		if err != nil {
			return nil, err
		}
		if opened != nil {
			item.Protection = merge(scan.Protection{Notes: []scan.Note{scan.NoteGuessable}}, item.Protection)
			return opened, nil
		}
		if opened, err := v.tryNearby(f, locked); opened != nil || err != nil {
			item.Protection = merge(scan.Protection{Notes: []scan.Note{scan.NotePasswordNearby}}, item.Protection)
			return opened, err
		}
	}
	if verdict.Closed() {
		return nil, nil
	}
	return doc, nil
}

// unlockNotes says of the members of a container how it was opened.
func unlockNotes(container *scan.Item) []scan.Note {
	for _, n := range []scan.Note{scan.NoteGuessable, scan.NotePasswordNearby} {
		if slices.Contains(container.Protection.Notes, n) {
			return []scan.Note{n}
		}
	}
	return nil
}
