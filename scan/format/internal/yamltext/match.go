package yamltext

import "bytes"

// Is reports whether a text is YAML that holds more than a flat list of keys: it
// begins as a document does, or keys and items stand within others. Nearly each line
// has to be one of its. The sample is UTF-8 and may be cut.
func Is(sample []byte) bool {
	lines, fit, within, items := 0, 0, 0, 0
	marked := bytes.HasPrefix(sample, []byte("---\n")) || bytes.HasPrefix(sample, []byte("---\r")) || bytes.HasPrefix(sample, []byte("%YAML"))
	block, before, opened := -1, -1, false
	for line := range bytes.Lines(sample) {
		if len(line) == 0 || line[len(line)-1] != '\n' && lines > 0 {
			break // it may be cut
		}
		line = bytes.TrimRight(line, " \t\r\n")
		content := bytes.TrimLeft(line, " ")
		indent := len(line) - len(content)
		if len(content) == 0 || content[0] == '#' || string(line) == "---" || string(line) == "..." {
			continue
		}
		if block >= 0 && indent > block {
			continue
		}
		block = -1
		lines++
		if content[0] == '\t' {
			continue
		}
		item := false
		for bytes.HasPrefix(content, []byte("- ")) {
			content, item = bytes.TrimLeft(content[2:], " "), true
		}
		key, value, ok := []byte(nil), []byte(nil), false
		if bytes.HasPrefix(content, []byte("? ")) || bytes.HasPrefix(content, []byte(": ")) {
			fit++
			continue
		}
		if len(content) > 0 {
			key, value, ok = split(content)
		}
		ok = ok && keyLike(key)
		switch {
		case ok:
			fit++
			if item {
				items++
			}
			if indent > before && opened {
				within++
			}
			before, opened = indent, len(value) == 0
			if v := bare(value); len(v) > 0 && (v[0] == '|' || v[0] == '>') {
				block = indent
			}
			if item {
				before, opened = indent, true
			}
		case item || string(content) == "-":
			fit++
			if opened {
				within++
			}
		}
	}
	return lines >= 2 && fit*10 >= lines*9 && (within > 0 || items > 1 || marked && lines > 1)
}

// keyLike reports whether a key is one that programs write: a word or a few, and no
// sentence.
func keyLike(key []byte) bool {
	return len(key) > 0 && len(key) <= 80 && bytes.Count(key, []byte(" ")) <= 3 && !bytes.Contains(key, []byte("://")) && !bytes.ContainsAny(key, "<>;(){}")
}
