import Messages
import Testing
import Transport

@testable import postroad

@Suite struct PublicListenerTests {
    private static let settings = """
        listen:
          http: ["127.0.0.1:0", "unix:./http.sock"]
          smtp: unix:./smtp.sock
        """

    @Test(
        "the operator comes by the control socket; another Unix socket makes nobody one, nor a program of this machine")
    func authority() async throws {
        try await RunningRouter.run(settings: Self.settings) { router in
            let client = HTTPClient(group: router.router.loops)
            let cases: [(HTTPMethod, String, socket: String, HTTPStatus)] = [
                (.get, "/v1/status", "data/control.sock", .ok), (.get, "/v1/status", "http.sock", .forbidden),
                (.get, "/inbox/api/messages", "http.sock", .forbidden),
                (.post, "/v1/messages", "http.sock", .unauthorized), (.get, "/healthz", "http.sock", .ok),
            ]
            for (method, path, socket, expected) in cases {
                let body = method == .post ? Array(#"{"class": "x", "text": "hello"}"#.utf8) : []
                let request = HTTPClientRequest(
                    method, "http://localhost\(path)", headers: ["Content-Type": "application/json"], body: body,
                    unixSocketPath: "\(router.folder)/\(socket)")
                let status = try await client.send(request).status
                #expect(status == expected, "\(method) \(path) by \(socket)")
            }
            client.shutdown()
        }
    }

    @Test("the status names every place where the router listens")
    func listeners() async throws {
        try await RunningRouter.run(settings: Self.settings) { router in
            let listeners = try #require(try await router.get("/v1/status")["listeners"]?.array)
            #expect(listeners.map { $0.text("protocol") } == ["http", "http", "smtp"])
            #expect(listeners[0].text("address").hasPrefix("127.0.0.1:"))
            #expect(
                listeners.dropFirst().map { $0.text("address") }
                    == ["http", "smtp"].map { "unix:\(router.folder)/\($0).sock" })
            let shown = await router.postroad("status")
            #expect(shown.code == .good)
            #expect(shown.answer.contains("smtp       unix:\(router.folder)/smtp.sock"), "\(shown.answer)")
            #expect(shown.answer.contains("takes      messages"))
        }
    }
}
