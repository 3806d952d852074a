import Testing

@testable import Transport

@Suite struct MeasuredBodyTests {
    /// What a client gets of a body of two pieces whose length was announced.
    private func answer(announcing length: Int, _ version: String = "1.1") async throws -> String {
        let route = try HTTPRoute(.get, "/") { _ in
            var response = HTTPResponse(
                .ok,
                body: .stream { writer in
                    try await writer.write("hello ")
                    try await writer.write("world")
                })
            response.streamLength = length
            return response
        }
        var text = ""
        try await withServer(HTTPRouter([route])) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.loops[0])
            try await connection.write("GET / HTTP/\(version)\r\nHost: x\r\nConnection: keep-alive\r\n\r\n")
            if length == 11 { try await connection.shutdownWriting() }
            text = try await connection.readAll()
        }
        return text
    }

    @Test("a stream of known length has no chunks", arguments: ["1.0", "1.1"])
    func known(version: String) async throws {
        let text = try await answer(announcing: 11, version)
        #expect(text.contains("\r\nContent-Length: 11\r\n") && text.hasSuffix("\r\n\r\nhello world"))
        #expect(!text.contains("chunked") && !text.contains("Connection: close"))
    }

    @Test("a stream that is longer or shorter than announced ends with its connection", arguments: [5, 7, 12, 100])
    func wrong(length: Int) async throws {
        let text = try await answer(announcing: length)
        let body = text.split(separator: "\r\n\r\n", omittingEmptySubsequences: false).dropFirst().joined()
        #expect(body.utf8.count <= length && body.utf8.count != 11 || length > 11)
    }
}
