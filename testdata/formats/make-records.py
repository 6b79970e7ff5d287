#!/usr/bin/env python3
"""Makes the fixtures of structured text: JSON, XML, SQL, YAML, labels, LDIF, vCard.

    python3 make-records.py

Python's json, xml.etree, csv, configparser and sqlite3 write what they can; PyYAML
writes YAML, node writes scripts. All people and numbers are invented.
"""
import base64
import configparser
import json
import os
import quopri
import sqlite3
import subprocess
import xml.etree.ElementTree as ET

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
PEOPLE = [
    ("水原 健", "みずはら けん", "1951-04-09", "秋田県横手市中央町8-12", "0512-340017"),
    ("大久保 ユミ", "おおくぼ ゆみ", "1948-11-30", "石川県小松市小馬出町91", "3457-120934"),
    ("平山 実", "ひらやま みのる", "1960-02-17", "長崎県諫早市東小路町7-1", "7723-608851"),
    ("小林 \"キヨ\"", "こばやし きよ", "1939-07-03", "香川県坂出市室町2-3-5", "7291-055420"),
]
KEYS = ["氏名", "カナ", "生年月日", "住所", "基礎年金番号"]
MANIFEST = {}


def write(path, data, made, text, **more):
    full = os.path.join(HERE, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    if isinstance(data, str):
        data = data.encode()
    with open(full, "wb") as f:
        f.write(data)
    folder, name = path.split("/")
    entry = {"name": name, "made_by": made, "how": "make-records.py", "verdict": "none", "text": text, **more}
    MANIFEST.setdefault(folder, []).append(entry)


def records():
    return [dict(zip(KEYS, p)) for p in PEOPLE]


NUMBERS = [p[4] for p in PEOPLE]
EACH = [PEOPLE[0][0], PEOPLE[3][0], "基礎年金番号"] + NUMBERS
LOOSE = {"endless": True}


def make_json():
    write("json/pretty.json", json.dumps(records(), ensure_ascii=False, indent=2), "Python json", EACH, **LOOSE)
    write("json/escaped.json", json.dumps(records()), "Python json", EACH, **LOOSE)
    write("json/minified.json", json.dumps(records(), ensure_ascii=False, separators=(",", ":")), "Python json", EACH, **LOOSE)
    write("json/lines.ndjson", "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records()), "Python json", EACH, **LOOSE)
    write("json/columns-and-data.json", json.dumps({"columns": KEYS, "index": [0, 1, 2, 3], "data": PEOPLE}, ensure_ascii=False), "Python json", EACH, **LOOSE)
    write("json/by-column.json", json.dumps({k: [p[i] for p in PEOPLE] for i, k in enumerate(KEYS)}, ensure_ascii=False), "Python json", EACH, **LOOSE)
    nested = {"page": 1, "items": [
        {"id": i, "person": {"name": p[0], "address": {"street": p[3]}}, "pension": {"number": int(p[4].replace("-", ""))},
         "dependents": [{"name": "水原 トメ", "number": "0512-340018"}]} for i, p in enumerate(PEOPLE)]}
    write("json/nested.json", json.dumps(nested, ensure_ascii=False, indent=1), "Python json",
          [PEOPLE[0][0], "items/pension/number", "3457120934", "items/dependents/number", "0512-340018"], **LOOSE)
    write("json/fields.json", json.dumps({"records": [{"fields": [{"label": k, "value": v} for k, v in zip(KEYS, p)]} for p in PEOPLE]}, ensure_ascii=False),
          "Python json", EACH[:2] + ["records/基礎年金番号"] + NUMBERS, **LOOSE)
    write("json/by-key.json", json.dumps({"emp%d" % i: r for i, r in enumerate(records())}, ensure_ascii=False), "Python json", EACH + ["emp0", "emp3"], **LOOSE)
    script = "const rows = %s;\nconsole.log('const rows = ' + require('util').inspect(rows, {maxArrayLength: null}) + ';')" % json.dumps(records())
    write("json/script.js", subprocess.run(["node", "-e", script], stdout=subprocess.PIPE, check=True).stdout, "node util.inspect", EACH, **LOOSE)
    write("json/python.txt", repr(records()), "Python repr", EACH, **LOOSE)
    write("json/utf-16.json", json.dumps(records(), ensure_ascii=False).encode("utf-16"), "Python json", EACH, **LOOSE)
    log = "".join('[2024-05-0%d 10:02:11] production.INFO: employee.update %s\n' % (i + 1, json.dumps({"user": i, "params": r}, ensure_ascii=False)) for i, r in enumerate(records()))
    write("json-log/laravel.log", log, "Python json", EACH[:2] + ["params/基礎年金番号", "[2024-05-01 10:02:11] production.INFO: employee.update "] + NUMBERS, **LOOSE)
    ruby = "".join('I, [2024-05-0%d]  INFO -- :   Parameters: {"employee"=>{%s}}\n' % (i + 1, ", ".join('"%s"=>"%s"' % (k, v.replace('"', '\\"')) for k, v in r.items())) for i, r in enumerate(records()))
    write("json-log/rails.log", ruby, "by hand, as Rails 7 writes it", EACH[:2] + ["employee/基礎年金番号"] + NUMBERS, **LOOSE)


def make_xml():
    root = ET.Element("一覧")
    ET.SubElement(root, "作成者").text = "架空商事"
    for p in PEOPLE:
        e = ET.SubElement(root, "被保険者")
        for k, v in zip(KEYS, p):
            ET.SubElement(e, k).text = v
    heads = ["一覧/被保険者/基礎年金番号"]
    write("xml/elements.xml", '<?xml version="1.0" encoding="UTF-8"?>\n<!-- 控 -->\n' + ET.tostring(root, encoding="unicode"), "Python xml.etree", EACH[:2] + heads + NUMBERS + ["控"], **LOOSE)
    write("xml/shift-jis.xml", ET.tostring(root, encoding="shift_jis"), "Python xml.etree", EACH[:2] + heads + NUMBERS, **LOOSE)
    root = ET.Element("list")
    for p in PEOPLE:
        ET.SubElement(root, "row", {"name": p[0], "birth": p[2], "nenkin_no": p[4]})
    write("xml/attributes.xml", ET.tostring(root, encoding="us-ascii"), "Python xml.etree", EACH[:2] + ["list/row/nenkin_no"] + NUMBERS, **LOOSE)
    root = ET.Element("export")
    for p in PEOPLE:
        e = ET.SubElement(root, "record")
        for k, v in zip(KEYS, p):
            ET.SubElement(e, "field", {"name": k}).text = v
    write("xml/fields.xml", ET.tostring(root, encoding="utf-8"), "Python xml.etree", EACH[:2] + ["export/record/基礎年金番号"] + NUMBERS, **LOOSE)
    words = '<?xml version="1.0"?><article><para>水原の<em>基礎年金番号</em>は 0512-340017 です。</para></article>'
    write("xml/document.xml", words, "by hand, as DocBook has it", ["水原の基礎年金番号 は 0512-340017 です。"], **LOOSE)


def make_sql():
    db = sqlite3.connect(":memory:")
    db.execute("create table employees (id integer primary key, name text, kana text, birthday text, address text, nenkin_no text)")
    db.executemany("insert into employees (name, kana, birthday, address, nenkin_no) values (?,?,?,?,?)", PEOPLE)
    write("sql/sqlite.sql", "\n".join(db.iterdump()), "Python sqlite3", EACH[:2] + ["nenkin_no"] + NUMBERS, **LOOSE)
    quoted = ["('%s')" % "','".join(v.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"') for v in p) for p in PEOPLE]
    dump = ("-- MySQL dump 10.13  Distrib 8.0.36\n/*!40101 SET NAMES utf8mb4 */;\nDROP TABLE IF EXISTS `emp`;\nCREATE TABLE `emp` (\n"
            "  `name` varchar(50) NOT NULL,\n  `kana` varchar(50) DEFAULT NULL,\n  `birth` date,\n  `addr` varchar(255) DEFAULT 'なし',\n"
            "  `knno` varchar(11) DEFAULT NULL COMMENT '基礎年金番号',\n  PRIMARY KEY (`name`)\n) ENGINE=InnoDB;\nINSERT INTO `emp` VALUES " + ",".join(quoted) + ";\n")
    write("sql/mysqldump.sql", dump, "by hand, as mysqldump 8.0 writes it", EACH[:2] + ["基礎年金番号/knno"] + NUMBERS, **LOOSE)
    copy = ("--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\n\nCOPY public.emp (name, kana, birth, address, nenkin_no) FROM stdin;\n"
            + "".join("\t".join(p) + "\n" for p in PEOPLE) + "\\.\n\n--\n-- PostgreSQL database dump complete\n--\n")
    write("sql/pg_dump.sql", copy, "by hand, as pg_dump 16 writes it", EACH[:2] + ["nenkin_no"] + NUMBERS, **LOOSE)
    update = "".join("UPDATE [dbo].[emp] SET [name] = N'%s', [nenkin_no] = '%s' WHERE [id] = %d;\nGO\n" % (p[0], p[4], i) for i, p in enumerate(PEOPLE))
    write("sql/update.sql", update, "by hand, as SQL Server's tools write it", EACH[:2] + ["nenkin_no"] + NUMBERS, **LOOSE)
    cp932 = "".join("INSERT INTO 社員 (氏名, 基礎年金番号) VALUES ('%s', '%s');\r\n" % (p[0], p[4]) for p in PEOPLE)
    write("sql/cp932.sql", cp932.encode("cp932"), "by hand, as Access tools write it", EACH, **LOOSE)


def make_yaml():
    write("yaml/list.yml", yaml.safe_dump(records(), allow_unicode=True, sort_keys=False), "PyYAML", EACH, **LOOSE)
    write("yaml/by-key.yml", yaml.safe_dump({"emp_%d" % i: r for i, r in enumerate(records())}, allow_unicode=True, sort_keys=False), "PyYAML", EACH + ["emp_0"], **LOOSE)
    write("yaml/escaped.yml", yaml.safe_dump({"employees": records()}), "PyYAML", EACH[:2] + ["employees/基礎年金番号"] + NUMBERS, **LOOSE)
    write("yaml/flow.yml", "staff:\n" + "".join("  - " + yaml.safe_dump(r, allow_unicode=True, default_flow_style=True, width=9999) for r in records()),
          "PyYAML", EACH[:2] + ["staff/基礎年金番号"] + NUMBERS, **LOOSE)


def make_labels():
    blocks = "\n".join("".join("%s：%s\n" % kv for kv in r.items()) for r in records())
    write("labels/blocks.txt", blocks.encode("cp932"), "by hand", EACH, **LOOSE)
    ruled = "----------\n".join("".join("%s: %s\r\n" % kv for kv in r.items()) for r in records())
    write("labels/ruled.txt", ruled, "by hand", EACH, **LOOSE)
    ini = configparser.ConfigParser()
    ini.optionxform = str
    for i, r in enumerate(records()):
        ini["emp%d" % i] = r
    with open(os.path.join(HERE, "emp.tmp"), "w+") as f:
        ini.write(f)
        f.seek(0)
        text = f.read()
    os.remove(f.name)
    write("labels/sections.ini", text, "Python configparser", EACH + ["emp0"], **LOOSE)


def make_directory():
    def line(k, v):
        if v.isascii():
            return "%s: %s\n" % (k, v)
        text = "%s:: %s" % (k, base64.b64encode(v.encode()).decode())
        return "\n ".join(text[i:i + 76] for i in range(0, len(text), 76)) + "\n"
    entries = "\n".join("dn: uid=u%d,ou=people,dc=example,dc=jp\nobjectClass: person\n" % i + line("cn", p[0]) + line("street", p[3]) + line("nenkinNumber", p[4])
                        for i, p in enumerate(PEOPLE))
    write("ldif/people.ldif", "version: 1\n\n" + entries, "by hand, as ldapsearch writes it", EACH[:2] + ["nenkinNumber"] + NUMBERS, **LOOSE)
    cards = "".join("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:%s\r\nBDAY:%s\r\nADR;TYPE=home:;;%s;;;;\r\nNOTE:基礎年金番号 %s\r\nEND:VCARD\r\n" % (p[0], p[2], p[3], p[4]) for p in PEOPLE)
    write("vcard/people.vcf", cards, "by hand, as phones write it", EACH[:2] + ["NOTE"] + ["基礎年金番号 " + n for n in NUMBERS], **LOOSE)
    old = "".join("BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:%s\r\nNOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:%s\r\nEND:VCARD\r\n"
                  % (quopri.encodestring(p[0].encode()).decode().replace("=\n", "=\r\n"), quopri.encodestring(("基礎年金番号 " + p[4]).encode()).decode().replace("=\n", "=\r\n")) for p in PEOPLE)
    write("vcard/old.vcf", old, "by hand, as phones write vCard 2.1", EACH[:2] + ["基礎年金番号 " + n for n in NUMBERS], **LOOSE)
    calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join("BEGIN:VEVENT\r\nDTSTART:2024040%dT010000Z\r\nSUMMARY:年金相談\r\nDESCRIPTION:%s 基礎年金番\r\n 号 %s\r\nEND:VEVENT\r\n" % (i + 1, p[0], p[4]) for i, p in enumerate(PEOPLE)) + "END:VCALENDAR\r\n"
    write("vcard/visits.ics", calendar, "by hand, as Google Calendar writes it", ["水原 健 基礎年金番号 0512-340017"], **LOOSE)


make_json()
make_xml()
make_sql()
make_yaml()
make_labels()
make_directory()
for folder, files in MANIFEST.items():
    with open(os.path.join(HERE, folder, "manifest.json"), "w") as f:
        f.write('{"files": [\n  ' + ",\n  ".join(json.dumps(x, ensure_ascii=False) for x in files) + "\n]}\n")
