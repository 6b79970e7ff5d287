#!/usr/bin/env bash
# Makes the fixtures of 7z, rar and pdf again. Debian packages: p7zip-full qpdf
# libreoffice-calc python3. No program that writes rar is free; make-rar.py
# writes stored archives by the published block layout.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

printf '氏名,基礎年金番号\r\n山田 太郎,1234-567890\r\nｻﾄｳ ﾊﾅｺ,0123-456789\r\n' | iconv -f UTF-8 -t CP932 >"$work/list.csv"
printf 'これは公開の説明です\n' >"$work/readme.txt"
: >"$work/empty.txt"
for i in $(seq 200); do cat "$work/list.csv"; done >"$work/long.csv"
head -c 3000 /dev/zero | openssl enc -aes-128-ctr -K 00 -iv 00 -out "$work/noise.bin" 2>/dev/null
touch -d 2015-04-01T09:00:00Z "$work"/*

rm -rf 7z/*.7z*; mkdir -p 7z
out=$PWD
seven() { (cd "$work" && 7z "$@" >/dev/null); }
seven a -bd "$out/7z/lzma2.7z" list.csv readme.txt
seven a -bd -m0=LZMA -ms=off "$out/7z/lzma-packed-header.7z" list.csv readme.txt empty.txt
seven a -bd -mhc=off "$out/7z/plain-header.7z" list.csv readme.txt
seven a -bd -m0=PPMd "$out/7z/ppmd.7z" long.csv
seven a -bd -m0=BZip2 "$out/7z/bzip2.7z" long.csv
seven a -bd -m0=Deflate "$out/7z/deflate.7z" long.csv
seven a -bd -m0=Copy "$out/7z/copy.7z" list.csv
seven a -bd -m0=BCJ2 -m1=LZMA -m2=LZMA -m3=LZMA -mb0:1 -mb0s1:2 -mb0s2:3 "$out/7z/bcj2.7z" list.csv
seven a -bd -phimitsu "$out/7z/password.7z" list.csv readme.txt
seven a -bd -phimitsu -mhc=off "$out/7z/password-plain-header.7z" list.csv
seven a -bd -phimitsu -mhe=on "$out/7z/password-names-hidden.7z" list.csv
seven a -bd "$out/7z/one-file-open-one-locked.7z" readme.txt
seven a -bd -phimitsu "$out/7z/one-file-open-one-locked.7z" list.csv
seven a -bd -phimitsu "$out/7z/only-empty-files.7z" empty.txt
seven a -bd -m0=Copy -v1500b "$out/7z/volumes.7z" noise.bin && rm "$out"/7z/volumes.7z.00[2-9]
# 41 bytes whose header declares 2^56 files.
python3 - 7z/declares-absurd-counts.7z <<'PY'
import struct, sys, zlib
header = b'\x01\x05\xFE' + b'\xFF' * 6
start = struct.pack('<QQI', 0, len(header), zlib.crc32(header))
open(sys.argv[1], 'wb').write(b'7z\xBC\xAF\x27\x1C\x00\x04' + struct.pack('<I', zlib.crc32(start)) + start + header)
PY

rm -f rar/*.rar; mkdir -p rar
python3 make-rar.py rar

rm -f pdf/*.pdf; mkdir -p pdf
iconv -f CP932 -t UTF-8 "$work/list.csv" >"$work/letter.txt"
soffice -env:UserInstallation=file://"$work"/lo --headless --convert-to pdf:writer_pdf_Export --outdir "$work" "$work/letter.txt" >/dev/null 2>&1
cp "$work/letter.pdf" pdf/libreoffice.pdf
q() { qpdf --static-id "$@" || [ $? = 3 ]; } # 3: warned of weak encryption
weak="--allow-weak-crypto"
q --object-streams=generate pdf/libreoffice.pdf pdf/object-streams.pdf
q --linearize pdf/libreoffice.pdf pdf/linearized.pdf
q $weak --encrypt himitsu owner 40 -- pdf/libreoffice.pdf pdf/password-rc4-40.pdf
q $weak --encrypt himitsu owner 128 --use-aes=n -- pdf/libreoffice.pdf pdf/password-rc4-128.pdf
q $weak --encrypt himitsu owner 128 --use-aes=y -- pdf/libreoffice.pdf pdf/password-aes-128.pdf
q $weak --encrypt himitsu owner 128 --use-aes=y --cleartext-metadata -- pdf/libreoffice.pdf pdf/password-aes-128-clear-metadata.pdf
q --encrypt himitsu owner 256 -- pdf/libreoffice.pdf pdf/password-aes-256.pdf
q $weak --encrypt himitsu owner 256 --force-R5 -- pdf/libreoffice.pdf pdf/password-aes-256-revision-5.pdf
q --object-streams=generate --encrypt himitsu owner 256 -- pdf/libreoffice.pdf pdf/password-object-streams.pdf
q --linearize --encrypt himitsu owner 256 -- pdf/libreoffice.pdf pdf/password-linearized.pdf
q $weak --encrypt '' owner 40 -- pdf/libreoffice.pdf pdf/owner-password-rc4-40.pdf
q $weak --encrypt '' owner 128 --use-aes=n -- pdf/libreoffice.pdf pdf/owner-password-rc4-128.pdf
q $weak --encrypt '' owner 128 --use-aes=y -- pdf/libreoffice.pdf pdf/owner-password-aes-128.pdf
q $weak --encrypt '' owner 128 --use-aes=y --cleartext-metadata -- pdf/libreoffice.pdf pdf/owner-password-aes-128-clear-metadata.pdf
q --encrypt '' owner 256 -- pdf/libreoffice.pdf pdf/owner-password-aes-256.pdf
q $weak --encrypt '' owner 256 --force-R5 -- pdf/libreoffice.pdf pdf/owner-password-aes-256-revision-5.pdf
q --object-streams=generate --encrypt '' owner 256 -- pdf/libreoffice.pdf pdf/owner-password-object-streams.pdf
# No free program locks a pdf for certificates: the name of the filter says it.
sed 's#/Filter /Standard#/Filter /Adobe.Pub#' pdf/password-aes-256.pdf >pdf/another-filter.pdf
{ printf 'HTTP/1.1 200 OK\r\n\r\n'; cat pdf/password-aes-256.pdf; } >pdf/something-before-the-mark.pdf
