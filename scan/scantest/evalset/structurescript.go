package evalset

import (
	"fmt"
	"strings"
)

// writeQueries writes records as scripts hold them elsewhere than in INSERT … VALUES.
func writeQueries(d *draft, r records) {
	quotedNames := make([]string, len(r.keys))
	for i, k := range r.keys {
		quotedNames[i] = "[" + strings.NewReplacer("[", "(", "]", ")").Replace(k) + "]"
	}
	names := strings.Join(quotedNames, ", ")
	var tuples, selects, calls, gos []string
	for i, row := range r.rows {
		values := strings.TrimSuffix(strings.TrimPrefix(literals(row), "("), ")")
		tuples = append(tuples, "("+values+")")
		if i == 0 {
			parts := make([]string, len(row))
			for k, v := range row {
				parts[k] = "N" + literal(v) + " AS " + quotedNames[k]
				if v == "" {
					parts[k] = "NULL AS " + quotedNames[k]
				}
			}
			selects = append(selects, "SELECT "+strings.Join(parts, ", "))
		} else {
			selects = append(selects, "SELECT "+values)
		}
		calls = append(calls, "CALL put_row("+values+");")
		gos = append(gos, fmt.Sprintf("INSERT [dbo].[T1] (%s) VALUES (%s)\nGO", names, values))
	}
	list := strings.Join(tuples, ",\n ")
	union := strings.Join(selects, "\nUNION ALL ")
	var text string
	switch d.IntN(6) {
	case 0:
		text = "MERGE INTO t1 USING (VALUES\n " + list + ") AS s (" + names + ")\nON t1.id = s.id WHEN MATCHED THEN UPDATE SET t1.x = 1;\nGO\n"
	case 1:
		text = "INSERT INTO t1\n" + union + ";\n"
	case 2:
		text = "WITH m (" + names + ") AS (VALUES\n " + list + ")\nSELECT * FROM m;\n"
	case 3:
		text = "-- put_row(" + strings.NewReplacer("[", "", "]", "").Replace(names) + ")\n" + strings.Join(calls, "\n") + "\n"
	case 4:
		text = "SET IDENTITY_INSERT [dbo].[T1] ON\nGO\n" + strings.Join(gos, "\n") + "\n"
	default:
		text = "MERGE t1 AS t USING (\n" + union + "\n) AS s ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id);\n"
	}
	d.text("sql", text)
}

// writeSingles writes records whose values stand in lists of one, as XML does that was
// turned into JSON or YAML.
func writeSingles(d *draft, r records) {
	yaml := d.chance(40)
	split := d.chance(50)
	var b strings.Builder
	if !yaml {
		b.WriteString(`{"list":[`)
	}
	for i, row := range r.rows {
		var parts []string
		lead := "- "
		for k, key := range r.keys {
			switch {
			case row[k] == "":
				continue
			case yaml:
				fmt.Fprintf(&b, "%s%s:\n  - %s\n", lead, yamlText(key), yamlText(row[k]))
				lead = "  "
				continue
			case split:
				parts = append(parts, fmt.Sprintf("%s:[{%s:%s}]", quoted(fmt.Sprintf("part%d", k)), quoted(key), quoted(row[k])))
			default:
				parts = append(parts, quoted(key)+":["+quoted(row[k])+"]")
			}
		}
		if !yaml {
			if i > 0 {
				b.WriteString(",")
			}
			b.WriteString("{" + strings.Join(parts, ",") + "}")
		}
	}
	if yaml {
		d.text("yaml", b.String())
		return
	}
	d.text("json", b.String()+"]}\n")
}
