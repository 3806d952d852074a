import Engine
import Messages
import Routing
import Testing
import Transport

@Suite struct DirectoryEndpointTests {
    @Test("a subscription leads messages to its address from the next one on, until it ends")
    func subscriptions() async throws {
        try await GatewayFixture.run { fixture in
            let made = try await fixture.json(
                .post, "/v1/subscriptions", #"{"pattern": "api:**", "address": "hook:sub"}"#)
            #expect(made["id"]?.integer == 1 && made["by"] == "operator")
            _ = try await fixture.json(.post, "/v1/subscriptions", #"{"pattern": "api:**", "address": "hook:sub"}"#)
            let listed = try await fixture.json(.get, "/v1/subscriptions")
            #expect(listed["total"]?.integer == 1 && listed["subscriptions"]?.array == [made])
            let topic = try Topic(parsing: "api:x")
            #expect(fixture.exchange.directory.subscriptions(for: topic).map(\.address.user) == ["sub"])
            let ended = try await fixture.json(
                .post, "/v1/subscriptions/remove", #"{"pattern": "api:**", "address": "hook:sub"}"#)
            #expect(ended == made)
            #expect(fixture.exchange.directory.subscriptions(for: topic) == [])
            let again = try await fixture.send(.post, "/v1/subscriptions/remove", #"{"id": 1}"#)
            #expect(again.status == .notFound && again.detail.contains("there is no subscription 1"))
        }
    }

    @Test(
        "what makes no subscription is refused with what is wrong",
        arguments: [
            (
                #"{"pattern": "api", "address": "hook:a"}"#, HTTPStatus.badRequest,
                "expected \":\" between source and class"
            ),
            (#"{"pattern": "api:**", "address": "hok:a"}"#, .unprocessableContent, "no mailbox is named \"hok\""),
            (#"{"pattern": "api:**"}"#, .badRequest, "expected an address and a pattern"),
        ])
    func refused(body: String, status: HTTPStatus, words: String) async throws {
        try await GatewayFixture.run { fixture in
            let answer = try await fixture.send(.post, "/v1/subscriptions", body)
            #expect(answer.status == status && answer.detail.contains(words), "\(answer.text)")
        }
    }

    @Test("a list is made, joined, muted and left by its rules")
    func lists() async throws {
        try await GatewayFixture.run { fixture in
            func post(_ path: String, _ body: String) async throws -> (HTTPStatus, JSON) {
                let answer = try await fixture.send(.post, "/v1/lists/\(path)", body)
                return (answer.status, try JSON(parsing: answer.text))
            }
            #expect(try await post("fans/set", #"{"post": "members", "join": "open"}"#).0 == .ok)
            #expect(try await post("fans/own", #"{"address": "hook:boss"}"#).0 == .ok)
            #expect(try await post("fans/join", #"{"address": "hook:ann", "by": "hook:ann"}"#).0 == .ok)
            let (refused, reason) = try await post("fans/mute", #"{"address": "hook:boss", "by": "hook:ann"}"#)
            #expect(refused == .forbidden && reason["detail"]?.string?.contains("only its owners may do that") == true)
            #expect(try await post("fans/mute", #"{"address": "hook:ann", "by": "hook:boss"}"#).0 == .ok)
            let list = try await fixture.json(.get, "/v1/lists/fans")
            #expect(list["members"] == ["hook:ann", "hook:boss"] && list["muted"] == ["hook:ann"])
            #expect(list["origin"] == "run time" && list["post"] == "members")
            #expect(try await post("fans/leave", #"{"address": "hook:ann", "by": "hook:ann"}"#).0 == .ok)
            let (closed, why) = try await post("fans/join", #"{"address": "hook:ann", "by": "hook:ann"}"#)
            #expect(closed == .forbidden && why["detail"]?.string?.contains("an owner has to let it in again") == true)
            #expect(try await fixture.json(.get, "/v1/lists")["lists"]?.array?.count == 1)
            #expect(try await post("fans/remove", "{}").0 == .ok)
            let gone = try await fixture.send(.get, "/v1/lists/fans", nil)
            #expect(gone.status == .notFound && gone.detail.contains("there is no list \"fans\""))
            #expect(try await post("Bad/set", "{}").0 == .badRequest)
            #expect(try await post("fans/set", #"{"post": "all"}"#).1["detail"]?.string?.contains("anyone") == true)
        }
    }
}
