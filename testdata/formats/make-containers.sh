#!/usr/bin/env bash
# Makes the fixtures of containers again that make-archives.sh and
# make-7z-rar-pdf.sh do not: make-containers.sh [part...]. Debian packages:
# 7zip p7zip-full zip arj genisoimage udftools python3
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$PWD

printf '氏名,基礎年金番号\r\n山田 太郎,1234-567890\r\nｻﾄｳ ﾊﾅｺ,0123-456789\r\n' | iconv -f UTF-8 -t CP932 >"$work/list.csv"
printf 'これは公開の説明です\n' >"$work/readme.txt"
for i in $(seq 200); do cat "$work/list.csv"; done >"$work/long.csv"
head -c 100000 /dev/zero >"$work/zeros.bin"
touch -d 2015-04-01T09:00:00Z "$work"/*
seven() { (cd "$work" && 7z "$@" >/dev/null); }

part_zip() { # methods that are seldom, alone and under both kinds of encryption
	rm -f zip/password-*-method-*.zip zip/deflate64-*.zip
	for method in Deflate Deflate64 BZip2 LZMA; do
		seven a -bd -tzip -mm=$method -mem=AES256 -phimitsu "$out/zip/password-aes-256-method-${method,,}.zip" long.csv
		seven a -bd -tzip -mm=$method -mem=ZipCrypto -phimitsu "$out/zip/password-zipcrypto-method-${method,,}.zip" long.csv
	done
	seven a -bd -tzip -mm=Deflate64 "$out/zip/deflate64-long-matches.zip" zeros.bin long.csv
}

part_volumes() {
	rm -rf volumes volume lone-volume; mkdir -p volumes volume lone-volume
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
	cp volumes/lzma2.7z.001 volume/set.7z.001 && cp volumes/lzma2.7z.002 volume/set.7z.002
	for v in rar4.part1.rar rar4.part2.rar old-names.rar old-names.r00; do cp volumes/$v volume/$v; done
	cp volumes/lzma2.7z.002 lone-volume/second.7z.002
	tail -c 1200 volumes/split.z01 >lone-volume/second.z02
	cp volumes/split.zip lone-volume/last.zip
}

[ $# -gt 0 ] || set -- zip volumes
for part in "$@"; do "part_$part"; done
