package evalset

import (
	"encoding/base64"
	"fmt"
	"strings"
)

func literal(v string) string {
	if v == "" {
		return "NULL"
	}
	return "'" + strings.ReplaceAll(v, "'", "''") + "'"
}

func literals(row []string) string {
	parts := make([]string, len(row))
	for i, v := range row {
		parts[i] = literal(v)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func writeSQL(d *draft, r records) {
	names := "`" + strings.Join(r.keys, "`, `") + "`"
	var b strings.Builder
	many := d.chance(50)
	for i, row := range r.rows {
		switch {
		case !many:
			fmt.Fprintf(&b, "INSERT INTO `t1` (%s) VALUES %s;\n", names, literals(row))
		case i == 0:
			fmt.Fprintf(&b, "INSERT INTO `t1` (%s) VALUES\n%s", names, literals(row))
		default:
			b.WriteString(",\n" + literals(row))
		}
	}
	if many {
		b.WriteString(";\n")
	}
	data, err := encodedText(d, b.String())
	if err != nil {
		data = []byte(b.String())
	}
	d.kind, d.raw = "sql", data
}

func writeDump(d *draft, r records) {
	var b strings.Builder
	if d.chance(50) {
		b.WriteString("-- MySQL dump 10.13\nDROP TABLE IF EXISTS `t1`;\nCREATE TABLE `t1` (\n  `id` int(11) NOT NULL AUTO_INCREMENT,\n")
		for _, k := range r.keys {
			fmt.Fprintf(&b, "  `%s` varchar(255) DEFAULT NULL,\n", k)
		}
		b.WriteString("  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\nINSERT INTO `t1` VALUES ")
		for i, row := range r.rows {
			if i > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, "(%d,%s", i+1, literals(row)[1:])
		}
		d.text("sql", b.String()+";\n")
		return
	}
	fmt.Fprintf(&b, "--\n-- PostgreSQL database dump\n--\n\nCOPY public.t1 (\"%s\") FROM stdin;\n", strings.Join(r.keys, `", "`))
	for _, row := range r.rows {
		cells := make([]string, len(row))
		for i, v := range row {
			if cells[i] = v; v == "" {
				cells[i] = `\N`
			}
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	d.text("sql", b.String()+"\\.\n")
}

func writeYAML(d *draft, r records) {
	var b strings.Builder
	byKey := d.chance(40)
	for i, row := range r.rows {
		if byKey {
			fmt.Fprintf(&b, "emp_%d:\n", i+1)
		}
		first := true
		for k, key := range r.keys {
			if row[k] == "" {
				continue
			}
			lead := "  "
			if first && !byKey {
				lead = "- "
			}
			first = false
			fmt.Fprintf(&b, "%s%s: %s\n", lead, yamlText(key), yamlText(row[k]))
		}
	}
	d.text(d.any("yml", "yaml"), b.String())
}

func yamlText(s string) string {
	if strings.ContainsAny(s, ":#'\"{}[]&*!|>%@`,?\\") || s[0] == '-' {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return s
}

func writeLabels(d *draft, r records) {
	var b strings.Builder
	mark := d.any("：", ": ", "：")
	end := d.any("\n", "----------\n", "\n")
	for _, row := range r.rows {
		for k, key := range r.keys {
			if row[k] != "" {
				b.WriteString(strings.ReplaceAll(key, "：", "") + mark + row[k] + "\n")
			}
		}
		b.WriteString(end)
	}
	data, err := encodedText(d, b.String())
	if err != nil {
		data = []byte(b.String())
	}
	d.kind, d.raw = "txt", data
}

func writeINI(d *draft, r records) {
	var b strings.Builder
	for i, row := range r.rows {
		fmt.Fprintf(&b, "[rec%d]\n", i+1)
		for k, key := range r.keys {
			if row[k] != "" {
				b.WriteString(key + "=" + row[k] + "\n")
			}
		}
		b.WriteString("\n")
	}
	d.text("ini", b.String())
}

func writeLog(d *draft, r records) {
	var b strings.Builder
	for _, row := range r.rows {
		fmt.Fprintf(&b, "[%s] production.INFO: record.update {\"user_id\":%d,\"params\":%s}\n", d.moment().Format("2006-01-02 15:04:05"), d.between(1, 99), jsonObject(d, r.keys, row, ""))
	}
	d.text("log", b.String())
}

func writeLDIF(d *draft, r records) {
	var b strings.Builder
	for i, row := range r.rows {
		fmt.Fprintf(&b, "dn: uid=u%d,ou=people,dc=example,dc=jp\n", i)
		for k, key := range r.keys {
			if row[k] != "" {
				fmt.Fprintf(&b, "%s:: %s\n", key, base64.StdEncoding.EncodeToString([]byte(row[k])))
			}
		}
		b.WriteString("\n")
	}
	d.text("ldif", b.String())
}

func writeCards(d *draft, r records) {
	var b strings.Builder
	for _, row := range r.rows {
		b.WriteString("BEGIN:VCARD\r\nVERSION:3.0\r\n")
		for k, key := range r.keys {
			if row[k] != "" {
				fmt.Fprintf(&b, "X-%s:%s\r\n", key, row[k])
			}
		}
		b.WriteString("END:VCARD\r\n")
	}
	d.text("vcf", b.String())
}
