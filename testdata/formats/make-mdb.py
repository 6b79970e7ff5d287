#!/usr/bin/env python3
"""Makes first pages of Access databases by the layout that mdbtools and
Jackcess document, with one page of data behind. No free program writes mdb, so
that these show only what the verdict looks at. Standard library only.

All people and numbers are invented.
"""
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))


def rc4(key, data):
    s = list(range(256))
    j = 0
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) % 256
        s[i], s[j] = s[j], s[i]
    out = bytearray()
    i = j = 0
    for b in data:
        i = (i + 1) % 256
        j = (j + s[i]) % 256
        s[i], s[j] = s[j], s[i]
        out.append(b ^ s[(s[i] + s[j]) % 256])
    return bytes(out)


def head(name, version, size, password="", page_key=0, info=b""):
    page = bytearray(size)
    page[0:4] = b"\0\1\0\0"
    page[4:20] = name.ljust(16, b"\0")
    page[0x14] = version
    date = 38000.5
    struct.pack_into("<I", page, 0x3E, page_key)
    if version == 0:
        page[0x42:0x42 + 20] = password.encode("cp932").ljust(20, b"\0")
    else:
        mask = struct.pack("<i", int(date)) * 10
        word = password.encode("utf-16le").ljust(40, b"\0")
        page[0x42:0x42 + 40] = bytes(a ^ b for a, b in zip(word, mask))
        struct.pack_into("<d", page, 0x72, date)
    n = 126 if version == 0 else 128
    page[0x18:0x18 + n] = rc4(bytes.fromhex("c7da396b"), bytes(page[0x18:0x18 + n]))
    if info:
        struct.pack_into("<H", page, 0x299, len(info))
        page[0x29B:0x29B + len(info)] = info
    return bytes(page)


def data(size, body):
    return (b"\1\1" + b"\0" * 14 + body).ljust(size, b"\0")


def write(name, *pages):
    os.makedirs(os.path.join(HERE, "mdb"), exist_ok=True)
    with open(os.path.join(HERE, "mdb", name), "wb") as f:
        f.write(b"".join(pages))
    print(name)


JET, ACE = b"Standard Jet DB", b"Standard ACE DB"
WIDE = "山田 太郎".encode("utf-16le") + b"\0\0\xff\xfe1234-567890\0\0"
NARROW = "佐藤 花子".encode("cp932") + b"\0" + b"0123-456789\0"
AGILE = (b"\4\0\4\0\x40\0\0\0" + b'<?xml version="1.0"?><encryption xmlns="http://schemas.microsoft.com/office/2006/encryption">'
         b'<keyData saltSize="16" blockSize="16" keyBits="128" hashSize="20" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" '
         b'hashAlgorithm="SHA1" saltValue="AAAAAAAAAAAAAAAAAAAAAA=="/></encryption>')
write("jet3-open.mdb", head(JET, 0, 2048), data(2048, NARROW))
write("jet3-password-is-only-a-question.mdb", head(JET, 0, 2048, "himitsu"), data(2048, NARROW))
write("jet4-open.mdb", head(JET, 1, 4096), data(4096, WIDE))
write("jet4-password-is-only-a-question.mdb", head(JET, 1, 4096, "himitsu"), data(4096, WIDE))
write("jet4-encoded-without-password.mdb", head(JET, 1, 4096, page_key=0x1234), data(4096, bytes(range(64))))
write("ace-open.accdb", head(ACE, 2, 4096), data(4096, WIDE))
write("ace-password-agile.accdb", head(ACE, 3, 4096, page_key=0x5678, info=AGILE), data(4096, bytes(range(256))))
