import Logging
import Transport

/// Writes nothing.
struct SilentSink: LogSink {
    func write(_ event: LogEvent) {}
}

extension Logger {
    static var silent: Logger { Logger(sink: SilentSink()) }
}

extension SocketAddress {
    /// Any free port of this machine.
    static var anyPort: SocketAddress { .ip(.v4(0x7F00_0001), port: 0) }
}

/// Lends a loop and stops it afterwards.
func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
    let loop = try EventLoop.start(name: "test")
    do {
        try await body(loop)
    } catch {
        await loop.stop()
        throw error
    }
    await loop.stop()
}

/// Lends a group of two loops and stops it afterwards.
func withGroup(_ body: (EventLoopGroup) async throws -> Void) async throws {
    let group = try EventLoopGroup(count: 2, name: "test")
    do {
        try await body(group)
    } catch {
        await group.stop()
        throw error
    }
    await group.stop()
}

/// Runs a listener with a body for its connections while the test's body runs.
func withListener(
    at address: SocketAddress = .anyPort, options: ListenerOptions = ListenerOptions(),
    serve: @escaping @Sendable (Connection) async -> Void,
    _ body: @escaping (Listener, EventLoopGroup) async throws -> Void
) async throws {
    try await withGroup { group in
        let listener = try await Listener.bind(to: address, on: group, options: options, logger: .silent)
        async let running: Void = listener.run(serve)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(listener, group))
        } catch {
            result = .failure(error)
        }
        await listener.shutdown(within: .zero)
        await running
        try result.get()
    }
}

/// Runs a server while the test's body runs.
func withServer(
    _ handler: any HTTPHandler, _ configuration: HTTPServerConfiguration = HTTPServerConfiguration(),
    at address: SocketAddress = .anyPort, _ body: @escaping (Listener, EventLoopGroup) async throws -> Void
) async throws {
    let server = HTTPServer(configuration: configuration, logger: .silent, handler: handler)
    try await withListener(at: address, serve: { await server.serve($0) }, body)
}

extension Connection {
    /// Reads until the other end closes.
    func readAll() async throws -> String {
        var bytes: [UInt8] = []
        while let more = try await read(timeout: .seconds(20)) { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads until the text so far ends with this one.
    func readThrough(_ end: String) async throws -> String {
        var bytes: [UInt8] = []
        while !String(decoding: bytes, as: UTF8.self).hasSuffix(end) {
            guard let more = try await read(timeout: .seconds(20)) else { break }
            bytes += more
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func write(_ text: String) async throws {
        try await write(Array(text.utf8))
    }
}
