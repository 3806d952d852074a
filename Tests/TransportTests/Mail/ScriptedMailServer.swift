import Synchronization
import Transport

/// What a mail server of a test says, and whether it goes silent or away.
struct MailScript: Sendable {
    enum Answer: Sendable {
        case reply(String)
        case close
        case silence
    }

    var greeting = Answer.reply("220 test.example ESMTP")
    var hello = Answer.reply("250-test.example\r\n250-AUTH PLAIN\r\n250 SIZE 1000000")
    var authentication = Answer.reply("235 2.7.0 welcome")
    var sender = Answer.reply("250 2.1.0 ok")
    var recipients: [String: Answer] = [:]
    var data = Answer.reply("354 go on")
    var message = Answer.reply("250 2.0.0 queued as 42")
    var quit = Answer.reply("221 bye")
}

/// Follows a script, and keeps what it was told.
final class ScriptedMailServer: Sendable {
    private let script: MailScript
    let commands = Mutex<[String]>([])
    let message = Mutex<String>("")
    /// Yields when the client has nothing more to say until it is answered.
    let silences: AsyncStream<Void>
    private let silence: AsyncStream<Void>.Continuation

    init(_ script: MailScript) {
        self.script = script
        (silences, silence) = AsyncStream<Void>.makeStream()
    }

    func serve(_ connection: Connection) async {
        do {
            var lines = LineReader(connection)
            guard try await answer(script.greeting, connection) else { return }
            while let line = try await lines.next() {
                commands.withLock { $0.append(line) }
                guard try await answer(to: line, connection, &lines) else { return }
            }
        } catch {
            // The client went away.
        }
    }

    private func answer(to line: String, _ connection: Connection, _ lines: inout LineReader) async throws -> Bool {
        switch line.prefix(4).uppercased() {
        case "EHLO", "HELO": return try await answer(script.hello, connection)
        case "AUTH": return try await answer(script.authentication, connection)
        case "MAIL": return try await answer(script.sender, connection)
        case "RCPT":
            let address = line.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" }
            return try await answer(script.recipients[String(address)] ?? .reply("250 2.1.5 ok"), connection)
        case "DATA":
            guard try await answer(script.data, connection) else { return false }
            guard case .reply(let text) = script.data, text.hasPrefix("354") else { return true }
            while let text = try await lines.next(), text != "." { message.withLock { $0 += text + "\n" } }
            return try await answer(script.message, connection)
        case "QUIT": return try await answer(script.quit, connection)
        default: return try await answer(.reply("500 what?"), connection)
        }
    }

    private func answer(_ answer: MailScript.Answer, _ connection: Connection) async throws -> Bool {
        switch answer {
        case .reply(let text):
            try await connection.write(text + "\r\n")
            return true
        case .close:
            return false
        case .silence:
            silence.yield()
            await connection.waitForEnd()
            return false
        }
    }
}

/// Reads lines that end with CR LF.
struct LineReader {
    private let connection: Connection
    private var buffer: [UInt8] = []

    init(_ connection: Connection) {
        self.connection = connection
    }

    mutating func next() async throws -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = buffer[..<end].filter { $0 != 0x0D }
                buffer.removeSubrange(...end)
                return String(decoding: line, as: UTF8.self)
            }
            guard let more = try await connection.read() else { return nil }
            buffer += more
        }
    }
}
