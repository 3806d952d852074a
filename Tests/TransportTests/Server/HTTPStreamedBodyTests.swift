import Synchronization
import Testing
import Transport

/// Streams bodies to a closure.
struct BodyHandler: HTTPHandler {
    var limit = 16 * 1_048_576
    let answer: @Sendable (HTTPBodyReader) async -> HTTPResponse

    func bodyLimit(for head: HTTPRequestHead) -> Int { limit }
    func streamsBody(for head: HTTPRequestHead) -> Bool { true }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let reader = request.bodyReader else { return HTTPResponse(.internalServerError, text: "no reader") }
        return await answer(reader)
    }

    /// Reads all and answers with the text, its trailers, or the error.
    static let collecting = BodyHandler { await collect($0) }

    static func collect(_ reader: HTTPBodyReader) async -> HTTPResponse {
        var text = ""
        do throws(HTTPBodyError) {
            while let piece = try await reader.next() { text += String(decoding: piece, as: UTF8.self) }
        } catch {
            return HTTPResponse(.ok, text: "failed: \(error)")
        }
        let trailers = reader.trailers.map { "\($0.name)=\($0.value)" }
        return HTTPResponse(.ok, text: (["<\(text)>"] + trailers).joined(separator: ","))
    }

    /// Writes every piece back as it comes.
    static let echoing = BodyHandler { reader in
        HTTPResponse(
            .ok,
            body: .stream { writer in
                while let piece = try await reader.next() { try await writer.write(piece) }
            })
    }
}

@Suite struct HTTPStreamedBodyTests {
    private static let chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    private static let end = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    @Test("a streamed body is read to its end, however framed, and the next request follows")
    func framings() async throws {
        let text =
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
            + "\(Self.chunked)\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n"
            + Self.end
        let answer = try await exchange(text, BodyHandler.collecting)
        #expect(answer.bodies == ["<abc>", "<def>", "<>"])
    }

    @Test("trailer fields arrive, but for those that frame, route or authenticate")
    func trailers() async throws {
        let fields = "Digest: a\r\nContent-Length: 9\r\nhOst: y\r\nAuthorization: z\r\nX-Sum: 1, 2 \r\n"
        let answer = try await exchange(
            "\(Self.chunked)\r\n1\r\na\r\n0\r\n\(fields)\r\n\(Self.end)", BodyHandler.collecting)
        #expect(answer.bodies.first == "<a>,Digest=a,X-Sum=1, 2")
    }

    @Test("it does not matter where a streamed body is cut")
    func cutEverywhere() async throws {
        let bytes = Array("\(Self.chunked)\r\n3;a=b\r\nabc\r\n1\r\nd\r\n0\r\nT: \u{e4}b c\r\n\r\n\(Self.end)".utf8)
        try await withLoop { loop in
            for cut in 1..<bytes.count {
                let stream = ScriptedStream([Array(bytes[..<cut]), Array(bytes[cut...])], on: loop)
                await HTTPServer(logger: .silent, handler: BodyHandler.collecting).serve(stream)
                #expect(stream.written.bodies == ["<abcd>,T=\u{e4}b c", "<>"], "cut at \(cut)")
            }
        }
    }

    @Test("a body can be answered while it comes, both ways at once")
    func fullDuplex() async throws {
        try await withServer(BodyHandler.echoing) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await connection.write("\(Self.chunked)Connection: close\r\n\r\n5\r\nfirst\r\n")
            #expect(try await connection.readThrough("5\r\nfirst\r\n").statuses == ["200"])
            let piece = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
            async let sent: Void = {
                for _ in 0..<100 { try await connection.write(piece) }
                try await connection.write("0\r\n\r\n")
            }()
            let answer = try await connection.readAll()
            try await sent
            #expect(answer.utf8.count { $0 == UInt8(ascii: "x") } == 6_553_600)
            #expect(answer.hasSuffix("\r\n0\r\n\r\n"))
        }
    }

    @Test("an endpoint that does not read holds its client back")
    func backpressure() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let handler = BodyHandler(limit: .max) { reader in
            for await _ in gate {}
            return await BodyHandler.collect(reader)
        }
        try await withServer(handler) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await connection.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
            var sent = 0
            await #expect(throws: TransportError.self) {
                while sent < 256 {
                    try await connection.write([UInt8](repeating: 120, count: 1_048_576), timeout: .milliseconds(300))
                    sent += 1
                }
            }
            // What the kernel's buffers hold.
            #expect(sent < 64)
            open.finish()
        }
    }

    @Test("a body can be read by a task that runs elsewhere")
    func otherExecutor() async throws {
        let handler = BodyHandler { reader in
            await withTaskExecutorPreference(globalConcurrentExecutor) { await BodyHandler.collect(reader) }
        }
        let answer = try await exchange("\(Self.chunked)\r\n2\r\nab\r\n0\r\n\r\n\(Self.end)", handler)
        #expect(answer.bodies == ["<ab>", "<>"])
    }
}

@Suite struct HTTPStreamedBodyEndTests {
    private static let post = "POST / HTTP/1.1\r\nHost: x\r\n"
    private static let end = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    @Test(
        "a body that fails is answered by its failure, whatever the endpoint says",
        arguments: [
            ("Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n4\r\nabcd\r\n0\r\n\r\n", "413"),
            ("Content-Length: 9\r\n\r\nabcdefghi", "413"), ("Transfer-Encoding: chunked\r\n\r\nzz\r\n", "400"),
            ("Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\na b: c\r\n\r\n", "400"),
        ])
    func failures(rest: String, status: String) async throws {
        var handler = BodyHandler.collecting
        handler.limit = 8
        let answer = try await exchange(Self.post + rest + Self.end, handler)
        #expect(answer.statuses == [status])
        #expect(answer.contains("\r\nConnection: close\r\n"))
    }

    @Test("a body that comes too slowly is answered with 408")
    func slow() async throws {
        try await withLoop { loop in
            let bytes = Array("\(Self.post)Content-Length: 9\r\n\r\nab".utf8)
            let stream = ScriptedStream([bytes], thenIsSilent: true, on: loop)
            await HTTPServer(logger: .silent, handler: BodyHandler.collecting).serve(stream)
            #expect(stream.written.statuses == ["408"])
        }
    }

    @Test(
        "what the endpoint leaves is dropped while it is little, and ends the connection when it is much",
        arguments: [
            (65_536, true, ["204", "204"]), (65_537, true, ["204"]), (65_536, false, ["204", "204"]),
            (400_000, false, ["204"]),
        ])
    func unread(count: Int, hasLength: Bool, statuses: [String]) async throws {
        let handler = BodyHandler { _ in HTTPResponse(.noContent) }
        let body = String(repeating: "a", count: count)
        let rest =
            hasLength
            ? "Content-Length: \(count)\r\n\r\n\(body)"
            : "Transfer-Encoding: chunked\r\n\r\n\(String(count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
        let answer = try await exchange(Self.post + rest + Self.end, handler)
        #expect(answer.statuses == statuses)
        #expect(answer.contains("Connection: close") == (statuses.count == 2 || hasLength))
    }

    @Test("a client that waits for 100-continue is asked when the endpoint first wants bytes")
    func continues() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let handler = BodyHandler { reader in
            for await _ in gate { break }
            return await BodyHandler.collect(reader)
        }
        try await withServer(handler) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await connection.write("\(Self.post)Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            await #expect(throws: TransportError.timedOut(operation: "read")) {
                try await connection.read(timeout: .milliseconds(50))
            }
            open.finish()
            #expect(try await connection.readThrough("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await connection.write("hi\(Self.end)")
            #expect(try await connection.readAll().bodies.first == "<hi>")
        }
    }

    @Test("an endpoint that wants no bytes closes the connection of a client that waits for 100-continue")
    func refusesContinue() async throws {
        let handler = BodyHandler { _ in HTTPResponse(.forbidden) }
        let answer = try await exchange(
            "\(Self.post)Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", handler)
        #expect(answer.statuses == ["403"])
        #expect(answer.contains("\r\nConnection: close\r\n"))
    }

    @Test("a reader that outlives its response learns that the body is gone")
    func outlives() async throws {
        let kept = Mutex<HTTPBodyReader?>(nil)
        let handler = BodyHandler { reader in
            kept.withLock { $0 = $0 ?? reader }
            return HTTPResponse(.noContent)
        }
        let body = String(repeating: "a", count: 100_000)
        let answer = try await exchange("\(Self.post)Content-Length: 100000\r\n\r\n\(body)", handler)
        #expect(answer.statuses == ["204"])
        let reader = try #require(kept.withLock { $0 })
        // The loop is gone too; whichever ends it, no byte comes.
        await #expect(throws: HTTPBodyError.lost) { try await reader.next() }
    }

    @Test("a request without a body has a reader at its end")
    func empty() async throws {
        #expect(try await exchange(Self.end, BodyHandler.collecting).bodies == ["<>"])
    }
}
