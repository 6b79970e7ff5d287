#!/usr/bin/env bash
# Formatting, tidy modules and golangci-lint (built from the module proxy at a fixed version).
set -euo pipefail
cd "$(dirname "$0")/.."

version=v2.15.0
unformatted=$(git ls-files '*.go' | xargs gofmt -l)
[ -z "$unformatted" ] || { echo "gofmt would change: $unformatted" >&2; exit 1; }
go mod tidy -diff
tools=${XDG_CACHE_HOME:-$HOME/.cache}/kagiban-tools/$version
if [ ! -x "$tools/golangci-lint" ]; then
	GOBIN=$tools go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
fi
"$tools/golangci-lint" run
"$tools/golangci-lint" run --build-tags demo ./cmd/...
