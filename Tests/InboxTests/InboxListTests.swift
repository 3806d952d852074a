import AdapterKit
import AdapterTestSupport
import Messages
import TestSupport
import Testing
import Transport

@testable import Inbox

@Suite struct InboxListTests {
    @Test("a message to anybody is kept and told as delivered, with its own id")
    func keeps() async throws {
        try await withInbox { inbox in
            let dispatch = try inbox.fixture.dispatch(to: "whoever@example.org")
            let receipt = try await inbox.adapter.deliver(dispatch)
            #expect(receipt == .delivered(remoteIDs: [dispatch.idempotencyKey], detail: "kept"))
            let line = try #require(try await inbox.json("/inbox/api/messages")["messages"]?.array?.first)
            #expect(line["id"]?.string == dispatch.idempotencyKey)
            #expect(line["recipient"] == "inbox:whoever@example.org" && line["subject"] == "Greetings")
            let shown = try await inbox.json("/inbox/api/messages/\(dispatch.idempotencyKey)")
            #expect(try Envelope(try #require(shown["envelope"])) == dispatch.envelope)
        }
    }

    @Test("the same dispatch delivered twice is one message")
    func twice() async throws {
        try await withInbox { inbox in
            let dispatch = try inbox.fixture.dispatch(to: "ann")
            let first = try await inbox.adapter.deliver(dispatch)
            let second = try await inbox.adapter.deliver(dispatch)
            #expect(first == second)
            try await #expect(inbox.snippets() == ["hello"])
        }
    }

    @Test("the list shows the latest first, by recipient, page by page")
    func pages() async throws {
        try await withInbox { inbox in
            for number in 1...5 {
                try await inbox.deliver("text \(number)", to: number % 2 == 0 ? "bo" : "ann", number: Int64(number))
            }
            try await #expect(inbox.snippets() == ["text 5", "text 4", "text 3", "text 2", "text 1"])
            try await #expect(inbox.snippets("recipient=inbox:bo") == ["text 4", "text 2"])
            let page = try await inbox.json("/inbox/api/messages?limit=2")
            #expect(page["more"] == true)
            let last = try #require(page["messages"]?.array?.last?["id"]?.string)
            try await #expect(inbox.snippets("limit=2&before=\(last)") == ["text 3", "text 2"])
            try await #expect(inbox.json("/inbox/api/messages?limit=5")["more"] == false)
        }
    }

    @Test("when there are more than are kept, the oldest go, from the disk too")
    func bound() async throws {
        try await withInbox("keep: 3") { inbox in
            var ids: [String] = []
            for number in 1...5 { ids.append(try await inbox.deliver("text \(number)", number: Int64(number))) }
            try await #expect(inbox.snippets() == ["text 5", "text 4", "text 3"])
            #expect(inbox.fixture.state.all.count == 3)
            try await #expect(inbox.get("/inbox/api/messages/\(ids[0])").status == .notFound)
        }
    }

    @Test("many at once stay within the bound")
    func concurrentBound() async throws {
        try await withInbox("keep: 10") { inbox in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in 1...50 {
                    tasks.addTask { try await inbox.deliver("text", number: Int64(number)) }
                }
                try await tasks.waitForAll()
            }
            try await #expect(inbox.snippets("limit=200").count == 10)
            #expect(inbox.fixture.state.all.count == 10)
        }
    }

    @Test("a restart keeps messages and their order")
    func restart() async throws {
        try await withInbox { inbox in
            // The second message is older, and came later: the list goes by delivery.
            try await inbox.deliver("late id", number: 9)
            try await inbox.deliver("early id", number: 1)
            let restarted = try inbox.fixture.adapter(InboxAdapter.self, "{}")
            try await withServer(restarted.endpoints, on: inbox.fixture) { url in
                let again = Mailbox(adapter: restarted, fixture: inbox.fixture, url: url)
                try await #expect(again.snippets() == ["early id", "late id"])
            }
        }
    }

    @Test("a damaged entry is passed over and named in the log")
    func damaged() async throws {
        try await withInbox { inbox in
            try await inbox.fixture.state.set([("message/broken", Array("{".utf8))])
            try await inbox.deliver("sound")
            try await #expect(inbox.snippets() == ["sound"])
            #expect(inbox.fixture.log.text.contains("broken"))
        }
    }

    @Test(
        "what is asked wrongly is refused",
        arguments: [
            ("limit=0", 400), ("limit=x", 400), ("limit=201", 400), ("recipient=nobody", 400), ("mailbox=x", 404),
        ])
    func refuses(query: String, status: Int) async throws {
        try await withInbox { inbox in
            try await #expect(inbox.get("/inbox/api/messages?\(query)").status.rawValue == status)
        }
    }

    @Test("mailboxes name themselves until all are named")
    func roll() async throws {
        try await withAdapterFixture(mailbox: "inbox") { fixture in
            let one = try fixture.adapter(InboxAdapter.self, "{}")
            let two = try fixture.adapter(InboxAdapter.self, "{}", mailbox: "local")
            try await withServer(one.endpoints + two.endpoints, on: fixture) { url in
                let inbox = Mailbox(adapter: one, fixture: fixture, url: url)
                try await inbox.deliver("hello")
                let first = try await inbox.json("/inbox/api/mailboxes?except=")
                #expect(first["mailbox"] == "inbox")
                #expect(first["recipients"] == [["address": "inbox:ann", "count": 1]])
                try await #expect(inbox.json("/inbox/api/mailboxes?except=inbox")["mailbox"] == "local")
                try await #expect(inbox.get("/inbox/api/mailboxes?except=inbox,local").status == .noContent)
                try await #expect(inbox.json("/inbox/api/messages?mailbox=local")["mailbox"] == "local")
                try await #expect(inbox.json("/inbox/api/messages?recipient=local:postmaster")["mailbox"] == "local")
            }
        }
    }

    @Test(
        "a line shows the beginning of the text without signs",
        arguments: [
            (Part.text("a\n\n b\t c"), "a b c"), (.text("## T\n**b** `c`", format: .markdown), "T b c"),
            (.text("<p>a<br>b</p>", format: .html), "a b"),
            (.text("<STYLE x>p {}</STYLE><p>a<script>1</script> b", format: .html), "a b"), (.text("a < b"), "a < b"),
            (.text(String(repeating: "字", count: 200)), String(repeating: "字", count: 160) + "…"),
        ])
    func snippets(part: Part, snippet: String) throws {
        let fixtureTime = Timestamp(seconds: 0)
        let envelope = Envelope(
            id: MessageID(high: 1, low: 1), time: fixtureTime, from: try Address(parsing: "a:b"),
            topic: try Topic(parsing: "a:b"), parts: [part])
        #expect(InboxSummary.snippet(of: envelope) == snippet)
    }
}
