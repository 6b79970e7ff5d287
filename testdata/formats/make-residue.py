#!/usr/bin/env python3
"""Makes the fixtures of residue: archives with bytes behind them that are of no known form."""
import io, os, random, zipfile

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "residue")
rnd = random.Random(5)


def archive():
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo("memo.txt", (2026, 1, 2, 3, 4, 6)), "nothing of interest\r\n" * 20)
    return b.getvalue()


def noise(n):
    return bytes(rnd.randrange(1, 9) for _ in range(n))


wide = "基礎年金番号 1234-567890 山田 太郎".encode("utf-16-le")
narrow = "基礎年金番号 1234-567890 山田 太郎".encode("cp932")
with open(os.path.join(here, "utf-16-behind.zip"), "wb") as f:
    f.write(archive() + noise(40) + wide + noise(40))
with open(os.path.join(here, "cp932-behind.zip"), "wb") as f:
    f.write(archive() + noise(40) + narrow + noise(40))
with open(os.path.join(here, "nothing-in-it.zip"), "wb") as f:
    f.write(archive() + noise(400))
