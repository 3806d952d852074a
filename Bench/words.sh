#!/usr/bin/env bash
# The stage `words` with 100,000 words (docs/decisions/0017-stages.md).
set -euo pipefail
cd "$(dirname "$0")/.."
export POSTROAD_BENCH=1
"${SWIFT:-swift}" build --configuration release --product words-bench --build-path .build/bench >&2
.build/bench/release/words-bench
