import TestSupport
import Testing
import Transport

@Suite(.enabled(if: NameService.isInPlace, "the linker exports no getaddrinfo")) struct HTTPClientNameTests {
    @Test("a name that points to a private address is refused, among others and after having pointed elsewhere")
    func rebinding() async throws {
        try await withClient { client, listener async throws in
            let port = try #require(listener.localAddress.port)
            for (name, answers) in [
                ("one.client.test", [["127.0.0.1"]]), ("two.client.test", [["::ffff:127.0.0.1"]]),
                ("three.client.test", [["10.255.255.1", "127.0.0.1"]]), ("four.client.test", [["0.0.0.0"]]),
                ("five.client.test", [["::1"]]), ("six.client.test", [["64:ff9b::7f00:1"]]),
            ] {
                NameService.set(name, answers)
                let error = await #expect(throws: HTTPClientError.self, "\(name)") {
                    try await client.send(HTTPClientRequest(.get, "http://\(name):\(port)/"))
                }
                guard case .privateAddress = error else { throw error ?? .invalidURL }
                #expect(NameService.asked(name) == 1)
            }
            #expect(listener.connectionCount == 0)
        }
    }

    @Test("a connection that a name was permitted is not lent to a request that refuses private addresses")
    func pool() async throws {
        try await withClient { client, listener async throws in
            let port = try #require(listener.localAddress.port)
            NameService.set("pool.client.test", [["127.0.0.1"]])
            let url = "http://pool.client.test:\(port)/"
            // Twice, so that each of the two loops has a connection.
            for _ in 0..<4 {
                _ = try await client.send(HTTPClientRequest(.get, url, privateAddresses: .allowed))
                let error = await #expect(throws: HTTPClientError.self) {
                    try await client.send(HTTPClientRequest(.get, url))
                }
                #expect(error == .privateAddress(.v4(0x7F00_0001)))
            }
        }
    }

    @Test(
        "a private address is refused however it is written",
        arguments: [
            "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "017700000001", "[::1]", "[::]", "0", "[fe80::1%25lo]",
            "user:password@127.0.0.1", "localhost.", "a.localhost", "LOCALHOST", "%31%32%37.0.0.1",
            "１２７.０.０.１", "①②⑦.0.0.1", "ⓛocalhost", "[::ffff:7f00:1]", "[2002:7f00:1::]", "169.254.169.254",
            "100.64.0.1", "224.0.0.1", "[ff02::1]", "[fd00::1]", "[64:ff9b:1::1]",
        ])
    func notations(host: String) async throws {
        try await withGroup { group in
            let client = HTTPClient(group: group)
            let request = HTTPClientRequest(.get, "http://\(host):9/", timeout: .seconds(5))
            let error = await #expect(throws: HTTPClientError.self) { try await client.send(request) }
            guard case .privateAddress = error else { throw error ?? .invalidURL }
            client.shutdown()
        }
    }

    @Test("a name in another script is asked for in ASCII")
    func unicode() async throws {
        try await withClient { client, listener async throws in
            let port = try #require(listener.localAddress.port)
            NameService.set("xn--mnchen-3ya.client.test", [["127.0.0.1"]])
            let request = HTTPClientRequest(.get, "http://MÜNchen.client.test:\(port)/", privateAddresses: .allowed)
            #expect(try await client.send(request).status == .ok)
        }
    }

    @Test("a name that nobody answers for holds up neither its own deadline and cancellation nor other requests")
    func silence() async throws {
        NameService.silence("silent.client.test")
        defer { NameService.set("silent.client.test", [["127.0.0.1"]]) }
        try await withClient { client, listener async throws in
            let silent = HTTPClientRequest(.get, "http://silent.client.test/", timeout: .milliseconds(50))
            await #expect(throws: HTTPClientError.timedOut(host: "silent.client.test", requestWasSent: false)) {
                try await client.send(silent)
            }
            var patient = silent
            patient.timeout = .seconds(60)
            let cancelled = patient
            let before = NameService.asked("silent.client.test")
            let sending = Task { try await client.send(cancelled) }
            try await waitUntil { NameService.asked("silent.client.test") > before }
            sending.cancel()
            await #expect(throws: HTTPClientError.cancelled(requestWasSent: false)) { try await sending.value }
            for _ in 0..<4 { #expect(try await client.send(.to(listener)).status == .ok) }
        }
    }
}
