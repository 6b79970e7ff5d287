#!/usr/bin/env bash
# Fetches axe-core, which judges whether the pages can be used by everybody, from the
# npm registry at a fixed version; for the tests only.
set -euo pipefail

version=4.10.3
sum=0f2b4d7dcdf7d1219df8d1959ad68e565f51d14c3f0d88bb71cd59abeb956292
tools=${XDG_CACHE_HOME:-$HOME/.cache}/kagiban-tools/axe-core-$version
[ ! -s "$tools/axe.min.js" ] || exit 0

registry=$(npm config get registry 2>/dev/null || echo https://registry.npmjs.org/)
mkdir -p "$tools"
work=$(mktemp -d "$tools/fetch.XXXX")
trap 'rm -rf "$work"' EXIT
curl -fsS --retry 5 --retry-connrefused -o "$work/axe.tgz" "${registry%/}/axe-core/-/axe-core-$version.tgz"
echo "$sum  $work/axe.tgz" | sha256sum -c --quiet
tar -xzf "$work/axe.tgz" -C "$work" package/axe.min.js
mv "$work/package/axe.min.js" "$tools/axe.min.js"
