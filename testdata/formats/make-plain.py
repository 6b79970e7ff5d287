#!/usr/bin/env python3
"""Makes the fixtures that need no office program: pictures, programs, texts,
and zip files by the zip and 7z programs. Standard library only.

    python3 make-plain.py

All people and numbers are invented.
"""
import os
import shutil
import sqlite3
import struct
import subprocess
import tempfile
import wave
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = "氏名,フリガナ,基礎年金番号\n山田 太郎,ヤマダ タロウ,1234-567890\n佐藤 花子,ｻﾄｳ ﾊﾅｺ,0123-456789\n"


def write(path, data):
    full = os.path.join(HERE, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as f:
        f.write(data)
    print(path, len(data))


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0\0\xff\0\xff\0")) + chunk(b"IEND", b""))


def wav(path):
    full = os.path.join(HERE, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with wave.open(full, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(8000)
        w.writeframes(b"\0\1" * 400)


def zips():
    os.makedirs(os.path.join(HERE, "zip"), exist_ok=True)
    plain = os.path.join(HERE, "zip", "names-in-cp932.zip")
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as z:
        info = zipfile.ZipInfo("x" * len("名簿.csv".encode("cp932")))
        z.writestr(info, TABLE.encode("cp932"))
    data = open(plain, "rb").read()
    data = data.replace(b"x" * len("名簿.csv".encode("cp932")), "名簿.csv".encode("cp932"))
    open(plain, "wb").write(data)
    if not shutil.which("7z"):
        print("7z is not there: encrypted archives are left as they are")
        return
    with tempfile.TemporaryDirectory() as d:
        with open(os.path.join(d, "meibo.csv"), "w", encoding="utf-8") as f:
            f.write(TABLE)
        with open(os.path.join(d, "readme.txt"), "w", encoding="utf-8") as f:
            f.write("これは公開の説明です\n")
        for name, args in {
            "password-zipcrypto.zip": ["-phimitsu", "-mem=ZipCrypto", "meibo.csv"],
            "password-aes-256.zip": ["-phimitsu", "-mem=AES256", "meibo.csv"],
        }.items():
            out = os.path.join(HERE, "zip", name)
            if os.path.exists(out):
                os.remove(out)
            subprocess.run(["7z", "a", "-tzip", out, *args], cwd=d, check=True, stdout=subprocess.DEVNULL)
        out = os.path.join(HERE, "zip", "one-entry-with-password.zip")
        if os.path.exists(out):
            os.remove(out)
        subprocess.run(["7z", "a", "-tzip", out, "readme.txt"], cwd=d, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["7z", "a", "-tzip", "-phimitsu", out, "meibo.csv"], cwd=d, check=True, stdout=subprocess.DEVNULL)


def program():
    source = tempfile.NamedTemporaryFile(suffix=".c", delete=False)
    source.write(b"int main(void) { return 0; }\n")
    source.close()
    out = os.path.join(HERE, "program", "elf")
    os.makedirs(os.path.dirname(out), exist_ok=True)
    subprocess.run(["cc", "-s", "-nostdlib", "-static", "-Wl,-e,main", "-Wl,-z,noseparate-code", "-o", out, source.name], check=True)
    os.remove(source.name)


def database():
    full = os.path.join(HERE, "unsupported", "table.sqlite")
    os.makedirs(os.path.dirname(full), exist_ok=True)
    if os.path.exists(full):
        os.remove(full)
    db = sqlite3.connect(full)
    db.execute("pragma page_size=512")
    db.execute("create table t (name text, number text)")
    db.execute("insert into t values ('山田 太郎', '1234-567890')")
    db.commit()
    db.close()


def font():
    """An empty sfnt with the tables that make it a font, no glyph of anybody's."""
    names = [b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"name", b"post"]
    head = struct.pack(">IHHHH", 0x00010000, len(names), 128, 3, 16)
    at = len(head) + 16 * len(names)
    table = b"".join(n + struct.pack(">III", 0, at, 4) for n in names)
    write("font/no-glyphs.ttf", head + table + b"\0" * 4)


def main():
    write("empty/no-byte.xls", b"")
    write("text/cp932.csv", TABLE.encode("cp932"))
    write("text/utf-8-with-mark.csv", b"\xef\xbb\xbf" + TABLE.encode())
    write("text/utf-16le-without-mark.csv", TABLE.encode("utf-16le"))
    write("text/euc-jp.csv", TABLE.encode("euc_jp"))
    write("text/iso-2022-jp.txt", "山田 太郎\n基礎年金番号 1234-567890\n".encode("iso2022_jp"))
    write("text/tab-separated-named-xls.xls", TABLE.replace(",", "\t").encode("cp932"))
    write("text/prose-with-angle-brackets.txt", "x < y and a > b; <not html>\nID;PLEASE;see below\n{\\rtl}\nTABLE of contents\n".encode())
    write("picture/dot.png", png())
    wav("media/beep.wav")
    database()
    program()
    font()
    zips()


if __name__ == "__main__":
    main()
