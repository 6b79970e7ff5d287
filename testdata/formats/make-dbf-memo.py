#!/usr/bin/env python3
"""Makes the dBASE III tables with a memo field again; the memo file itself is left out, as in a copy of one file."""
import os, struct
def dbf(name, memo):
    fields = [(b'NAME', b'C', 10), (b'NOTE', b'M', 10)]
    head = struct.pack('<BBBBIHH20x', 0x83, 115, 4, 1, 1, 32 + 32 * len(fields) + 1, 1 + 20)
    for n, kind, width in fields:
        head += n.ljust(11, b'\0') + kind + b'\0' * 4 + bytes([width, 0]) + b'\0' * 14
    with open(os.path.join(os.path.dirname(__file__), 'dbf', name), 'wb') as f:
        f.write(head + b'\r' + b' ' + b'YAMADA'.ljust(10) + memo.rjust(10) + b'\x1a')
dbf('memo-in-another-file.dbf', b'1')
dbf('memo-field-empty.dbf', b'')
