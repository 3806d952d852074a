import Synchronization
import Transport

/// Answers by the path: `/` with what came, `/wait` when the gate opens, `/stream…` while the body comes.
struct HTTP2Handler: HTTPHandler {
    var limit = 1_000_000
    var gate = AsyncStream<Void> { _ in }
    var respond: @Sendable (HTTPRequest) async -> HTTPResponse? = { _ in nil }

    func bodyLimit(for head: HTTPRequestHead) -> Int { limit }

    func streamsBody(for head: HTTPRequestHead) -> Bool { head.target.hasPrefix("/stream") }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        if let response = await respond(request) { return response }
        switch request.path {
        case "/empty": return HTTPResponse(.noContent)
        case "/wait", "/stream/wait":
            for await _ in gate { break }
            return HTTPResponse(.ok, text: "done")
        default: return HTTPResponse(.ok, text: Self.describe(request))
        }
    }

    /// The request in one line: method, target, fields, body.
    static func describe(_ request: HTTPRequest) -> String {
        let fields = request.headers.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        return "\(request.method) \(request.target) [\(fields)] \(String(decoding: request.body, as: UTF8.self))"
    }
}
