import Logging
import Synchronization
import Transport

@testable import Email

/// A mail server that says what a test wants it to say.
final class ScriptedServer: Sendable {
    /// What it says, by the verb; verbs that are not named get 250.
    struct Script: Sendable {
        var greeting = "220 mx.x.example ESMTP"
        var replies: [String: String] = [:]
        /// What it says to the message; `nil` closes the connection instead.
        var message: String? = "250 2.0.0 queued as 42"
    }

    private struct Seen {
        var commands: [String] = []
        var messages: [[UInt8]] = []
    }

    private let script: Script
    private let seen = Mutex(Seen())
    private let listener: Listener

    private init(_ script: Script, _ listener: Listener) {
        self.script = script
        self.listener = listener
    }

    var commands: [String] { seen.withLock { $0.commands } }
    var messages: [[UInt8]] { seen.withLock { $0.messages } }
    var port: UInt16 { listener.localAddress.port ?? 0 }

    /// Runs a server while the body runs.
    static func with(
        _ script: Script = Script(), on loops: EventLoopGroup, logger: Logger,
        _ body: (ScriptedServer) async throws -> Void
    ) async throws {
        let listener = try await Listener.bind(to: SocketAddress("127.0.0.1:0"), on: loops, logger: logger)
        let server = ScriptedServer(script, listener)
        let running = Task { await listener.run { connection in try? await server.serve(connection) } }
        try await body(server)
        await listener.shutdown(within: .zero)
        await running.value
    }

    private func serve(_ connection: Connection) async throws {
        var input: [UInt8] = []
        try await say(script.greeting, connection)
        while let line = try await self.line(&input, connection) {
            seen.withLock { $0.commands.append(line) }
            let verb = String(line.prefix(4)).uppercased()
            let reply = script.replies[verb] ?? (verb == "DATA" ? "354 go on" : verb == "QUIT" ? "221 bye" : "250 ok")
            try await say(reply, connection)
            if verb == "QUIT" { return }
            guard verb == "DATA", reply.hasPrefix("354") else { continue }
            guard try await takeMessage(&input, connection) else { return }
        }
    }

    private func takeMessage(_ input: inout [UInt8], _ connection: Connection) async throws -> Bool {
        var decoder = MailDataDecoder(limit: 1_000_000, isStuffed: true)
        while true {
            let (consumed, isComplete) = decoder.receive(input[...])
            input.removeFirst(consumed)
            if isComplete { break }
            guard let bytes = try await connection.read(max: 65_536, timeout: .seconds(10)) else { return false }
            input += bytes
        }
        let message = decoder.message
        seen.withLock { $0.messages.append(message) }
        guard let reply = script.message else { return false }
        try await say(reply, connection)
        return true
    }

    private func line(_ input: inout [UInt8], _ connection: Connection) async throws -> String? {
        while true {
            if let feed = input.firstIndex(of: 0x0A) {
                let line = String(decoding: input[..<feed].filter { $0 != 0x0D }, as: UTF8.self)
                input.removeFirst(feed + 1)
                return line
            }
            guard let bytes = try await connection.read(max: 65_536, timeout: .seconds(10)) else { return nil }
            input += bytes
        }
    }

    private func say(_ reply: String, _ connection: Connection) async throws {
        try await connection.write(Array("\(reply)\r\n".utf8), timeout: .seconds(10))
    }
}
