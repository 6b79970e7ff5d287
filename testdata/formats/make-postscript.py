#!/usr/bin/env python3
"""Makes the fixtures of PostScript by its reference, and scripts with an archive behind them."""
import gzip, io, os, struct, tarfile

top = os.path.dirname(os.path.abspath(__file__))


def put(name, data):
    with open(os.path.join(top, name), "wb") as f:
        f.write(data)


program = b"""%!PS-Adobe-3.0
%%Title: (list)
/Helvetica findfont 12 scalefont setfont
72 720 moveto (Yamada Taro 1234-567890) show
showpage
%%EOF
"""
put("postscript/list.ps", program)
put("postscript/list.prn", b"\x1b%-12345X@PJL ENTER LANGUAGE=POSTSCRIPT\r\n" + program + b"\x1b%-12345X")
preview = b"II*\0\x08\0\0\0\0\0\0\0\0\0"
put("postscript/list-with-preview.eps", b"\xC5\xD0\xD3\xC6" + struct.pack("<6IH", 30, len(program), 0, 0, 30 + len(program), len(preview), 0xFFFF) + program + preview)

text = "氏名,基礎年金番号\r\n山田 太郎,1234-567890\r\n".encode("cp932")
packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as t:
    entry = tarfile.TarInfo("list.csv")
    entry.size, entry.mtime = len(text), 1767286984
    t.addfile(entry, io.BytesIO(text))
script = b"#!/bin/sh\n# unpacks what is behind the last line\n" + b"# nothing of interest\n" * 50
put("self-extracting/tar-gz.run", script + b"tail -n +54 \"$0\" | tar xz\nexit\n" + gzip.compress(packed.getvalue(), mtime=0))
put("self-extracting/tar.run", script + b"tail -n +54 \"$0\" | tar x\nexit\n" + packed.getvalue())
