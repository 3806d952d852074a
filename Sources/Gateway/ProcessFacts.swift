import Files
import Glibc

/// What the kernel counts of this process, in the names that Prometheus's own clients have for it.
struct ProcessFacts {
    private let files: FileSystem

    init(files: FileSystem = .posix) {
        self.files = files
    }

    /// Writes what can be found out; a system without `/proc` tells less.
    func write(to text: inout MetricsText) {
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            text.single(
                "process_cpu_seconds_total", .counter, "Processor time used, of the user and the system.",
                Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            text.single("process_max_fds", .gauge, "The most open file descriptors.", UInt64(limit.rlim_cur))
        }
        if let descriptors = try? files.list(FilePath("/proc/self/fd")) {
            text.single("process_open_fds", .gauge, "Open file descriptors.", descriptors.count)
        }
        writeMemory(to: &text)
    }

    /// `/proc/self/stat` (proc_pid_stat(5)): what follows the name in parentheses is parted by spaces.
    private func writeMemory(to text: inout MetricsText) {
        guard let stat = try? files.readText(FilePath("/proc/self/stat"), limit: 4_096),
            let end = stat.lastIndex(of: ")")
        else { return }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 21, let threads = Int(fields[17]), let virtual = Int(fields[20]),
            let pages = Int(fields[21])
        else { return }
        text.single("process_virtual_memory_bytes", .gauge, "Virtual memory.", virtual)
        text.single("process_resident_memory_bytes", .gauge, "Resident memory.", pages * Int(getpagesize()))
        text.single("process_threads", .gauge, "Threads.", threads)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }
}
