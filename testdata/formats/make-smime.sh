#!/usr/bin/env bash
# Makes the fixtures of smime with openssl, and those of tnef by hand.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/k.pem" -out "$work/c.pem" -subj /CN=sample -days 10 2>/dev/null
printf 'Content-Type: text/csv; charset=utf-8\r\nContent-Disposition: attachment; filename="list.csv"\r\n\r\n氏名,基礎年金番号\r\n山田 太郎,1234-567890\r\nサトウ ハナコ,0123-456789\r\n' >"$work/in"
cms() { openssl cms -binary -in "$work/in" -outform DER "$@"; }
mkdir -p smime tnef
cms -sign -nodetach -signer "$work/c.pem" -inkey "$work/k.pem" -out smime/signed.p7m
cms -sign -nodetach -stream -signer "$work/c.pem" -inkey "$work/k.pem" -out smime/signed-in-pieces.p7m
cms -sign -signer "$work/c.pem" -inkey "$work/k.pem" -out smime/signature-alone.p7s
cms -encrypt -aes256 -out smime/encrypted.p7m "$work/c.pem"
cms -data_create -out smime/data.p7m
python3 - <<'P'
import struct
text = "氏名,基礎年金番号\r\n山田 太郎,1234-567890\r\nサトウ ハナコ,0123-456789\r\n"
def attribute(level, ident, data):
    return bytes([level]) + struct.pack("<II", ident, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
def stream(*attributes):
    return struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack("<I", 0x10000)) + b"".join(attributes)
def prop(kind, ident, value):
    return struct.pack("<HHII", kind, ident, 1, len(value)) + value + b"\0" * (-len(value) % 4)
def rtf(text): # stored, not packed
    body = text.encode("ascii")
    return struct.pack("<IIII", len(body) + 12, len(body), 0x414C454D, 0) + body
begin = attribute(2, 0x00069002, b"\1\0" + b"\xFF" * 4 + b"\0" * 8)
open("tnef/attached-list.dat", "wb").write(stream(
    attribute(1, 0x0002800C, b"see the list\r\n\0"), begin, attribute(2, 0x00018010, "一覧.csv".encode("cp932") + b"\0"), attribute(2, 0x0006800F, text.encode("cp932"))))
open("tnef/list-in-the-text.dat", "wb").write(stream(attribute(1, 0x0002800C, text.encode("cp932") + b"\0")))
body = "{\\rtf1\\ansi\\ansicpg932 \\par 1234-567890\\par 0123-456789\\par}"
inner = stream(attribute(1, 0x0002800C, text.encode("cp932") + b"\0"))
properties = struct.pack("<I", 2) + struct.pack("<HHi", 3, 0x0E07, 1) + prop(0x0102, 0x1009, rtf(body))
open("tnef/rich-text.dat", "wb").write(stream(attribute(1, 0x00069003, properties)))
properties = struct.pack("<I", 2) + prop(0x001E, 0x3707, b"mail.dat\0") + prop(0x000D, 0x3701, b"\0" * 16 + inner)
open("tnef/attached-message.dat", "wb").write(stream(begin, attribute(2, 0x00069005, properties)))
P
