import CCurl
import CUV
import Glibc

/// Tells the service manager how the process is (`sd_notify(3)`), if one wants to know.
public struct ServiceManager: Sendable {
    /// How often the process must say that it is alive; nil when nobody watches.
    public let watchdog: Duration?
    private let path: String?

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
    public init(_ environment: [String: String], process: Int32 = Inheritance.ownProcess) {
        path = environment["NOTIFY_SOCKET"].flatMap { "/@".contains($0.first ?? " ") ? $0 : nil }
        let isOurs = environment["WATCHDOG_PID"].map { Int32($0) == process } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap(Int64.init) ?? 0
        watchdog = isOurs && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// Tells whether a service manager listens.
    public var isThere: Bool { path != nil }

    /// How the process is.
    public enum State: Sendable, Hashable {
        /// The start is complete, or a reload is; the text is for people.
        case ready(String)
        /// The configuration is being loaded again, or a successor prepared; `ready` ends it.
        case reloading
        /// The process is about to end.
        case stopping
        /// Another process is the service from now on.
        case succeeded(by: Int32)
        /// The process is alive: to be told within ``ServiceManager/watchdog``.
        case alive
    }

    /// Tells how the process is; nothing when there is no service manager.
    ///
    /// - Throws: The system's error.
    public func tell(_ state: State) throws(TransportError) {
        switch state {
        case .ready(let text): try send(["READY=1", "STATUS=\(text)", "MAINPID=\(getpid())"])
        case .reloading: try send(["RELOADING=1", "MONOTONIC_USEC=\(Self.monotonicMicroseconds)"])
        case .stopping: try send(["STOPPING=1"])
        case .succeeded(let process): try send(["MAINPID=\(process)"])
        case .alive: try send(["WATCHDOG=1"])
        }
    }

    private static var monotonicMicroseconds: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }

    private func send(_ lines: [String]) throws(TransportError) {
        guard let path else { return }
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(operation: "socket", code: -errno, subject: path) }
        defer { Glibc.close(descriptor) }
        let text = lines.map { $0.replacing("\n", with: " ") }.joined(separator: "\n")
        guard Self.send(text, to: path, descriptor) == text.utf8.count else {
            throw .system(operation: "sendto", code: -errno, subject: path)
        }
    }

    /// A name that begins with `@` is abstract: a zero byte stands in its place (unix(7)), and its length counts.
    private static func send(_ text: String, to path: String, _ descriptor: CInt) -> Int {
        var native = sockaddr_un()
        native.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8.prefix(SocketAddress.maximalPathLength))
        withUnsafeMutableBytes(of: &native.sun_path) {
            $0.copyBytes(from: bytes)
            if path.hasPrefix("@") { $0[0] = 0 }
        }
        let isAbstract = path.hasPrefix("@")
        let length = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
        return withUnsafePointer(to: &native) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(
                    descriptor, text, text.utf8.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT), $0,
                    socklen_t(length))
            }
        }
    }
}
