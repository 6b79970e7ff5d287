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

for part in "${@:-zip}"; do "part_$part"; done
