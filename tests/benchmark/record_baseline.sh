#!/usr/bin/env bash
# Records what the quick benchmarks are set against: tests/benchmark/record_baseline.sh
# Run it on the release build after a change that is meant to move the figures, and look at the difference
# before committing it: figures may get worse only for a reason that the commit names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
out=$(mktemp -d)
trap 'rm -r "$out"' EXIT
build/release/yarbus benchmark accuracy --quick --out "$out"
build/release/yarbus benchmark detection --quick --out "$out"
build/release/yarbus benchmark speed --quick --out "$out/speed.json"
# The command is kept without the temporary folder's name.
for name in accuracy detection speed; do
  sed "s# --out $out[^\"]*##" "$out/$name.json" > "tests/benchmark/${name}_baseline.json"
done
