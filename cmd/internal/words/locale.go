package words

import (
	"cmp"
	"os"
	"strings"
)

// Locale is the language of whoever uses this computer: that of LC_ALL, LC_MESSAGES
// or LANG (POSIX.1-2017, 8.2), else that of the system's screens.
func Locale() string {
	name := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	if name == "" {
		name = systemLanguage()
	}
	if strings.HasPrefix(name, "ja") {
		return "ja"
	}
	return "en"
}
