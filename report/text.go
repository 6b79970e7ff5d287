package report

// Text gives a message of the catalogue.
func Text(lang, id string) string { return id }
