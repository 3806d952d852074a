import Synchronization
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct HTTP2ServerTests {
    @Test("a handler sees the same request as by HTTP/1.1")
    func request() async throws {
        let seen = Mutex<[HTTPRequest]>([])
        let handler = HTTP2Handler(respond: { request in
            seen.withLock { $0.append(request) }
            return nil
        })
        try await withServer(handler) { listener, group in
            let old = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await old.write(
                "POST /a%20b?c=d HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncookie: a=b; c=d\r\n"
                    + "connection: close\r\n\r\nabc")
            _ = try await old.readAll()
            let client = try await HTTP2TestClient(listener, group)
            let fields = [("content-length", "3"), ("cookie", "a=b"), ("cookie", "c=d")]
            try await client.send(.post(1, "/a%20b?c=d", fields), .data("abc", ends: true))
            try await client.finish(1)
        }
        let (old, new) = seen.withLock { ($0[0], $0[1]) }
        #expect(new.method == old.method && new.target == old.target && new.body == old.body)
        #expect(new.path == old.path && new.head.segments == old.head.segments && !new.head.isHTTP10)
        #expect(new.headers.filter { $0.name != "connection" } == old.headers.filter { $0.name != "connection" })
        #expect(new.head.isSecure == old.head.isSecure && new.isFromLoopback)
    }

    @Test("a handler that waits is cancelled when its client is gone")
    func gone() async throws {
        let (begun, beginnings) = AsyncStream<Void>.makeStream()
        let (ended, endings) = AsyncStream<Bool>.makeStream()
        let handler = HTTP2Handler(respond: { _ in
            beginnings.yield()
            endings.yield((try? await Task.sleep(for: .seconds(50))) == nil)
            return nil
        })
        try await withServer(handler) { listener, group in
            let client = try await HTTP2TestClient(listener, group)
            try await client.send(.get())
            for await _ in begun { break }
            client.connection.close()
            for await isCancelled in ended {
                #expect(isCancelled)
                break
            }
        }
    }

    @Test("a response has its status, its date, its length and its fields, but none of HTTP/1.1")
    func response() async throws {
        let handler = HTTP2Handler(respond: { _ in
            HTTPResponse(
                .created,
                headers: [
                    "X-One": "1", "Connection": "close", "Keep-Alive": "x", "Upgrade": "y", "Content-Length": "9",
                ],
                body: .bytes([120]))
        })
        try await withHTTP2(handler, HTTPServerConfiguration(currentTime: { 784_111_777 })) { client in
            try await client.send(.get())
            try await client.finish(1)
            #expect(
                client.fields[1] == [
                    [
                        ":status": "201", "date": "Sun, 06 Nov 1994 08:49:37 GMT", "content-length": "1", "x-one": "1",
                    ]
                ])
            #expect(client.text() == "x")
        }
    }

    @Test("a response with a field that cannot be sent becomes 500", arguments: [("a b", "x"), ("a", "x\r\ny: z")])
    func invalidField(_ name: String, _ value: String) async throws {
        let handler = HTTP2Handler(respond: { _ in HTTPResponse(.ok, headers: [name: value]) })
        try await withHTTP2(handler) { client in
            try await client.send(.get())
            try await client.finish(1)
            #expect(client.status() == "500")
        }
    }

    @Test("a response without a body ends with its head", arguments: [("HEAD", "/"), ("GET", "/empty")])
    func noBody(_ method: String, _ path: String) async throws {
        try await withHTTP2 { client in
            try await client.send(.headers(HPACK.request(method, path: path)))
            let head = try await client.read { $0.kind == .headers }
            #expect(head?.endsStream == true)
            #expect((client.fields[1]?[0]["content-length"] != nil) == (method == "HEAD"))
        }
    }

    @Test("requests are answered as they get done, and those of one read together")
    func concurrency() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        try await withHTTP2(HTTP2Handler(gate: gate)) { client in
            try await client.send(.get(1, "/wait"), .get(3), .get(5, "/empty"))
            try await client.finish(3, 5)
            #expect(client.status(1) == nil)
            open.yield()
            try await client.finish(1)
            #expect(client.text(1) == "done")
        }
    }

    @Test("a thousand requests on one connection")
    func many() async throws {
        try await withHTTP2 { client in
            for turn in 0..<20 {
                let streams = (0..<50).map { UInt32(turn * 100 + $0 * 2 + 1) }
                try await client.send(streams.map { .get($0, "/empty") })
                for stream in streams { try await client.finish(stream) }
                #expect(streams.allSatisfy { client.status($0) == "204" })
            }
        }
    }

    @Test("what begins otherwise is HTTP/1.1, in whatever pieces it comes", arguments: [1, 3, 100])
    func choice(_ size: Int) async throws {
        try await withServer(HTTP2Handler()) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            var rest = Array("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".utf8)[...]
            while !rest.isEmpty {
                try await connection.write(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(try await connection.readAll().hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("the beginning of HTTP/2 may come in pieces")
    func slowPreface() async throws {
        try await withServer(HTTP2Handler()) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            for byte in HTTP2TestClient.preface + HTTP2Frame.settings().bytes { try await connection.write([byte]) }
            #expect(try await connection.read(timeout: .seconds(20))?.first == 0)
            connection.close()
        }
    }
}
