#!/usr/bin/env bash
# The transport beside nginx (Bench/Transport/measure.py says how); TRANSPORT_BENCH names a binary to measure instead.
set -euo pipefail
cd "$(dirname "$0")/.."
export POSTROAD_BENCH=1
if [ -z "${TRANSPORT_BENCH:-}" ]; then
    "${SWIFT:-swift}" build --configuration release --product transport-bench --build-path .build/bench \
        --static-swift-stdlib >&2
fi
exec Bench/Transport/measure.py
