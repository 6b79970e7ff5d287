#!/usr/bin/env bash
# Runs every test; fails if one fails or is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export KAGIBAN_TEST_REQUIRE=1
code=0
go vet ./...
go test -v -timeout 30m ./... >"$log" 2>&1 || code=$?
grep -aE '^(ok|FAIL|\?|---|panic:)' "$log" | grep -avE '^--- PASS' || true
if [ $code != 0 ]; then
	echo "--- the failures"
	grep -anE '^\s*--- FAIL' "$log" | head -100 || true
	grep -anE -A 30 '^(panic:|fatal error:)' "$log" | head -100 || true
	# What each of them said, and nothing of those that passed.
	awk 'NR == FNR { if ($1 == "---" && $2 == "FAIL:") bad[$3]; next }
		$1 == "===" { show = $3 in bad }
		show' "$log" "$log" | head -300
	exit $code
fi
if grep -aE '^\s*--- SKIP' "$log"; then
	echo "the tests above were skipped; make test runs all of them" >&2
	exit 1
fi
echo "$(grep -acE '^\s*--- PASS' "$log") passed, 0 failed"
