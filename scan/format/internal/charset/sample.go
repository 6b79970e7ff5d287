package charset

// Sample returns the beginning of a text, which may be cut anywhere, as UTF-8;
// nothing of what is no text.
func Sample(head []byte) []byte {
	c, bom := Detect(head)
	switch {
	case c == Binary:
		return nil
	case c == ASCII || c == UTF8:
		return head[bom:]
	}
	text, err := c.Encoding().NewDecoder().Bytes(head[bom:])
	if err != nil {
		return nil
	}
	return text
}
