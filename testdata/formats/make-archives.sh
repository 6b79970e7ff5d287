#!/usr/bin/env bash
# Makes the fixtures of archives and sealed containers again. Debian packages:
# gzip bzip2 xz-utils zstd tar openssl age gnupg jlha-utils lhasa gcab genisoimage p7zip-full
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

printf '氏名,基礎年金番号\r\n山田 太郎,1234-567890\r\nｻﾄｳ ﾊﾅｺ,0123-456789\r\n' | iconv -f UTF-8 -t CP932 >"$work/list.csv"
printf 'これは公開の説明です\n' >"$work/readme.txt"
touch -d 2015-04-01T09:00:00Z "$work"/*

rm -f openpgp/*.gpg openpgp/*.asc age/*.age openssl/*.enc; mkdir -p gzip bzip2 xz zstd tar openssl age openpgp attachecase
gzip -nc "$work/list.csv" >gzip/list.csv.gz
{ gzip -nc "$work/readme.txt"; gzip -nc "$work/list.csv"; } >gzip/two-members.gz
tar -C "$work" --sort=name -cf "$work/a.tar" list.csv readme.txt && gzip -nc "$work/a.tar" >gzip/short-name.tgz
bzip2 -c "$work/list.csv" >bzip2/list.csv.bz2
xz -c "$work/list.csv" >xz/list.csv.xz
zstd -qc "$work/list.csv" >zstd/list.csv.zst
for form in v7 ustar gnu pax; do tar -C "$work" --format=$form --sort=name -cf tar/$form.tar list.csv readme.txt; done
cp "$work/list.csv" "$work/名簿.csv" && (cd "$work" && tar --format=gnu -cf utf8.tar 名簿.csv) && cp "$work/utf8.tar" tar/name-in-utf8.tar
openssl enc -aes-256-cbc -pbkdf2 -pass pass:himitsu -in "$work/list.csv" -out openssl/aes-256-cbc.enc 2>/dev/null

age-keygen -o "$work/key" 2>/dev/null
age -r "$(age-keygen -y "$work/key")" -o age/for-a-key.age "$work/list.csv"
age -a -r "$(age-keygen -y "$work/key")" -o age/for-a-key-armoured.age "$work/list.csv"

export GNUPGHOME="$work/gnupg" && mkdir -m 700 "$GNUPGHOME"
pgp() { gpg --batch --quiet --no-tty --pinentry-mode loopback --passphrase himitsu --trust-model always "$@"; }
pgp -c -o openpgp/by-password.gpg "$work/list.csv"
pgp -a -c -o openpgp/by-password-armoured.asc "$work/list.csv"
pgp --quick-generate-key 'Test <test@example.org>' rsa2048 encr never
pgp -e -r test@example.org -o openpgp/for-a-key.gpg "$work/list.csv"
gpgconf --kill gpg-agent

# zip with other methods, and one behind a program
mkdir -p zip eml
for i in $(seq 200); do cat "$work/list.csv"; done >"$work/long.csv" # a short one would be stored
touch -d 2015-04-01T09:00:00Z "$work/long.csv"
for method in BZip2 LZMA PPMd Deflate64; do (cd "$work" && rm -f m.zip && 7z a -bd -tzip -mm=$method m.zip long.csv >/dev/null) && cp "$work/m.zip" zip/method-${method,,}.zip; done
(cd "$work" && rm -f m.zip && 7z a -bd -tzip m.zip list.csv >/dev/null)
{ head -c 3000 /bin/true; cat "$work/m.zip"; } >zip/behind-a-program.zip

python3 - "$work" eml <<'PY'
import sys
from email.message import EmailMessage
work, out = sys.argv[1:]
data = open(work + '/list.csv', 'rb').read()
m = EmailMessage()
m['Subject'], m['From'], m['To'] = '名簿の送付', 'a@example.org', 'b@example.org'
m['Date'], m['Message-ID'] = 'Wed, 01 Apr 2015 09:00:00 +0900', '<1@example.org>'
m.set_content('添付のとおりです\n', charset='iso-2022-jp')
m.add_attachment(data, maintype='application', subtype='octet-stream', filename='名簿.csv')
open(out + '/attachment.eml', 'wb').write(m.as_bytes())
outer = EmailMessage()
outer['Subject'], outer['From'] = 'Fw', 'c@example.org'
outer.set_content('転送します\n')
outer.add_attachment(m)
open(out + '/mail-in-mail.eml', 'wb').write(outer.as_bytes())
PY

# LHA: jlha writes lh5, lh6 and lh7 and the levels 0 to 2
mkdir -p lzh
for m in 5 6 7; do for l in 0 1 2; do (cd "$work" && rm -f a.lzh && jlha a${l}o$m a.lzh long.csv readme.txt >/dev/null 2>&1) && cp "$work/a.lzh" lzh/lh$m-level-$l.lzh; done; done
(cd "$work" && rm -f a.lzh && jlha a0z a.lzh list.csv >/dev/null 2>&1) && cp "$work/a.lzh" lzh/stored-level-0.lzh

# cabinets and disc images
mkdir -p cab iso
(cd "$work" && gcab -cz m.cab long.csv readme.txt list.csv && gcab -c s.cab long.csv readme.txt) && cp "$work/m.cab" cab/mszip.cab && cp "$work/s.cab" cab/stored.cab
mkdir -p "$work/disc/年金 名簿" && cp "$work/list.csv" "$work/disc/年金 名簿/受給者一覧 平成27年度.csv" && cp "$work/readme.txt" "$work/disc/"
genisoimage -quiet -no-pad -J -input-charset utf-8 -o iso/joliet.iso "$work/disc"
genisoimage -quiet -no-pad -input-charset utf-8 -o iso/without-joliet.iso "$work/disc" 2>/dev/null

# AttacheCase runs on Windows only: its header by the published layout, noise behind it.
{ printf '\x00\x00\x82\x00_AttacheCaseData\x82\x00\x00\x00'; head -c 400 /dev/zero | openssl enc -aes-128-ctr -K 00 -iv 00 2>/dev/null; } >attachecase/header-of-version-3.atc
