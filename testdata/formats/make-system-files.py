#!/usr/bin/env python3
"""Makes the fixtures of system files by their specifications, and twins that only have their names."""
import os, struct

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "system-file")


def put(name, data):
    with open(os.path.join(here, name), "wb") as f:
        f.write(data)


def compound(streams):
    """A compound file (MS-CFB) with sectors of 512 bytes; each stream has at least 4,096 bytes."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fat, data = [table, end], b""
    entries = [("Root Entry", 5, 1 if streams else free, end, 0)]
    for i, (name, text) in enumerate(streams):
        text = text.ljust(4096, b"\0")
        start, n = len(fat), len(text) // 512
        fat += [start + k + 1 for k in range(n - 1)] + [end]
        data += text
        entries.append((name, 2, free, start, len(text)))
    directory = b""
    for i in range(4):
        if i >= len(entries):
            directory += bytes(128)
            continue
        name, kind, child, start, size = entries[i]
        raw = name.encode("utf-16-le")
        right = i + 1 if 0 < i < len(entries) - 1 else free
        directory += raw.ljust(64, b"\0") + struct.pack("<HBB3I", len(raw) + 2, kind, 1, free, right, child) + bytes(36) + struct.pack("<IQ", start, size)
    header = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(16) + struct.pack("<5H6x9I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    return header + struct.pack("<128I", *fat, *[free] * (128 - len(fat))) + directory + data


put("Thumbs.db", compound([("Catalog", b"\x10\0\x07\0" * 20), ("1", b"\x0C\0\0\0\1\0\0\0" + b"\xFF\xD8\xFF\xE0" * 500)]))
put(".DS_Store", b"\0\0\0\x01Bud1" + struct.pack(">3I", 0x1000, 0x800, 0x1000) + bytes(4076) + b"\0" * 2048)
put("._memo.txt", b"\0\x05\x16\x07\0\x02\0\0Mac OS X        " + struct.pack(">H6I", 2, 9, 50, 32, 2, 82, 0) + bytes(32))
put("desktop.ini", "[.ShellClassInfo]\r\nLocalizedResourceName=@%SystemRoot%\\system32\\shell32.dll,-21770\r\nIconResource=C:\\Icons\\a.ico,0\r\n[ViewState]\r\nMode=\r\nVid=\r\nFolderType=Documents\r\n".encode("utf-16"))
put("memo.lnk", bytes.fromhex("4C0000000114020000000000C000000000000046") + struct.pack("<2I", 0x81, 0x20) + bytes(48) + "\u005C\0\\server\\share\\memo.txt\0".encode("cp932"))
put("~$memo.docx", b"\x06yamada".ljust(55, b" ") + "\x06\0yamada".encode("utf-16-le").ljust(107, b"\0"))
list_ = "氏名,基礎年金番号\r\n山田 太郎,1234-567890\r\n佐藤 花子,0123-456789\r\n".encode()
os.makedirs(os.path.join(here), exist_ok=True)
put("~$list.csv", list_ * 3)
