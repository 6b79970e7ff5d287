package isolate

// olderCalls are those that newer architectures do without.
func olderCalls() []uint32 { return nil }
