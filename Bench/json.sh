#!/usr/bin/env bash
# The JSON reader and writer on one envelope (docs/decisions/0002-json.md).
set -euo pipefail
cd "$(dirname "$0")/.."
export POSTROAD_BENCH=1
"${SWIFT:-swift}" build --configuration release --product json-bench --build-path .build/bench >&2
.build/bench/release/json-bench
