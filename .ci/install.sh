#!/usr/bin/env bash
# Installs Debian packages that are missing, if this is root: install.sh samba chromium
# Elsewhere it says what is missing and goes on; the caller decides what that means.
set -euo pipefail

missing=()
for want in "$@"; do
	case $want in
	samba)
		command -v smbd >/dev/null || [ -x /usr/sbin/smbd ] || missing+=(samba samba-common-bin)
		command -v smbclient >/dev/null || missing+=(smbclient)
		;;
	samba-acls) # permissions as Windows has them, for tests
		compgen -G '/usr/lib/*/samba/vfs/acl_xattr.so' >/dev/null || missing+=(samba-vfs-modules)
		;;
	kerberos)
		[ -x /usr/sbin/krb5kdc ] || missing+=(krb5-kdc krb5-admin-server krb5-user)
		;;
	keyring) # of a desktop
		command -v gnome-keyring-daemon >/dev/null || missing+=(gnome-keyring)
		command -v dbus-daemon >/dev/null && command -v dbus-send >/dev/null || missing+=(dbus)
		;;
	chromium)
		command -v chromium >/dev/null || missing+=(chromium)
		fc-list 2>/dev/null | grep -qiE 'noto.*cjk|ipa' || missing+=(fontconfig fonts-ipafont-gothic)
		;;
	fetcher)
		command -v curl >/dev/null || missing+=(curl ca-certificates)
		;;
	impacket) # a second server implementation
		/usr/bin/python3 -c "import impacket" 2>/dev/null || missing+=(python3-impacket)
		;;
	compiler) # the race detector is linked by it
		command -v gcc >/dev/null || missing+=(gcc libc6-dev)
		;;
	postgresql) # its programs; tests start a cluster of their own
		compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
		command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer)
		;;
	archivers) # read the fixtures again, to compare
		command -v 7z >/dev/null || missing+=(p7zip-full)
		command -v lha >/dev/null || missing+=(lhasa)
		;;
	esac
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "missing: ${missing[*]} (run as root on Debian to have them installed)" >&2
	exit 0
fi
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# A file server of the system's own is not wanted, only the program.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
trap 'rm -f /usr/sbin/policy-rc.d' EXIT
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
