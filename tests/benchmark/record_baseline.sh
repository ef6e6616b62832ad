#!/usr/bin/env bash
# Records what the quick benchmarks are set against: tests/benchmark/record_baseline.sh
# Run it on the release build after a change that is meant to move the figures, and look at the difference
# before committing it: figures may get worse only for a reason that the commit names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
out=$(mktemp -d)
trap 'rm -r "$out"' EXIT
build/release/yarbus benchmark accuracy --quick --out "$out"
build/release/yarbus benchmark speed --quick --out "$out/speed.json"
# The command is kept without the temporary folder's name.
sed "s# --out $out[^\"]*##" "$out/accuracy.json" > tests/benchmark/accuracy_baseline.json
sed "s# --out $out[^\"]*##" "$out/speed.json" > tests/benchmark/speed_baseline.json
