package records

import "strings"

// A node is a place in the tree of keys, and a column of the table of records.
type node struct {
	parent int32
	key    string
	col    int    // -1 until it has one
	era    uint32 // in which its heading was handed out
	seen   uint32 // serial of the latest frame that had it
}

// A tree is the keys of a text.
type tree struct {
	nodes []node
	index map[nodeKey]int32
	cols  int    // columns given out
	era   uint32 // counts how often the headings were forgotten
}

type nodeKey struct {
	parent int32
	key    string
}

// Keys that are none of the text: of each of several objects that are alike, and of
// the further values of one key.
const (
	each  = "\x00"
	again = "\x01"
	aside = "\x03" // of lines that are no part of a record
)

// position begins the key of a value in a list of a list.
const position = '\x02'

// maxNodes bounds the tree. Keys beyond have no node but the root; their values come
// as lines, each behind its key.
const maxNodes = 1 << 14

// child returns the node of a key under another, or the root when there are too many.
func (t *tree) child(parent int32, key []byte) int32 {
	if n, ok := t.index[nodeKey{parent, string(key)}]; ok {
		return n
	}
	k := nodeKey{parent, string(key[:min(len(key), maxKey)])}
	if n, ok := t.index[k]; ok {
		return n
	}
	if len(t.nodes) >= maxNodes {
		return 0
	}
	n := int32(len(t.nodes))
	t.nodes = append(t.nodes, node{parent: parent, key: k.key, col: -1})
	t.index[k] = n
	return n
}

// maxKey is the length in bytes up to which keys are told apart.
const maxKey = 256

// fresh returns a node that the frame has no value of: a key that comes again has
// another column.
func (t *tree) fresh(f *frame, n int32) int32 {
	for steps := 0; t.nodes[n].seen == f.serial && steps < maxAgain; steps++ {
		n = t.child(n, []byte(again))
	}
	t.nodes[n].seen = f.serial
	return n
}

// maxAgain bounds the columns of one key; further values share the last.
const maxAgain = 32

// own reports whether a node is no key of the text.
func (n *node) own() bool {
	return n.key == "" || n.key == each || n.key == again || n.key == aside || n.key[0] == position
}

// heading returns the keys that lead to a node, the outermost first.
func (t *tree) heading(n int32) string {
	var keys []string
	size := 0
	for n > 0 {
		at := &t.nodes[n]
		if !at.own() {
			if size += len(at.key) + 1; size > maxHeading && len(keys) > 0 {
				break
			}
			keys = append(keys, at.key)
		}
		n = at.parent
	}
	for i, k := 0, len(keys)-1; i < k; i, k = i+1, k-1 {
		keys[i], keys[k] = keys[k], keys[i]
	}
	return strings.Join(keys, "/")
}

// maxHeading is the length in bytes that a heading of several keys may have.
const maxHeading = 120

// column returns the column of a node, and whether its heading is to be handed out.
func (t *tree) column(n int32) (col int, begun bool) {
	at := &t.nodes[n]
	if at.col < 0 {
		at.col = t.cols
		t.cols++
	}
	if at.era == t.era {
		return at.col, false
	}
	at.era = t.era
	return at.col, true
}

// moved returns the node that a key below one node has below another.
func (t *tree) moved(n, from, to int32) int32 {
	if n == from {
		return to
	}
	if n <= 0 {
		return n
	}
	at := t.nodes[n]
	return t.child(t.moved(at.parent, from, to), []byte(at.key))
}
