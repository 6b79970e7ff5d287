package report

// List is the table of report formats, in the order in which help names them.
func List() []Format {
	return []Format{
		{Name: "console", Write: writeConsole},
		{Name: "html", Extension: ".html", Write: writeHTML},
		{Name: "xlsx", Extension: ".xlsx", Write: writeXLSX},
		{Name: "csv", Extension: ".csv", Write: writeCSV},
		{Name: "jsonl", Extension: ".jsonl", Write: writeJSONL},
	}
}
