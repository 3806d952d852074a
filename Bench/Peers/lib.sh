# Shared helpers for the peer measurements.  Sourced, never run.
# Everything is loopback only, bounded in count and time, and lives in a scratch
# directory that is removed at the end (KEEP=1 keeps it).
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
RUNS=${RUNS:-3}

need() { # need PKG... : scripts/setup-bench installs them
  local miss=()
  for p in "$@"; do dpkg -s "$p" >/dev/null 2>&1 || miss+=("$p"); done
  [ ${#miss[@]} -eq 0 ] || { echo "missing: ${miss[*]}; run scripts/setup-bench" >&2; exit 1; }
}

SCRATCH=$(mktemp -d); chmod 755 "$SCRATCH"
PIDS=()
ON_EXIT=()
finish() {
  local rc=$?
  set +e
  for c in "${ON_EXIT[@]:-}"; do [ -n "$c" ] && eval "$c"; done
  for p in "${PIDS[@]:-}"; do [ -n "$p" ] && kill "$p" 2>/dev/null; done
  for p in "${PIDS[@]:-}"; do [ -n "$p" ] && wait "$p" 2>/dev/null; done
  [ -n "${KEEP:-}" ] && echo "kept $SCRATCH" >&2 || rm -rf "$SCRATCH"
  exit $rc
}
trap finish EXIT
trap 'exit 130' INT TERM

wait_port() { # wait_port PORT [SECONDS]
  local i; for ((i = 0; i < ${2:-30} * 10; i++)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0; sleep 0.1; done
  echo "nothing listens on port $1" >&2; return 1
}

tree_of() { # every live PID at or below PID
  local p=$1 c; echo "$p"
  for c in $(cat /proc/"$p"/task/*/children 2>/dev/null); do tree_of "$c"; done
}

mem_kib() { # mem_kib PID... : "RSS PSS PROCS", each process given and all below it
  local rss=0 pss=0 n=0 p r s
  for p in $(for q in "$@"; do tree_of "$q"; done | sort -un); do
    r=$(awk '/^Rss:/{print $2}' /proc/"$p"/smaps_rollup 2>/dev/null || true)
    s=$(awk '/^Pss:/{print $2}' /proc/"$p"/smaps_rollup 2>/dev/null || true)
    [ -n "$r" ] && { rss=$((rss + r)); pss=$((pss + s)); n=$((n + 1)); }
  done
  echo "$rss $pss $n"
}
mem_row() { # mem_row CASE PID...
  local c=$1; shift
  read -r r s n < <(mem_kib "$@")
  row "{\"case\":\"$c\",\"rss_mib\":$(awk "BEGIN{printf \"%.1f\",$r/1024}"),\"pss_mib\":$(awk "BEGIN{printf \"%.1f\",$s/1024}"),\"procs\":$n}"
}

cpu_ticks() { # user+system clock ticks of the PIDs given and all below them
  local t=0 p v
  for p in $(for q in "$@"; do tree_of "$q"; done | sort -un); do
    v=$(sed 's/.*) //' /proc/"$p"/stat 2>/dev/null | awk '{print $12+$13}'); t=$((t + ${v:-0}))
  done; echo "$t"
}

ROWS=$SCRATCH/rows.jsonl; : >"$ROWS"
row() { echo "$1" | tee -a "$ROWS" >&2; }
summary() { # last line of every script: one JSON object, min/median/max by case and figure
  python3 "$HERE/summarise.py" "$1" "$ROWS"
}
