#!/usr/bin/env bash
# Runs each fuzz target for a while, one after the other. What makes one fail is kept
# by go below testdata/fuzz of its package, as a case that later runs of the tests take.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${FUZZTIME:-1m}
failed=0
for package in $(go list ./...); do
	for target in $(go test -list '^Fuzz' "$package" 2>/dev/null | grep '^Fuzz' || true); do
		case ${FUZZ:-$target} in $target) ;; *) continue ;; esac
		# Goroutines and timers make each input look new, and minimising one takes a minute.
		echo "--- $package $target"
		go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x -parallel "${FUZZPROCS:-2}" || failed=1
	done
done
exit $failed
