import Testing
import Transport

@Suite struct HTTPClientFailureTests {
    @Test("a server that does not answer in time leaves it unknown whether it got the request")
    func timeout() async throws {
        try await withListener(serve: { await $0.waitForEnd() }) { listener, group in
            let client = HTTPClient(group: group)
            var request = HTTPClientRequest.to(listener, .post, "/", body: "x")
            request.timeout = .milliseconds(80)
            let sent = request
            let error = await #expect(throws: HTTPClientError.self) { try await client.send(sent) }
            #expect(error == .timedOut(host: "\(listener.localAddress)", requestWasSent: true))
            client.shutdown()
        }
    }

    @Test("a server that closes without an answer leaves it unknown")
    func lost() async throws {
        try await withListener(serve: { _ = try? await $0.read() }) { listener, group in
            let client = HTTPClient(group: group)
            let error = await #expect(throws: HTTPClientError.self) { try await client.send(.to(listener)) }
            guard case .connectionLost(_, _, true) = error else { throw error ?? .invalidURL }
            client.shutdown()
        }
    }

    @Test(
        "an answer that is no HTTP leaves it unknown", arguments: ["\u{1}\u{2}garbage\r\n\r\n", "220 hello ESMTP\r\n"])
    func garbage(answer: String) async throws {
        try await withListener(serve: { connection in
            _ = try? await connection.read()
            try? await connection.write(Array(answer.utf8))
        }) { listener, group in
            let client = HTTPClient(group: group)
            let request = HTTPClientRequest.to(listener, .post, "/", body: "x")
            let error = await #expect(throws: HTTPClientError.self) { try await client.send(request) }
            guard case .connectionLost(_, _, true) = error else { throw error ?? .invalidURL }
            client.shutdown()
        }
    }

    @Test("a server that speaks no TLS gets no request by https")
    func insecure() async throws {
        try await withListener(serve: { connection in
            _ = try? await connection.read()
            try? await connection.write(Array("HTTP/1.1 400 no\r\n\r\n".utf8))
        }) { listener, group in
            let client = HTTPClient(group: group)
            let request = HTTPClientRequest(.get, "https://\(listener.localAddress)/", privateAddresses: .allowed)
            let error = await #expect(throws: HTTPClientError.self) { try await client.send(request) }
            guard case .insecure = error else { throw error ?? .invalidURL }
            #expect(error?.requestWasSent == false)
            client.shutdown()
        }
    }

    @Test(
        "a response over the limit is an error, with a length or in chunks",
        arguments: [
            "Content-Length: 11\r\n\r\n01234567890", "Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n",
        ])
    func tooLarge(rest: String) async throws {
        try await withListener(serve: { connection in
            _ = try? await connection.read()
            try? await connection.write(Array("HTTP/1.1 200 OK\r\n\(rest)".utf8))
        }) { listener, group in
            let client = HTTPClient(group: group)
            var request = HTTPClientRequest.to(listener)
            request.responseLimit = 10
            let small = request
            let host = "\(listener.localAddress)"
            await #expect(throws: HTTPClientError.responseTooLarge(host: host, limit: 10, status: .ok)) {
                try await client.send(small)
            }
            request.responseLimit = 11
            let response = try await client.send(request)
            #expect(response.text == "01234567890")
            client.shutdown()
        }
    }

    @Test("a cancelled request ends at once, and one cancelled before is not sent", arguments: [true, false])
    func cancelled(waits: Bool) async throws {
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        try await withListener(serve: { connection in
            _ = try? await connection.read()
            arrived.yield()
            await connection.waitForEnd()
        }) { listener, group in
            let client = HTTPClient(group: group)
            let sending = Task(executorPreference: group.next()) {
                // A task that is cancelled before it begins begins all the same.
                while !waits, !Task.isCancelled { await Task.yield() }
                return try await client.send(.to(listener))
            }
            if waits { for await _ in arrivals { break } }
            sending.cancel()
            await #expect(throws: HTTPClientError.cancelled(requestWasSent: waits)) { try await sending.value }
            client.shutdown()
        }
    }

    @Test("a shut-down client ends its requests and refuses later ones")
    func shutdown() async throws {
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        try await withListener(serve: { connection in
            _ = try? await connection.read()
            arrived.yield()
            await connection.waitForEnd()
        }) { listener, group in
            let client = HTTPClient(group: group)
            let sending = Task { try await client.send(.to(listener)) }
            for await _ in arrivals { break }
            client.shutdown()
            await #expect(throws: HTTPClientError.stopped(requestWasSent: true)) { try await sending.value }
            await #expect(throws: HTTPClientError.stopped(requestWasSent: false)) {
                try await client.send(.to(listener))
            }
        }
    }

    @Test(
        "what is no http URL, or would end a header line, is refused",
        arguments: [
            "", "nonsense", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://a b/", "http://a/\r\nX: y",
            "gopher://127.0.0.1/", "smtp://127.0.0.1/",
        ])
    func invalidURL(url: String) async throws {
        try await withGroup { group in
            let client = HTTPClient(group: group)
            let error = await #expect(throws: HTTPClientError.self) {
                try await client.send(HTTPClientRequest(.get, url, timeout: .seconds(5), privateAddresses: .allowed))
            }
            #expect(error?.requestWasSent == false)
            let field = HTTPClientRequest(.get, "http://127.0.0.1/", headers: ["A": "b\r\nC: d"])
            await #expect(throws: HTTPClientError.self) { try await client.send(field) }
            client.shutdown()
        }
    }

    @Test("an error never holds the path, the query or the password of a URL")
    func secrets() async throws {
        try await withListener(serve: { _ = try? await $0.read() }) { listener, group in
            let client = HTTPClient(group: group)
            let url = "http://user:s3cret@\(listener.localAddress)/bot-s3cret?token=s3cret"
            let error = await #expect(throws: HTTPClientError.self) {
                try await client.send(HTTPClientRequest(.get, url, privateAddresses: .allowed))
            }
            #expect(error.map { "\($0) \(String(reflecting: $0))".contains("s3cret") } == false)
            client.shutdown()
        }
    }
}
