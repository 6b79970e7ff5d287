// With a file of assembler in the package the compiler bears a function without
// a body, which streams.go has.
