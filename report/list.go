package report

// List is the table of report formats, in the order in which help names them.
func List() []Format {
	return []Format{
		{Name: "console", begin: newConsole},
		{Name: "html", Extension: ".html", begin: newHTML},
		{Name: "xlsx", Extension: ".xlsx", begin: newXLSX},
		{Name: "csv", Extension: ".csv", begin: newCSV},
		{Name: "jsonl", Extension: ".jsonl", begin: newJSONL},
		{Name: "sarif", Extension: ".sarif", begin: newSARIF},
		{Name: "metrics", Extension: ".prom", begin: newMetrics},
	}
}
