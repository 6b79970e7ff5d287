#!/usr/bin/env bash
# Faults at random points, by a seed: CHAOS rounds of each kind, and at least 200
# scans that are ended. Fails if one of them is wrong, and prints the tables.
set -euo pipefail
cd "$(dirname "$0")/.."
export KAGIBAN_CHAOS=${CHAOS:-12} KAGIBAN_CHAOS_SEED=${SEED:-1} KAGIBAN_TEST_REQUIRE=1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
code=0
go test ./scan/source -run '^TestSMBChaos$' -v -count=1 -timeout 90m >"$log" 2>&1 || code=$?
go test ./cmd/kagiban -run '^TestChaos' -v -count=1 -timeout 90m >>"$log" 2>&1 || code=$?
grep -E '^ +\| |seed [0-9]+|^(ok|FAIL|--- FAIL)' "$log"
[ $code = 0 ] || grep -vE 'notice:|=== RUN|run: ' "$log" | tail -200
exit $code
