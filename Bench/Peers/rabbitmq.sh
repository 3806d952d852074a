#!/bin/bash
# RabbitMQ: durable topic exchange -> durable classic queue, and quorum queue; persistent 1 KiB
# bodies, publisher confirms, C client (librabbitmq).
. "$(dirname "$0")/lib.sh"
need gcc libc6-dev librabbitmq-dev rabbitmq-server strace
PORT=${PORT:-18672} N=${N:-100000} SECS=${SECS:-10} RATE=${RATE:-1000}

gcc -O2 -o "$SCRATCH/rabbit_bench" "$HERE/rabbit_bench.c" -lrabbitmq 2>"$SCRATCH/cc.log" || { cat "$SCRATCH/cc.log"; exit 1; }
mkdir "$SCRATCH"/{mnesia,log,home}
echo '[].' >"$SCRATCH/plugins"
cat >"$SCRATCH/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$PORT
disk_free_limit.absolute = 1GB
CONF
export HOME=$SCRATCH/home ERL_EPMD_PORT=$((PORT + 1)) ERL_EPMD_ADDRESS=127.0.0.1
epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 >/dev/null 2>&1 & PIDS+=($!)
export RABBITMQ_NODENAME=peer$$@localhost RABBITMQ_MNESIA_BASE=$SCRATCH/mnesia RABBITMQ_LOG_BASE=$SCRATCH/log \
  RABBITMQ_CONFIG_FILE=$SCRATCH/rabbitmq.conf RABBITMQ_ENABLED_PLUGINS_FILE=$SCRATCH/plugins \
  RABBITMQ_PID_FILE=$SCRATCH/pid RABBITMQ_DIST_PORT=$((PORT + 2)) RABBITMQ_FEATURE_FLAGS_FILE=$SCRATCH/flags \
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
/usr/lib/rabbitmq/bin/rabbitmq-server >"$SCRATCH/out" 2>&1 & TOP=$!; PIDS+=($TOP)
wait_port $PORT 90; sleep 5
BEAM=; for p in $(tree_of $TOP); do case $(cat /proc/"$p"/comm) in beam.smp) BEAM=$p;; esac; done
[ -n "$BEAM" ] || { echo "no broker process" >&2; exit 1; }
mem_row idle "$BEAM"
LINES_=()
bench() { row "$("$SCRATCH/rabbit_bench" "$1" $PORT "$BEAM" "${@:2}")"; }

[ "${ONLY:-}" = window ] || for kind in ${KINDS:-classic quorum}; do # the latency at a fixed rate first, on a broker that has done little
  "$SCRATCH/rabbit_bench" warm $PORT "$BEAM" $kind 1000 64 0 1 1 >/dev/null
  for ((i = 0; i < RUNS; i++)); do bench ${kind}_rate${RATE} $kind $((RATE * SECS)) 1000 "$RATE" 1 1; done
done
[ "${ONLY:-}" = rate ] && { summary rabbitmq; exit 0; }
for kind in ${KINDS:-classic quorum}; do
  "$SCRATCH/rabbit_bench" warm $PORT "$BEAM" $kind $((N / 10)) 512 0 1 1 >/dev/null # warm the JIT and caches
  for ((i = 0; i < RUNS; i++)); do
    bench ${kind}_e2e_w512 $kind "$N" 512 0 1 1
    [ "${ONLY:-}" = window ] && continue
    bench ${kind}_e2e_w2048 $kind "$N" 2048 0 1 1
    bench ${kind}_e2e_w512_ack100 $kind "$N" 512 0 1 100
    bench ${kind}_e2e_w1 $kind $((N / 100)) 1 0 1 1
    # two publisher-queue-consumer lines side by side: what the whole machine does
    for s in a b; do SITE=$kind-$s "$SCRATCH/rabbit_bench" x $PORT "$BEAM" $kind $((N / 2)) 512 0 1 1 >"$SCRATCH/pair.$s" & LINES_[${#LINES_[@]}]=$!; done
    for p in "${LINES_[@]}"; do wait "$p"; done; LINES_=()
    row "$(cat "$SCRATCH"/pair.? | python3 -c 'import json,sys; print(json.dumps({"case":"'${kind}'_e2e_w512_two_queues","end_to_end_s":sum(json.loads(l)["end_to_end_s"] for l in sys.stdin)}))')"
    bench ${kind}_rate${RATE}_after_load $kind $((RATE * SECS)) 1000 "$RATE" 1 1
  done
  mem_row ${kind}_after_e2e "$BEAM"
  [ "${ONLY:-}" = window ] && continue
  for ((i = 0; i < RUNS; i++)); do # last, as the load of a full queue lingers in the broker
    bench ${kind}_store_w512 $kind "$N" 512 0 0 1
    mem_row ${kind}_loaded_backlog "$BEAM"
  done
  "$SCRATCH/rabbit_bench" drop $PORT "$BEAM" $kind 0 1 0 0 1
done
[ "${ONLY:-}" = window ] && { summary rabbitmq; exit 0; }
if [ -z "${NO_SYNCS:-}" ]; then # how often it really syncs: a separate run, slowed by the tracer, its figures not used
  for kind in ${KINDS:-classic quorum}; do
    strace -f -c -U name,calls -e trace=fsync,fdatasync -o "$SCRATCH/st" -p "$BEAM" 2>/dev/null & ST=$!
    sleep 2
    "$SCRATCH/rabbit_bench" t $PORT "$BEAM" $kind 20000 512 0 1 1 >"$SCRATCH/t"
    kill -INT $ST; wait $ST || true
    row "{\"case\":\"${kind}_syncs_w512\",\"messages\":20000,\"sync_calls\":$(awk '$1 ~ /sync$/ {n+=$2} END {print n+0}' "$SCRATCH/st")}"
    strace -f -c -U name,calls -e trace=fsync,fdatasync -o "$SCRATCH/st" -p "$BEAM" 2>/dev/null & ST=$!
    sleep 2
    "$SCRATCH/rabbit_bench" t $PORT "$BEAM" $kind 1000 1 0 1 1 >"$SCRATCH/t"
    kill -INT $ST; wait $ST || true
    row "{\"case\":\"${kind}_syncs_w1\",\"messages\":1000,\"sync_calls\":$(awk '$1 ~ /sync$/ {n+=$2} END {print n+0}' "$SCRATCH/st")}"
  done
fi
summary rabbitmq
