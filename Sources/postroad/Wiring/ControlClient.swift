import Configuration
import Glibc
import Messages
import Transport

/// Talks to the running router over the Unix socket in its data folder.
struct ControlClient: Sendable {
    private let client: HTTPClient
    private let socket: String

    /// Runs the body with a client of the router that the configuration describes.
    static func run<Result: Sendable>(
        _ arguments: ParsedArguments, _ body: (ControlClient) async throws -> Result
    ) async throws -> Result {
        let socket = try ConfigurationFile.load(arguments).paths.socket
        let loops = try EventLoopGroup(count: 1, name: "control")
        let result: Swift.Result<Result, any Error>
        do {
            let client = HTTPClient(group: loops)
            result = .success(try await body(ControlClient(client: client, socket: socket)))
        } catch {
            result = .failure(error)
        }
        await loops.stop()
        return try result.get()
    }

    /// Asks for something.
    func get(_ path: String, query: [(String, String)] = []) async throws -> JSON {
        let text = query.map { "\($0)=\(Self.percentEncoded($1))" }.joined(separator: "&")
        return try await send(.get, text.isEmpty ? path : "\(path)?\(text)", body: nil)
    }

    /// Has something done.
    func post(_ path: String, _ body: JSON = [:]) async throws -> JSON {
        try await send(.post, path, body: body)
    }

    /// Asks for server-sent events and hands them on until they end.
    ///
    /// - Parameters:
    ///   - path: What is asked for.
    ///   - query: The names and values behind it.
    ///   - cursor: The last event that was seen.
    ///   - handle: Is given each event.
    /// - Throws: ``CommandError``, and what the connection fails with.
    func events(
        _ path: String, query: [(String, String)], after cursor: String?,
        _ handle: @escaping @Sendable (EventReader.Event) async throws -> Void
    ) async throws {
        let text = query.map { "\($0)=\(Self.percentEncoded($1))" }.joined(separator: "&")
        var request = HTTPClientRequest(.get, "http://localhost\(path)?\(text)")
        request.unixSocketPath = socket
        // A line goes out every 15 s when nothing happens.
        request.timeout = .seconds(30 * 86_400)
        request.idleTimeout = .seconds(60)
        request.responseLimit = .max
        request.acceptsCompression = false
        if let cursor { request.headers["Last-Event-ID"] = cursor }
        do {
            try await client.stream(request) { response, body in
                guard response.status.isSuccess else {
                    var problem: [UInt8] = []
                    for try await piece in body where problem.count < 4_096 { problem += piece }
                    throw Self.refusal(response.status, problem)
                }
                var reader = EventReader()
                for try await piece in body {
                    for event in try reader.read(piece) { try await handle(event) }
                }
            }
        } catch let error as HTTPClientError where !error.requestWasSent {
            throw unreachable
        }
    }

    private static func refusal(_ status: HTTPStatus, _ body: [UInt8]) -> CommandError {
        let problem = try? JSON(parsing: body)
        return .refused(
            status: status.rawValue,
            detail: problem?["detail"]?.string ?? String(decoding: body.prefix(500), as: UTF8.self))
    }

    /// Why nobody answers, in the words of an operator.
    private var unreachable: CommandError {
        if access(socket, W_OK) != 0, errno == EACCES {
            return .input("only the router's user may open \(socket): run this as that user")
        }
        return .notRunning(socket: socket)
    }

    private func send(_ method: HTTPMethod, _ path: String, body: JSON?) async throws -> JSON {
        var request = HTTPClientRequest(method, "http://localhost\(path)")
        request.unixSocketPath = socket
        request.timeout = .seconds(60)
        request.responseLimit = 256 << 20
        if let body {
            request.body = body.encoded()
            request.headers["Content-Type"] = "application/json"
        }
        let response = try await answer(to: request)
        guard response.status.isSuccess else { throw Self.refusal(response.status, response.body) }
        return response.body.isEmpty ? .null : try JSON(parsing: response.body)
    }

    /// The answer; that nobody listens is told in the words of an operator.
    private func answer(to request: HTTPClientRequest) async throws -> HTTPClientResponse {
        do {
            return try await client.send(request)
        } catch {
            if error.requestWasSent { throw error }
            throw unreachable
        }
    }

    /// The text as a value of a query or a segment of a path (RFC 3986 §2).
    static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
