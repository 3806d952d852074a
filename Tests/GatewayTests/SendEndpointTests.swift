import Engine
import Messages
import TestSupport
import Testing
import Transport

@Suite struct SendEndpointTests {
    @Test("the operator's message needs neither id nor time nor sender, and goes where it says")
    func send() async throws {
        try await GatewayFixture.run { fixture in
            let body = #"{"to":["hook:crm"],"parts":[{"type":"text","text":"hi"}]}"#
            let response = try await fixture.send(.post, "/v1/send", body)
            #expect(response.status == .accepted)
            let answer = try JSON(parsing: response.body)
            let dispatch = try #require(answer["dispatches"]?.array?.first)
            #expect(dispatch["to"]?.string == "hook:crm")
            #expect(dispatch["route"]?.string == "envelope")
            let trace = try await fixture.json(.get, "/v1/messages/\(answer["id"]?.string ?? "")/trace")
            #expect(trace["message"]?["from"]?.string == "local:operator")
            #expect(trace["message"]?["topic"]?.string == "local:send")
            #expect(trace["accepted"]?.string == fixture.clock.now.description)
        }
    }

    static let refusals: [(String, HTTPStatus, String)] = [
        ("{", .badRequest, "offset"), ("7", .badRequest, "expected an object"),
        (#"{"subjct":"x"}"#, .badRequest, "no field is named \"subjct\""),
        (#"{"to":["nobody"],"parts":[]}"#, .badRequest, "to[0]"),
        (#"{"parts":[{"type":"picture","text":"x"}]}"#, .badRequest, "parts[0].type"),
        (#"{"to":["nowhere:x"],"parts":[{"type":"text","text":"x"}]}"#, .unprocessableContent, "nowhere"),
    ]

    @Test("a message that cannot be sent is refused, with the field that is wrong", arguments: refusals)
    func refused(body: String, status: HTTPStatus, words: String) async throws {
        try await GatewayFixture.run { fixture in
            let response = try await fixture.send(.post, "/v1/send", body)
            #expect(response.status == status)
            #expect(response.detail.contains(words), "\(response.text)")
            let rows = try await fixture.json(.get, "/v1/spool")
            #expect(rows["dispatches"] == [])
        }
    }

    @Test("a router without room says so with 507, one that stops with 503")
    func noRoom() async throws {
        try await GatewayFixture.run { fixture in
            let body = #"{"parts":[{"type":"text","text":"hi"}]}"#
            fixture.exchange.setSpoolFull("no room")
            let full = try await fixture.send(.post, "/v1/send", body)
            #expect(full.status == .insufficientStorage)
            fixture.exchange.setSpoolFull(nil)
            await fixture.exchange.stop(within: .zero)
            let stopped = try await fixture.send(.post, "/v1/send", body)
            #expect(stopped.status == .serviceUnavailable)
        }
    }
}
