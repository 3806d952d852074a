public import Logging

/// What is written of each request.
public struct AccessLogConfiguration: Sendable {
    /// The level of the lines.
    public var level: LogLevel
    /// The time, for how long an answer takes.
    public var currentTime: @Sendable () -> ContinuousClock.Instant

    /// Creates a configuration; without another one lines are of the level `info`.
    public init(
        level: LogLevel = .info, currentTime: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.level = level
        self.currentTime = currentTime
    }
}

/// Writes a log line for each request, when its answer is there; for one that streams, when it has ended; and for each that
/// the server has refused by itself.
///
/// The path is written without the query, where people put tokens and names.
public struct AccessLogMiddleware: HTTPMiddleware {
    private let configuration: AccessLogConfiguration
    private let logger: Logger

    /// Creates the middleware.
    public init(_ configuration: AccessLogConfiguration = AccessLogConfiguration(), logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Asks the next one, and writes what came of it.
    public func respond(to request: HTTPRequest, next: any HTTPHandler) async -> HTTPResponse {
        guard configuration.level >= logger.level else { return await next.respond(to: request) }
        let start = configuration.currentTime()
        var response = await next.respond(to: request)
        let sendsBody = request.method != .head && !response.status.hasNoBody
        let record = AccessRecord(request, response.status, since: start, configuration, logger)
        switch response.body {
        case .stream(let produce) where sendsBody:
            response.body = .stream { writer in
                do {
                    try await produce(HTTPBodyWriter(CountingBodySink(writer, record)))
                } catch {
                    record.finish(isWhole: false)
                    throw error
                }
                record.finish(isWhole: true)
            }
        case .bytes(let bytes):
            if sendsBody { record.count(bytes.count) }
            record.finish(isWhole: true)
        default:
            record.finish(isWhole: true)
        }
        return response
    }

    /// Writes what the server has refused by itself; what could not be understood of it is a dash.
    public func didRefuse(_ request: HTTPRefusedRequest) {
        guard configuration.level >= logger.level else { return }
        logger.write(
            configuration.level, "request",
            [
                "method": request.head?.method.rawValue ?? "-", "path": request.head?.loggedPath ?? "-",
                "status": request.status.rawValue, "bytes": request.bytes, "ms": "-", "remote": request.remoteAddress,
                "protocol": request.head?.version.rawValue ?? "-", "id": "-", "whole": true,
                "refused": request.detail,
            ])
    }
}

/// Counts what a stream writes.
private struct CountingBodySink: HTTPBodySink {
    private let writer: HTTPBodyWriter
    private let record: AccessRecord

    init(_ writer: HTTPBodyWriter, _ record: AccessRecord) {
        self.writer = writer
        self.record = record
    }

    var isDraining: Bool { writer.isDraining }

    func write(_ bytes: [UInt8]) async throws(TransportError) {
        try await writer.write(bytes)
        record.count(bytes.count)
    }

    func setTrailers(_ trailers: HTTPFields) {
        writer.setTrailers(trailers)
    }
}
