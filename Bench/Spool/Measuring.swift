import Clocks
import Files
import Glibc
import Logging
import Messages

/// Faults go to standard error; standard output is for the result.
struct StandardErrorSink: LogSink {
    func write(_ event: LogEvent) {
        _ = "\(event.name) \(event.fields)\n".withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
    }
}

/// Looks at the write-ahead log's size ten times a second.
final class LogWatch: Sendable {
    private let task: Task<Int, any Error>

    init(folder: String) {
        task = Task {
            let path = FilePath(folder).appending("spool.db-wal")
            var largest = 0
            while !Task.isCancelled {
                largest = max(largest, try FileSystem.posix.info(path)?.size ?? 0)
                try? await Task.sleep(for: .milliseconds(100))
            }
            return largest
        }
    }

    /// Ends the watch, and returns the largest size seen, in bytes.
    func stop() async throws -> Int {
        task.cancel()
        return try await task.value
    }
}

/// The processor time this process has taken, in seconds.
func processorTime() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
}

extension [Duration] {
    /// The value below which so many of the durations lie, in microseconds.
    func microseconds(at share: Double) -> Int {
        guard !isEmpty else { return 0 }
        let sorted = sorted()
        return Int(sorted[Swift.min(count - 1, Int(Double(count) * share))] / .microseconds(1))
    }
}
