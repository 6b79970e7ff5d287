#!/usr/bin/env bash
# Makes the fixtures of containers again that make-archives.sh and
# make-7z-rar-pdf.sh do not: make-containers.sh [part...]. Debian packages:
# 7zip p7zip-full zip arj jlha-utils openjdk-17-jdk-headless genisoimage udftools python3
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$PWD

printf '氏名,基礎年金番号\r\n山田 太郎,1234-567890\r\nｻﾄｳ ﾊﾅｺ,0123-456789\r\n' | iconv -f UTF-8 -t CP932 >"$work/list.csv"
printf 'これは公開の説明です\n' >"$work/readme.txt"
for i in $(seq 200); do cat "$work/list.csv"; done >"$work/long.csv"
head -c 100000 /dev/zero >"$work/zeros.bin"
# Matches of many lengths and distances, and more symbols than a tree learns at once.
python3 -c "
import random
random.seed(1)
print(''.join('山田 太郎,%04d-%06d,%s\r\n' % (random.randrange(10000), random.randrange(10**6), 'あいうえお' * random.randrange(4)) for _ in range(1500)), end='')" | iconv -f UTF-8 -t CP932 >"$work/varied.csv"
touch -d 2015-04-01T09:00:00Z "$work"/*
emptied() { mkdir -p "$@" && find "$@" -type f ! -name manifest.json -delete; }
seven() { (cd "$work" && 7z "$@" >/dev/null); }

part_zip() { # methods that are seldom, alone and under both kinds of encryption
	rm -f zip/password-*-method-*.zip zip/deflate64-*.zip
	for method in Deflate Deflate64 BZip2 LZMA; do
		seven a -bd -tzip -mm=$method -mem=AES256 -phimitsu "$out/zip/password-aes-256-method-${method,,}.zip" long.csv
		seven a -bd -tzip -mm=$method -mem=ZipCrypto -phimitsu "$out/zip/password-zipcrypto-method-${method,,}.zip" long.csv
	done
	seven a -bd -tzip -mm=Deflate64 "$out/zip/deflate64-long-matches.zip" zeros.bin long.csv
	# names in CP932 whose characters hold a backslash, as Windows writes them
	python3 - "$work/list.csv" zip/names-with-backslash-bytes.zip <<'PY'
import sys, zipfile
name = '表/ソート能力.csv'.encode('cp932')
with zipfile.ZipFile(sys.argv[2], 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr(zipfile.ZipInfo('x' * len(name), (2015, 4, 1, 9, 0, 0)), open(sys.argv[1], 'rb').read())
b = open(sys.argv[2], 'rb').read()
open(sys.argv[2], 'wb').write(b.replace(b'x' * len(name), name))
PY
}

part_volumes() {
	emptied volumes volume lone-volume
	head -c 6000 "$work/long.csv" >"$work/six.csv"
	seven a -bd -m0=Copy -v2500b "$out/volumes/copy.7z" six.csv
	seven a -bd -v150b "$out/volumes/lzma2.7z" long.csv readme.txt
	seven a -bd -v150b -phimitsu "$out/volumes/password.7z" long.csv readme.txt
	seven a -bd -tzip -mx=0 -v2500b "$out/volumes/numbered.zip" six.csv
	head -c 150000 /dev/zero | openssl enc -aes-128-ctr -K 00 -iv 00 2>/dev/null >"$work/noise.bin"
	(cd "$work" && zip -q -X -s 64k "$out/volumes/split.zip" noise.bin list.csv readme.txt)
	python3 make-rar.py volumes all
	# one that lacks the volume in the middle, and volumes by themselves
	cp volumes/copy.7z.001 volumes/lacks-second.7z.001 && cp volumes/copy.7z.003 volumes/lacks-second.7z.003
	for n in 1 2 3; do cp volumes/lzma2.7z.00$n volume/set.7z.00$n; done
	for v in rar4.part1.rar rar4.part2.rar rar4.part3.rar old-names.rar old-names.r00 old-names.r01; do cp volumes/$v volume/$v; done
	cp volumes/lzma2.7z.002 lone-volume/second.7z.002
	tail -c 1200 volumes/split.z01 >lone-volume/second.z02
	cp volumes/split.zip lone-volume/last.zip
}

part_self-extracting() { # the programs are the smallest there are
	emptied self-extracting
	python3 - "$work/stub.exe" <<'PY'
import struct, sys
code = b'\x31\xC0\xC3'.ljust(512, b'\0')  # xor eax, eax; ret
pe = b'PE\0\0' + struct.pack('<HHIIIHH', 0x14C, 1, 0, 0, 0, 224, 0x102)
pe += struct.pack('<HBBIIIIII', 0x10B, 1, 0, 512, 0, 0, 0x1000, 0x1000, 0x2000)
pe += struct.pack('<IIIHHHHHHIIIIHHIIIIII', 0x400000, 0x1000, 512, 4, 0, 0, 0, 4, 0, 0, 0x2000, 512, 0, 3, 0, 1 << 20, 4096, 1 << 20, 4096, 0, 16) + bytes(128)
pe += b'.text\0\0\0' + struct.pack('<IIIIIIHHI', 3, 0x1000, 512, 512, 0, 0, 0, 0, 0x60000020)
open(sys.argv[1], 'wb').write((b'MZ'.ljust(60, b'\0') + struct.pack('<I', 64) + pe).ljust(512, b'\0') + code)
PY
	seven a -bd "$work/a.7z" list.csv readme.txt
	seven a -bd -phimitsu -mhe=on "$work/locked.7z" list.csv
	cat "$work/stub.exe" "$work/a.7z" >self-extracting/7z.exe
	{ cat "$work/stub.exe"; printf ';!@Install@!UTF-8!\r\n;!@InstallEnd@!\r\n'; cat "$work/locked.7z"; head -c 3000 /dev/zero; } >self-extracting/7z-password-with-settings.exe
	cat program/elf "$work/a.7z" >self-extracting/7z-elf
	cat "$work/stub.exe" rar/rar4-stored.rar >self-extracting/rar4.exe
	cat "$work/stub.exe" rar/rar5-password.rar >self-extracting/rar5-password.exe
	cat "$work/stub.exe" lzh/lh5-level-1.lzh >self-extracting/lzh.exe
	{ printf 'MZ\x80\x00\x01\x00'; head -c 122 /dev/zero; cat lzh/lh5-level-2.lzh; } >self-extracting/lzh-for-dos.com
	cat "$work/stub.exe" attachecase/header-of-version-3.atc >self-extracting/attachecase.exe
	mkdir -p program && { cat "$work/stub.exe"; printf '7z\xBC\xAF\x27\x1C and Rar!\x1A\x07\x00 are only spoken of'; head -c 400 /dev/zero; } >program/speaks-of-archives.exe
}

part_pdf() { # needs libreoffice-calc, poppler-utils and qpdf
	python3 make-pdf.py pdf
	iconv -f CP932 -t UTF-8 "$work/long.csv" >"$work/table.csv"
	soffice -env:UserInstallation=file://"$work"/lo --headless --infilter=CSV:44,34,76 --convert-to pdf:calc_pdf_Export --outdir "$work" "$work/table.csv" >/dev/null 2>&1
	cp "$work/table.pdf" pdf/calc-table-of-many-pages.pdf
	qpdf --static-id --pages pdf/calc-table-of-many-pages.pdf 1 -- --empty "$work/one.pdf"
	pdftocairo -pdf "$work/one.pdf" pdf/cairo.pdf
	qpdf --static-id --add-attachment "$work/list.csv" --filename=名簿.csv -- pdf/blank-page.pdf pdf/attached-list.pdf
}

part_iso() {
	mkdir -p "$work/disc/年金 名簿" && cp "$work/list.csv" "$work/disc/年金 名簿/受給者一覧 平成27年度.csv" && cp "$work/readme.txt" "$work/long.csv" "$work/disc/"
	genisoimage -quiet -no-pad -R -input-charset utf-8 -output-charset utf-8 -o iso/rock-ridge.iso "$work/disc" 2>/dev/null
	genisoimage -quiet -no-pad -udf -J -input-charset utf-8 -o iso/udf-beside-iso9660.iso "$work/disc" 2>/dev/null
	mkdir "$work/two" && head -c 4096 "$work/long.csv" >"$work/two/AAAA.CSV" && tail -c +4097 "$work/long.csv" >"$work/two/AAAB.CSV"
	genisoimage -quiet -no-pad -input-charset utf-8 -o "$work/two.iso" "$work/two" 2>/dev/null
	python3 - "$work/two.iso" iso <<'PY'
import sys
# Two files that lie one behind the other become two extents of one.
b = bytearray(open(sys.argv[1], 'rb').read())
first, second = b.index(b'AAAA.CSV;1'), b.index(b'AAAB.CSV;1')
b[first - 8] |= 0x80
b[second:second + 4] = b'AAAA'
open(sys.argv[2] + '/file-of-two-extents.iso', 'wb').write(b)
# No program at hand makes UDF alone: the descriptors of ISO 9660 are taken away.
b = bytearray(open(sys.argv[2] + '/udf-beside-iso9660.iso', 'rb').read())
at = b.index(b'\0BEA01') // 2048
b[16 * 2048:19 * 2048] = b[at * 2048:(at + 3) * 2048]
b[19 * 2048:(at + 3) * 2048] = bytes((at - 16) * 2048)
open(sys.argv[2] + '/udf-alone.iso', 'wb').write(b)
PY
}

part_arj() {
	emptied arj
	for m in 0 1 2 3 4; do (cd "$work" && arj a -y -m$m "$out/arj/method-$m.arj" long.csv readme.txt varied.csv >/dev/null); done
	(cd "$work" && arj a -y -ghimitsu "$out/arj/garbled.arj" list.csv >/dev/null)
	(cd "$work" && arj a -y "$out/arj/one-open-one-garbled.arj" readme.txt && arj a -y -ghimitsu "$out/arj/one-open-one-garbled.arj" list.csv) >/dev/null
	(cd "$work" && arj a -y -v12k "$out/arj/first-volume.arj" varied.csv >/dev/null) && mv arj/first-volume.a01 arj/second-volume.a01 && rm -f arj/first-volume.a[0-9][0-9]
}

part_lzh() { # with the library of jlha-utils
	head -c 40000 /dev/zero | openssl enc -aes-128-ctr -K 00 -iv 00 2>/dev/null >"$work/noise.txt"
	for m in lh1 lh2 lh3 lzs lz5; do
		java -cp /usr/share/java/jlha.jar MakeLzh.java $m lzh/method-$m.lzh "$work/long.csv" "$work/readme.txt" "$work/varied.csv"
	done
	java -cp /usr/share/java/jlha.jar MakeLzh.java lh1 lzh/method-lh1-tree-is-halved.lzh "$work/readme.txt" "$work/noise.txt"
	# a path with backslashes, as LHA for DOS wrote it: an existing header with another name
	(cd "$work" && rm -f a.lzh && cp list.csv 0123456789abcdef.csv && jlha a0z a.lzh 0123456789abcdef.csv >/dev/null 2>&1)
	python3 - "$work/a.lzh" lzh/names-with-backslash-bytes.lzh <<'PY'
import sys
b = bytearray(open(sys.argv[1], 'rb').read())
name = '表\\ソート能力.csv'.encode('cp932')
old = b[0] + 2
head = b[:21] + bytes([len(name)]) + name + b[22 + b[21]:old]
head[0] = len(head) - 2
head[1] = sum(head[2:]) & 0xFF
open(sys.argv[2], 'wb').write(head + b[old:])
PY
	# PMarc ran on CP/M: the name of its method on another's data, which nobody looks at
	python3 - lzh/lh5-level-0.lzh lzh/method-pm2.lzh <<'PY'
import sys
b = bytearray(open(sys.argv[1], 'rb').read())
first = b[0] + 2
b[2:7] = b'-pm2-'
b[1] = sum(b[2:first]) & 0xFF
open(sys.argv[2], 'wb').write(b)
PY
}

part_cab() { # no program at hand writes LZX or Quantum: the name of the method alone
	python3 - cab/mszip.cab cab <<'PY'
import struct, sys
b = bytearray(open(sys.argv[1], 'rb').read())
assert struct.unpack_from('<H', b, 42)[0] == 1
for name, method in ('lzx-not-read.cab', 0x1503), ('quantum-not-read.cab', 0x0A72):
    struct.pack_into('<H', b, 42, method)
    open(sys.argv[2] + '/' + name, 'wb').write(b)
PY
}

[ $# -gt 0 ] || set -- zip volumes self-extracting pdf iso arj lzh cab
for part in "$@"; do "part_$part"; done
