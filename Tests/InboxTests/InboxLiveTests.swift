import AdapterKit
import AdapterTestSupport
import Messages
import TestSupport
import Testing
import Transport

@testable import Inbox

@Suite struct InboxLiveTests {
    @Test("a page hears of messages by a WebSocket as they come, and of those it missed")
    func resumes() async throws {
        try await withInbox { inbox in
            let first = try await inbox.deliver("one", number: 1)
            try await inbox.deliver("two", number: 2)
            try await inbox.live("after=\(first)") { socket in
                let missed = try await socket.nextSnippet()
                #expect(missed == "two")
                try await inbox.deliver("three", number: 3)
                let next = try await socket.nextSnippet()
                #expect(next == "three")
            }
        }
    }

    @Test("the router's end closes the page's WebSocket, so that it comes back")
    func ends() async throws {
        try await withInbox { inbox in
            let task = Task { try await inbox.adapter.run() }
            try await inbox.live { socket in
                try await inbox.deliver("one", number: 1)
                _ = try await socket.receive()
                task.cancel()
                _ = await task.result
                let end = try await socket.receive()
                #expect(end == nil)
                #expect(socket.peerClose?.code == .goingAway)
            }
        }
    }

    @Test("a page that says something is shown the door")
    func talkative() async throws {
        try await withInbox { inbox in
            try await inbox.live { socket in
                try await socket.send("hello")
                let end = try await socket.receive()
                #expect(end == nil)
                #expect(socket.peerClose?.code == .unsupportedData)
            }
        }
    }

    @Test("pages of other sites, and requests that are no handshake, get no WebSocket")
    func strangers() async throws {
        try await withInbox { inbox in
            let plain = try await inbox.get("/inbox/live")
            #expect(plain.status == .upgradeRequired)
            do {
                try await inbox.live(headers: ["Origin": "https://evil.example"]) { _ in }
                Issue.record("the page of another site got in")
            } catch WebSocketConnectError.refused(_, let status, _, _) {
                #expect(status == .forbidden)
            }
        }
    }

    @Test("there is a bound on pages")
    func bounds() async throws {
        try await withInbox { inbox in
            for _ in 0..<InboxStore.maximumWatchers { _ = try await inbox.adapter.store.watch(after: nil) }
            try await inbox.live { socket in
                let end = try await socket.receive()
                #expect(end == nil)
                #expect(socket.peerClose?.code == .tryAgainLater)
            }
        }
    }
}

extension Mailbox {
    /// Opens the page's WebSocket.
    func live(
        _ query: String = "", headers: HTTPFields = HTTPFields(), _ body: (WebSocket) async throws -> Void
    ) async throws {
        let request = WebSocketRequest(
            "ws" + url.dropFirst(4) + "/inbox/live?\(query)", headers: headers, timeout: .seconds(20),
            privateAddresses: .allowed)
        try await fixture.client.webSocket(request) { try await body($0) }
    }
}

extension WebSocket {
    fileprivate func nextSnippet() async throws -> String? {
        guard case .text(let text)? = try await receive() else { return nil }
        return try JSON(parsing: Array(text.utf8))["snippet"]?.string
    }
}
