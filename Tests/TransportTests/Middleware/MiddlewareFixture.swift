import Logging
import Synchronization
import Testing

@testable import Transport

/// Keeps the requests that reach it and answers them.
final class Endpoint: HTTPHandler {
    private let seen = Mutex<[HTTPRequest]>([])
    private let answer: HTTPResponse

    init(_ answer: HTTPResponse = HTTPResponse(.ok, text: "hello")) {
        self.answer = answer
    }

    /// The last request.
    var last: HTTPRequest? { seen.withLock { $0.last } }
    /// How many requests came.
    var count: Int { seen.withLock { $0.count } }

    func bodyLimit(for head: HTTPRequestHead) -> Int { 17 }

    func streamsBody(for head: HTTPRequestHead) -> Bool { head.path == "/streams" }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        seen.withLock { $0.append(request) }
        return answer
    }
}

extension HTTPRequest {
    /// A request as a test needs it.
    static func of(
        _ method: HTTPMethod = .get, _ target: String = "/", from remote: String = "203.0.113.9:4711",
        headers: HTTPFields = HTTPFields(), isSecure: Bool = false
    ) throws -> HTTPRequest {
        var fields: HTTPFields = ["Host": "hq.example"]
        for field in headers { fields.add(field.name, field.value) }
        var head = try HTTPRequestHead(
            method: method, target: target, headers: fields, remoteAddress: try SocketAddress(remote))
        head.isSecure = isSecure
        return HTTPRequest(head: head)
    }
}

extension TrustedPeers {
    /// Peers in these networks.
    static func of(_ networks: String..., unix: Bool = false) throws -> TrustedPeers {
        TrustedPeers(networks: try networks.map { try IPNetwork($0) }, includesUnixSockets: unix)
    }
}

/// A monotonic clock that a test moves.
final class HandClock: Sendable {
    private let instant = Mutex(ContinuousClock.now)

    var now: ContinuousClock.Instant { instant.withLock { $0 } }

    func advance(by duration: Duration) {
        instant.withLock { $0 = $0.advanced(by: duration) }
    }
}

/// Keeps what a body's closure writes; the write of the given number fails.
final class BodyCollector: HTTPBodySink {
    private let written = Mutex<[[UInt8]]>([])
    private let failing: Int?
    let isDraining: Bool

    init(failingAt failing: Int? = nil, isDraining: Bool = false) {
        self.failing = failing
        self.isDraining = isDraining
    }

    var bytes: [UInt8] { written.withLock { $0.flatMap { $0 } } }
    var pieces: [[UInt8]] { written.withLock { $0 } }
    var text: String { String(decoding: bytes, as: UTF8.self) }

    func write(_ bytes: [UInt8]) async throws(TransportError) {
        let count = written.withLock { written in
            written.append(bytes)
            return written.count
        }
        if count == failing { throw .closed }
    }

    func setTrailers(_ trailers: HTTPFields) {}
}

extension HTTPResponse {
    /// The whole body.
    func collected(_ collector: BodyCollector = BodyCollector()) async throws -> [UInt8] {
        switch body {
        case .bytes(let bytes): return bytes
        case .stream(let produce):
            try await produce(HTTPBodyWriter(collector))
            return collector.bytes
        case .webSocket: return []
        }
    }
}
