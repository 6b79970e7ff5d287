#!/usr/bin/env python3
"""make-rar.py FOLDER [VOLUMES]: writes stored rar archives by the published block layouts (technote.txt of
RAR 4, "RAR 5.0 archive format"), since no free program packs rar. Locked ones
hold noise in the place of data."""
import os, struct, sys, zlib

CSV = '氏名,基礎年金番号\r\n山田 太郎,1234-567890\r\nｻﾄｳ ﾊﾅｺ,0123-456789\r\n'.encode('cp932')
README = 'これは公開の説明です\n'.encode()
NOISE = bytes((i * 73 + 41) % 251 for i in range(96))
DOS = 0x46814800  # 2015-04-01 09:00


def block4(kind, flags, body=b''):
    h = struct.pack('<BHH', kind, flags, 7 + len(body)) + body
    return struct.pack('<H', zlib.crc32(h) & 0xFFFF) + h


def file4(name, data, flags=0, size=None, attr=0x20):
    size = len(data) if size is None else size
    body = struct.pack('<IIBIIBBHI', len(data), size, 2, zlib.crc32(data), DOS, 29, 0x30, len(name), attr) + name
    if flags & 4:
        flags |= 0x400
        body += b'SALTSALT'
    return block4(0x74, flags | 0x8000, body) + data


def rar4(*blocks, main=0, end=0x4000):
    return b'Rar!\x1a\x07\x00' + block4(0x73, main, b'\0' * 6) + b''.join(blocks) + block4(0x7B, end)


def vint(n):
    out = b''
    while n >= 0x80:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def block5(kind, flags, body, extra=b'', data=b''):
    h = vint(kind) + vint(flags | (1 if extra else 0) | (2 if data else 0))
    h += (vint(len(extra)) if extra else b'') + (vint(len(data)) if data else b'') + body + extra
    h = vint(len(h)) + h
    return struct.pack('<I', zlib.crc32(h)) + h + data


def file5(name, data, locked=False, size=None, flags=0, folder=False, crc=None):
    name, size = name.encode(), len(data) if size is None else size
    body = vint((1 if folder else 0) | 4) + vint(size) + vint(0x20) + struct.pack('<I', zlib.crc32(data) if crc is None else crc) + vint(0) + vint(0) + vint(len(name)) + name
    extra = b''
    if locked:
        record = vint(1) + vint(0) + vint(0) + b'\x0f' + NOISE[:32]
        extra = vint(len(record)) + record
    return block5(2, flags, body, extra, data)


def rar5(*blocks, main=0, end=0):
    return b'Rar!\x1a\x07\x01\x00' + block5(1, 0, vint(main)) + b''.join(blocks) + block5(5, 0, vint(end))


FILES = {
    'rar4-stored.rar': rar4(file4(b'list.csv', CSV), file4(b'readme.txt', README)),
    'rar4-name-in-cp932.rar': rar4(file4('表\\名簿.csv'.encode('cp932'), CSV)),
    'rar4-password.rar': rar4(file4(b'list.csv', NOISE[:80], flags=4, size=len(CSV))),
    'rar4-password-names-hidden.rar': b'Rar!\x1a\x07\x00' + block4(0x73, 0x80, b'\0' * 6) + NOISE,
    'rar4-one-file-open-one-locked.rar': rar4(file4(b'readme.txt', README), file4(b'list.csv', NOISE[:80], flags=4, size=len(CSV))),
    'rar4-first-volume.part1.rar': rar4(file4(b'list.csv', CSV[:40], flags=2, size=len(CSV)), main=0x101, end=1),
    'rar4-no-last-block.rar': rar4(file4(b'list.csv', CSV))[:-7],
    'rar4-wrong-sum.rar': rar4(file4(b'list.csv', CSV)).replace('山田'.encode('cp932'), '川田'.encode('cp932')),
    'rar5-stored.rar': rar5(file5('名簿.csv', CSV), file5('folder', b'', folder=True), file5('readme.txt', README)),
    'rar5-password.rar': rar5(file5('list.csv', NOISE[:80], locked=True, size=len(CSV))),
    'rar5-password-names-hidden.rar': b'Rar!\x1a\x07\x01\x00' + block5(4, 0, vint(0) + vint(0) + b'\x0f' + NOISE[:16]) + NOISE,
    'rar5-one-file-open-one-locked.rar': rar5(file5('readme.txt', README), file5('list.csv', NOISE[:80], locked=True, size=len(CSV))),
    'rar5-first-volume.part1.rar': rar5(file5('list.csv', CSV[:40], size=len(CSV), flags=0x10), main=1, end=1),
    'rar5-last-volume-password.part2.rar': rar5(file5('list.csv', NOISE[:80], locked=True, size=len(CSV), flags=8), main=1),
}



def set4(names, main=0x111):
    """A set of three volumes: one file is cut twice, another lies whole in the last."""
    parts, sum_, out = [CSV[:30], CSV[30:50], CSV[50:]], zlib.crc32(CSV), {}
    for i, (name, part) in enumerate(zip(names, parts)):
        f = file4('名簿.csv'.encode('cp932'), part, flags=(1 if i > 0 else 0) | (2 if i < 2 else 0), size=len(CSV))
        if i == 2:  # the last part has the sum of the whole file
            h = bytearray(f[:-len(part)])
            h[16:20] = struct.pack('<I', sum_)
            h[:2] = struct.pack('<H', zlib.crc32(bytes(h[2:])) & 0xFFFF)
            f = bytes(h) + part + file4(b'readme.txt', README)
        out[name] = rar4(f, main=main if i == 0 else main & ~0x100, end=0x4001 if i < 2 else 0x4000)
    return out


def set5(names):
    parts, out = [CSV[:30], CSV[30:50], CSV[50:]], {}
    for i, (name, part) in enumerate(zip(names, parts)):
        f = file5('名簿.csv', part, size=len(CSV), flags=(8 if i > 0 else 0) | (0x10 if i < 2 else 0), crc=zlib.crc32(CSV) if i == 2 else None)
        main = vint(1) if i == 0 else vint(3) + vint(i)
        out[name] = b'Rar!\x1a\x07\x01\x00' + block5(1, 0, main) + f + (file5('readme.txt', README) if i == 2 else b'') + block5(5, 0, vint(1 if i < 2 else 0))
    return out


if len(sys.argv) > 2:
    sets = [set4(['old-names.rar', 'old-names.r00', 'old-names.r01'], 0x101), set4([f'rar4.part{i}.rar' for i in (1, 2, 3)]),
            set5([f'rar5.part{i:02}.rar' for i in (1, 2, 3)])]
    FILES = {name: data for s in sets for name, data in s.items()}
for name, data in FILES.items():
    with open(os.path.join(sys.argv[1], name), 'wb') as f:
        f.write(data)
