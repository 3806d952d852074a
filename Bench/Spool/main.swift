// What the spool alone can do. Prints one line of JSON. Usage:
//   spool-bench FOLDER lifecycle SECONDS BATCH PIPELINES   accepts, begins and settles in batches
//   spool-bench FOLDER accept SECONDS PRODUCERS            accepts one message at a time, each producer in a closed loop
// The folder must be empty. Messages are of 1 KiB, each to one of 64 recipients; everything is synchronized.

import Clocks
import Files
import Glibc
import Logging
import Spooling

func fail(_ text: String) -> Never {
    _ = (text + "\n").withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(2)
}

let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.dropFirst(2).compactMap { Int($0) }
guard arguments.count > 2, numbers.count == arguments.count - 2 else {
    fail("usage: spool-bench FOLDER lifecycle SECONDS BATCH PIPELINES | FOLDER accept SECONDS PRODUCERS")
}

let spool = try await SQLiteSpool(
    folder: FilePath(arguments[0]), clock: SystemClock(), logger: Logger(level: .error, sink: StandardErrorSink()))
// Nobody delivers here, so what is announced is dropped.
let drain = Task { for await _ in spool.committed {} }
let load = SpoolLoad(spool: spool, clock: SystemClock())
let log = LogWatch(folder: arguments[0])
let start = ContinuousClock.now
let processorStart = processorTime()
let done: SpoolLoad.Done
switch (arguments[1], numbers.count) {
case ("lifecycle", 3):
    done = try await load.lifecycles(for: .seconds(numbers[0]), batch: numbers[1], pipelines: numbers[2])
case ("accept", 2):
    done = try await load.accepts(for: .seconds(numbers[0]), producers: numbers[1])
default: fail("spool-bench: no such mode, or not its numbers")
}
let seconds = (ContinuousClock.now - start) / .seconds(1)
let processor = processorTime() - processorStart
let commits = spool.commitCount
let largestLog = try await log.stop()
await spool.close()
await drain.value
print(
    """
    {"messages_s": \(Int(Double(done.messages) / seconds)), "cpu_us_message": \
    \((processor * 1e7 / Double(max(done.messages, 1))).rounded() / 10), "commits_s": \(Int(Double(commits) / seconds)), \
    "accept_us": {"p50": \(done.latencies.microseconds(at: 0.5)), "p99": \(done.latencies.microseconds(at: 0.99)), \
    "p99.9": \(done.latencies.microseconds(at: 0.999)), "max": \(done.latencies.microseconds(at: 1))}, \
    "log_mib": \(largestLog >> 20)}
    """)
