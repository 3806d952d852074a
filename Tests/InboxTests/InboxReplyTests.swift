import AdapterKit
import AdapterTestSupport
import Messages
import TestSupport
import Testing
import Transport

@testable import Inbox

@Suite struct InboxReplyTests {
    @Test("an answer comes in from the user it was delivered to, and names the message it answers")
    func replies() async throws {
        try await withInbox { inbox in
            inbox.fixture.acceptor.route(to: [
                .init(dispatch: 1, address: try Address(parsing: "mail:ann@example.org"), route: "reply")
            ])
            let id = try await inbox.deliver("question")
            let answer = try await inbox.post(#"{"text": "yes", "key": "k"}"#, to: "/inbox/api/messages/\(id)/reply")
            #expect(answer.status == .accepted)
            #expect(try JSON(parsing: answer.body)["to"] == ["mail:ann@example.org"])
            let arrival = try #require(inbox.fixture.acceptor.arrivals.first)
            #expect(arrival.envelope.from.description == "inbox:ann")
            #expect(arrival.envelope.topic.description == "inbox:ann")
            #expect(arrival.envelope.inReplyTo == id && arrival.envelope.subject == "Re: Greetings")
            #expect(arrival.envelope.parts == [.text("yes", format: .markdown)])
            #expect(arrival.remoteID == arrival.envelope.id.description)
        }
    }

    @Test("a click sent twice is one answer")
    func twice() async throws {
        try await withInbox { inbox in
            let id = try await inbox.deliver("question")
            for _ in 0..<2 {
                let answer = try await inbox.post(
                    #"{"text": "yes", "key": "k"}"#, to: "/inbox/api/messages/\(id)/reply")
                #expect(answer.status == .accepted)
            }
            #expect(inbox.fixture.acceptor.arrivals.count == 1)
        }
    }

    @Test(
        "what is no answer is refused",
        arguments: [("{", 400), ("{}", 400), (#"{"text": "  "}"#, 400), (#"{"text": 1}"#, 400)])
    func refuses(body: String, status: Int) async throws {
        try await withInbox { inbox in
            let id = try await inbox.deliver("question")
            try await #expect(inbox.post(body, to: "/inbox/api/messages/\(id)/reply").status.rawValue == status)
        }
    }

    @Test("a web page cannot answer without asking, and nobody answers what is not there")
    func guarded() async throws {
        try await withInbox { inbox in
            let id = try await inbox.deliver("question")
            let simple = try await inbox.post(
                #"{"text": "x"}"#, to: "/inbox/api/messages/\(id)/reply", type: "text/plain")
            #expect(simple.status == .unsupportedMediaType)
            try await #expect(inbox.post(#"{"text": "x"}"#, to: "/inbox/api/messages/none/reply").status == .notFound)
            #expect(inbox.fixture.acceptor.arrivals.isEmpty)
        }
    }

    @Test(
        "the router's refusal is told",
        arguments: [(AcceptError.busy(retryAfter: .seconds(1)), 503), (.refused(reason: "a loop"), 422)])
    func refused(error: AcceptError, status: Int) async throws {
        try await withInbox { inbox in
            let id = try await inbox.deliver("question")
            inbox.fixture.acceptor.refuse(with: error)
            try await #expect(
                inbox.post(#"{"text": "x"}"#, to: "/inbox/api/messages/\(id)/reply").status.rawValue == status)
        }
    }
}
