import Synchronization
import Testing
import Transport

/// Streams what a closure writes.
private struct StreamHandler: HTTPHandler {
    let produce: @Sendable (HTTPBodyWriter) async throws -> Void

    func bodyLimit(for head: HTTPRequestHead) -> Int { 0 }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        HTTPResponse(.ok, headers: ["Content-Type": "text/event-stream"], body: .stream(produce))
    }
}

@Suite struct HTTPStreamingTests {
    @Test("a streamed body comes in chunks, and the connection goes on")
    func chunks() async throws {
        let handler = StreamHandler { writer in
            try await writer.write("one")
            try await writer.write("")
            try await writer.write("two two two two two")
        }
        let request = "GET / HTTP/1.1\r\nHost: x\r\n"
        let answer = try await exchange("\(request)\r\n\(request)Connection: close\r\n\r\n", handler)
        #expect(answer.statuses == ["200", "200"])
        #expect(answer.hasSuffix("\r\n\r\n3\r\none\r\n13\r\ntwo two two two two\r\n0\r\n\r\n"))
        #expect(answer.contains("\r\nTransfer-Encoding: chunked\r\n"))
    }

    @Test("for HTTP/1.0 the end of the connection ends a streamed body")
    func oldVersion() async throws {
        let handler = StreamHandler { try await $0.write("text") }
        let answer = try await exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", handler)
        #expect(answer.hasSuffix("\r\n\r\ntext"))
        #expect(!answer.contains("chunked"))
    }

    @Test("a body that fails has no last chunk, so that the client notices")
    func fails() async throws {
        struct Fault: Error {}
        let handler = StreamHandler { writer in
            try await writer.write("text")
            throw Fault()
        }
        let answer = try await exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n", handler)
        #expect(answer.hasSuffix("4\r\ntext\r\n"))
    }

    @Test("a stream that waits for events is cancelled when its client goes away")
    func clientGone() async throws {
        let (ends, end) = AsyncStream<Bool>.makeStream()
        let handler = StreamHandler { writer in
            try await writer.write("event")
            let (never, _) = AsyncStream<Void>.makeStream()
            for await _ in never {}
            end.yield(Task.isCancelled)
        }
        try await withServer(handler) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await connection.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await connection.readThrough("event\r\n")
            connection.close()
            for await wasCancelled in ends {
                #expect(wasCancelled)
                break
            }
        }
    }

    @Test("a slow client slows the writer down, and gets everything")
    func backpressure() async throws {
        let written = Counter()
        let handler = StreamHandler { writer in
            for _ in 0..<400 {
                try await writer.write([UInt8](repeating: 120, count: 65_536))
                written.add()
            }
        }
        try await withServer(handler) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await connection.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            _ = try await connection.read(max: 16)
            // The kernel's buffers hold some megabytes, and not 25.
            #expect(written.count < 400)
            #expect(try await connection.readAll().utf8.count > 400 * 65_536)
        }
    }
}

/// Counts from several tasks.
final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    var count: Int { value.load(ordering: .acquiring) }

    func add() {
        value.add(1, ordering: .acquiringAndReleasing)
    }
}
