import Engine
import Messages
import Testing
import Transport

@Suite struct AccessTests {
    static let operatorEndpoints: [(HTTPMethod, String)] = [
        (.get, "/v1/status"), (.get, "/v1/spool"), (.get, "/v1/spool/damaged"), (.post, "/v1/spool/drop"),
        (.get, "/v1/mailboxes"), (.post, "/v1/mailboxes/hook/pause"), (.post, "/v1/send"),
    ]

    @Test("what is for the operator is refused on the port, whatever it says of itself", arguments: operatorEndpoints)
    func operatorsOnly(method: HTTPMethod, path: String) async throws {
        try await GatewayFixture.run { fixture in
            let response = try await fixture.send(
                method, path, method == .post ? "{\"filter\":\"\"}" : nil, by: .port, headers: ["Host": "localhost"])
            #expect(response.status == .forbidden)
            #expect(response.detail.contains("control socket"))
            #expect(response.headers["content-type"] == "application/problem+json")
        }
    }

    @Test("nothing of the operator's is done for a request on the port")
    func nothingIsDone() async throws {
        let hook = HookAdapter([.rejected(reason: "HTTP 400")])
        try await GatewayFixture.run(hook: hook) { fixture in
            try await fixture.accept()
            try await fixture.await("state=dead")
            for action in ["drop", "retry"] {
                _ = try await fixture.send(.post, "/v1/spool/\(action)", "{\"filter\":\"\"}", by: .port)
            }
            _ = try await fixture.send(.post, "/v1/mailboxes/hook/reset", "{}", by: .port)
            try await fixture.await("state=dead")
            #expect(hook.resets == 0)
        }
    }

    @Test(
        "a trace is shown by the socket, and on the port to programs of this machine",
        arguments: GatewayFixture.Way.allCases)
    func readers(way: GatewayFixture.Way) async throws {
        try await GatewayFixture.run { fixture in
            let id = try await fixture.accept()
            let response = try await fixture.send(.get, "/v1/messages/\(id)/trace", by: way)
            #expect(response.status == .ok)
            #expect(try JSON(parsing: response.body)["message"]?["id"]?.string == id.description)
        }
    }

    static let strange: [HTTPFields] = [
        ["Host": "attacker.example"], ["Host": "127.0.0.1.attacker.example"], ["Origin": "https://attacker.example"],
        ["Sec-Fetch-Site": "cross-site"], ["X-Forwarded-For": "192.0.2.1"], ["Forwarded": "for=192.0.2.1"],
    ]

    @Test("a trace is not shown to web pages of other sites, nor through a proxy", arguments: strange)
    func strangers(headers: HTTPFields) async throws {
        try await GatewayFixture.run { fixture in
            let id = try await fixture.accept()
            let response = try await fixture.send(.get, "/v1/messages/\(id)/trace", by: .port, headers: headers)
            #expect(response.status == .forbidden)
            #expect(!response.text.contains("Hello"))
        }
    }

    @Test("anybody may ask whether the router is ready, and who is no stranger is told why it is not")
    func health() async throws {
        try await GatewayFixture.run { fixture in
            let headers: HTTPFields = ["Host": "hq.example"]
            #expect(try await fixture.send(.get, "/healthz", by: .port, headers: headers).text == "ok\n")
            #expect(try await fixture.send(.get, "/readyz", by: .port, headers: headers).status == .ok)
            fixture.exchange.setSpoolFull("the spool's limit of 10 bytes is reached")
            let strange = try await fixture.send(.get, "/readyz", by: .port, headers: headers)
            #expect(strange.status == .serviceUnavailable && strange.text == "{\"ready\":false}\n")
            let known = try JSON(parsing: try await fixture.send(.get, "/readyz", by: .port).body)
            #expect(known["reasons"] == ["the spool's limit of 10 bytes is reached"])
            #expect(try await fixture.json(.get, "/v1/status")["refusal"] == known["reasons"]?.array?.first)
            fixture.exchange.setSpoolFull(nil)
            #expect(try await fixture.send(.get, "/readyz", by: .port).status == .ok)
        }
    }
}
