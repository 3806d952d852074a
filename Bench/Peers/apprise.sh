#!/bin/bash
# Apprise library: one notification to 1, 10 and 100 json:// webhooks on a local nginx that answers 204.
. "$(dirname "$0")/lib.sh"
need nginx-light
PORT=${PORT:-18580} SECS=${SECS:-8}
VENV=${VENV:-$HERE/../../.build/bench-venv}
[ -x "$VENV/bin/python" ] || { echo "missing: $VENV; run scripts/setup-bench" >&2; exit 1; }
mkdir -p "$SCRATCH/ng/tmp"
cat >"$SCRATCH/ng/nginx.conf" <<CONF
daemon off; pid $SCRATCH/ng/pid; error_log $SCRATCH/ng/err; worker_processes 1;
events { worker_connections 4096; }
http { access_log $SCRATCH/ng/access; client_body_temp_path $SCRATCH/ng/tmp; proxy_temp_path $SCRATCH/ng/tmp;
  fastcgi_temp_path $SCRATCH/ng/tmp; uwsgi_temp_path $SCRATCH/ng/tmp; scgi_temp_path $SCRATCH/ng/tmp;
  server { listen 127.0.0.1:$PORT backlog=4096; location / { return 204; } } }
CONF
nginx -p "$SCRATCH/ng" -c "$SCRATCH/ng/nginx.conf" -e "$SCRATCH/ng/err" & PIDS+=($!)
wait_port $PORT
for n in ${TARGETS:-1 10 100 1000}; do for ((i = 0; i < RUNS; i++)); do
  row "$("$VENV/bin/python" "$HERE/apprise_fanout.py" $PORT $n "$SECS")"; done; done
row "{\"case\":\"sink\",\"requests_seen\":$(wc -l <"$SCRATCH/ng/access"),\"sample_status\":\"$(tail -1 "$SCRATCH/ng/access" | awk '{print $6,$9}' | tr -d '"')\"}"
row "{\"case\":\"version\",\"apprise\":\"$("$VENV/bin/pip" list 2>/dev/null | awk '/^apprise /{print $2}')\",\"python\":\"$(python3 -V | cut -d' ' -f2)\"}"
summary apprise
