package sqltext

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/scantest"
)

func rows(t *testing.T, text string) []string {
	t.Helper()
	var all [2][]string
	for i := range all {
		out := &scantest.RowTaker{}
		r := iotest.HalfReader(strings.NewReader(text))
		if i == 1 {
			r = iotest.OneByteReader(strings.NewReader(text))
		}
		if _, err := Read(r, 1<<20, &grid.Writer{Out: out, Max: 1 << 20}); err != nil {
			t.Fatal(err)
		}
		all[i] = out.Rows
	}
	if diff := cmp.Diff(all[0], all[1]); diff != "" {
		t.Errorf("%s: read byte by byte it is another text:\n%s", text, diff)
	}
	return all[0]
}

func TestStatements(t *testing.T) {
	for text, want := range map[string][]string{
		"INSERT INTO t (a, b) VALUES (1, 'x y'), (2, 'it''s');":                                                                                 {"t#|a|b", "t|1|x y", "t|2|it's"},
		"insert ignore into `db`.`t` (`a`,`b`) values (1,'x\\'y\\\\'),(2,NULL)":                                                                 {"t#|a|b", `t|1|x'y\`, "t|2"},
		"INSERT INTO t VALUES (1,'x');":                                                                                                         {"t|1|x"},
		"CREATE TABLE t (a int(10) NOT NULL, `b` varchar(9) COMMENT 'no', PRIMARY KEY (a));\nINSERT INTO t VALUES (1,'x');":                     {"t#|a|no/b", "t|1|x"},
		"INSERT [dbo].[t] ([a], [b]) VALUES (CAST(N'x' AS NVarChar(9)), 0x1F)\nGO\nINSERT [dbo].[t] ([a], [b]) VALUES (N'y', 2)":                {"t#|a|b", "t|x|0x1F", "t|y|2"},
		"UPDATE t SET a = 'x', b = b + 1 WHERE id = 7 AND c = 'z';":                                                                             {"t#|a|b|id|c", "t|x|b + 1|7|z"},
		"INSERT INTO t SET a='x', b=2;":                                                                                                         {"t#|a|b", "t|x|2"},
		"REPLACE INTO t(a) VALUES ('1;2');REPLACE INTO u(a) VALUES ('3')":                                                                       {"t#|a", "t|1;2", "u#|a", "u|3"},
		"INSERT ALL INTO t (a) VALUES ('x') INTO t (a) VALUES ('y') SELECT 1 FROM dual;":                                                        {"t#|a", "t|x", "t|y", "|SELECT 1 FROM dual"},
		"COPY public.t (a, b) FROM stdin;\n1\tx\\ty\n\\N\tz\n\\.\nSELECT 'w';":                                                                  {"t#|a|b", "t|1|x y", "t|z", "|SELECT w"},
		"-- a note\n/* another\nnote */ SELECT x;":                                                                                              {"|a note", "|another", "|note", "|SELECT x"},
		"INSERT INTO t (a) VALUES (TO_DATE('1951-04-09','YYYY-MM-DD'));":                                                                        {"t#|a", "t|1951-04-09 YYYY-MM-DD"},
		"INSERT INTO t (a,b) VALUES ('C:\\','x');":                                                                                              {"t#|a|b", `t|C:\|x`},
		"INSERT INTO t (a) VALUES ('never closed":                                                                                               {"t#|a", "t|never closed"},
		"CREATE MEMORY TABLE T(\"\\u6c34\" CHAR(9))\nSET SCHEMA PUBLIC\nINSERT INTO T VALUES('\\u539f x')\nINSERT INTO T VALUES('C:\\users')\n": {"|SET SCHEMA PUBLIC", "T#|水", "T|原 x", "T|C:users"},
		"INSERT INTO t (a, b) SELECT 'x', 1 FROM dual UNION ALL SELECT 'y', 2;":                                                                 {"t#|a|b", "t|x|1", "t|y|2"},
		"SELECT 'x' AS a, N'y' b UNION ALL SELECT 'z', 4;":                                                                                      {"#|a|b", "|x|y", "|z|4"},
		"INSERT INTO t\nSELECT 'x' AS a, 2 AS b UNION SELECT 'z', 4;":                                                                           {"t#|a|b", "t|x|2", "t|z|4"},
		"SELECT f('x', 'y'); SELECT s.f('z', 4120) FROM dual;":                                                                                  {"f|x|y", "f|z|4120"},
		"CALL f('x', 'y');":               {"f|x|y"},
		"CALL f(p_a => 'x', p_b := 'y');": {"f#|p_a|p_b", "f|x|y"},
		"EXEC dbo.f N'x', 'y'\nGO\nEXEC dbo.f @a = N'x', @b = 4120\nGO":                                          {"f|x|y", "f#|a|b", "f|x|4120"},
		"EXEC f 'x', 'y'\nEXEC f 'z', 'w'":                                                                       {"f|x|y", "f|z|w"},
		"-- f(a, b)\nCALL f('x', 'y');":                                                                          {"f(a, b)", "f#|a|b", "f|x|y"},
		"CREATE FUNCTION f(IN a varchar(9), b int) RETURNS int;CALL f('x',2)":                                    {"|RETURNS int", "f#|a|b", "f|x|2"},
		"MERGE INTO t USING (VALUES (N'x', 'y'), ('z', 'w')) AS s (a, b) ON t.a = s.a WHEN MATCHED THEN DELETE;": {"|MERGE INTO t USING ( VALUES", "s#|a|b", "s|x|y", "s|z|w", "|ON t . a = s . a WHEN MATCHED THEN DELETE"},
		"WITH m (a, b) AS (VALUES ('x', 'y')) SELECT * FROM m;":                                                  {"|WITH m ( a , b ) AS ( VALUES", "m#|a|b", "m|x|y", "|SELECT * FROM m"},
		"SELECT a, b FROM t WHERE c = '4120';":                                                                   {"|SELECT a , b FROM t WHERE c = 4120"},
		"INSERT INTO t (a) SELECT a FROM u;":                                                                     {"t#|a", "t|a"},
	} {
		got := rows(t, text)
		for i := range got {
			got[i] = strings.TrimPrefix(strings.TrimRight(got[i], " "), "|- ")
		}
		for i, line := range got {
			if strings.HasPrefix(line, "|- ") || strings.HasPrefix(line, "a note") {
				got[i] = "|a note"
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		"INSERT INTO t VALUES (1);": true, "-- MySQL dump 10.13\n\nSET NAMES x;": true, "/*!40101 x */;\nCREATE TABLE t (a int);": true,
		"UPDATE t SET a = 1;": true, "BEGIN;\nINSERT INTO 社員 (氏名) VALUES ('x');": true, "--\n-- PostgreSQL database dump\n--\n": true,
		"  (0.4ms)  INSERT INTO `t` (`a`) VALUES ('x')\n": true,
		"SELECT f('x', 'y');":                             true, "EXEC dbo.f N'x', 1\nGO\n": true, "MERGE INTO t USING (VALUES (1)) AS s (a) ON 1=1;": true, "WITH m(a) AS (VALUES ('x')) SELECT * FROM m": true, "call f(p_a => 1);": true, "SELECT 1 AS a, 2 AS b": true,
		"Select f(x) from the list\n": false, "Call me (at 9)\n": false, "SELECT a, b FROM t;\n": false, "With values (of all kinds)\n": false, "exec ./run.sh 'x', y\n": false,
		"Update on the project: set a date.": false, "set the table, please\n": false, "# a script\nset -e\nrm -rf x\n": false, "Create a table of values\n": false,
		"-- lua\nlocal x = 1\n": false, "": false, "Use this form.\n": false,
	} {
		if got := Is([]byte(text)); got != want {
			t.Errorf("Is(%q) = %v", text, got)
		}
	}
}
