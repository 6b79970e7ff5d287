//go:build !windows

package words

// systemLanguage is "": what is not Windows says it in the environment.
func systemLanguage() string { return "" }
