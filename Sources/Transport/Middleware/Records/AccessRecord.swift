import Logging
import Synchronization

/// One line of the access log on its way; written once, at the latest when nobody holds it any more.
final class AccessRecord: Sendable {
    private let request: HTTPRequestHead
    private let id: String?
    private let status: HTTPStatus
    private let start: ContinuousClock.Instant
    private let configuration: AccessLogConfiguration
    private let logger: Logger
    private let bytes = Atomic<Int>(0)
    private let isWritten = Atomic<Bool>(false)

    init(
        _ request: HTTPRequest, _ status: HTTPStatus, since start: ContinuousClock.Instant,
        _ configuration: AccessLogConfiguration, _ logger: Logger
    ) {
        self.request = request.head
        id = request.id
        self.status = status
        self.start = start
        self.configuration = configuration
        self.logger = logger
    }

    deinit {
        // A stream that was never begun: the client was gone before its head.
        finish(isWhole: false)
    }

    func count(_ count: Int) {
        bytes.add(count, ordering: .relaxed)
    }

    func finish(isWhole: Bool) {
        guard !isWritten.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let time = start.duration(to: configuration.currentTime())
        logger.write(
            configuration.level, "request",
            [
                "method": request.method, "path": request.loggedPath, "status": status.rawValue,
                "bytes": bytes.load(ordering: .relaxed), "ms": Self.milliseconds(time),
                "remote": request.remoteAddress, "protocol": request.version.rawValue, "id": id ?? "-",
                "whole": isWhole,
            ])
    }

    /// Milliseconds with three digits behind the point.
    private static func milliseconds(_ time: Duration) -> String {
        let (seconds, attoseconds) = time.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let rest = String(microseconds % 1_000)
        return "\(microseconds / 1_000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
    }
}

extension HTTPRequestHead {
    /// The path as log lines have it: without the query, and not without end.
    var loggedPath: String { String(rawPath.prefix(1_024)) }
}

extension Logger {
    /// Writes an event of a level that is known at run time only.
    func write(
        _ level: LogLevel, _ event: String,
        _ fields: @autoclosure () -> KeyValuePairs<String, any CustomStringConvertible>
    ) {
        switch level {
        case .debug: debug(event, fields())
        case .info: info(event, fields())
        case .warning: warning(event, fields())
        case .error: error(event, fields())
        }
    }
}
