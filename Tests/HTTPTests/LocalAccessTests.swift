import AdapterKit
import AdapterTestSupport
import Configuration
import Messages
import TestSupport
import Testing
import Transport

@testable import HTTP

/// A mailbox without tokens takes programs of this machine, and no stranger's web page that runs on it.
@Suite struct LocalAccessTests {
    static let body = #"{"text": "hi"}"#

    @Test("a program of this machine needs no token, and is api:local")
    func local() async throws {
        try await withMailbox("{}") { mailbox in
            try await #expect(mailbox.post(Self.body).status == .accepted)
            let envelope = try #require(mailbox.fixture.acceptor.arrivals.first?.envelope)
            #expect(envelope.from.description == "api:local" && envelope.sender == nil)
        }
    }

    @Test(
        "what a web page can send without asking is refused, with a word on what to do",
        arguments: ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", nil])
    func simpleTypes(type: String?) async throws {
        try await withMailbox("{}") { mailbox in
            let answer = try await mailbox.post(Self.body, type: type)
            #expect(answer.status.rawValue == 415)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("Content-Type: application/json"))
            #expect(mailbox.fixture.acceptor.arrivals.isEmpty)
        }
    }

    @Test(
        "signs of a web page, a foreign name or a proxy are refused",
        arguments: [
            ("Origin", "https://evil.example"), ("Origin", "null"), ("Host", "evil.example"),
            ("Sec-Fetch-Site", "cross-site"), ("X-Forwarded-For", "203.0.113.7"), ("Forwarded", "for=203.0.113.7"),
        ])
    func foreign(name: String, value: String) async throws {
        try await withMailbox("{}") { mailbox in
            try await #expect(mailbox.post(Self.body, headers: [name: value]).status == .forbidden)
            #expect(mailbox.fixture.acceptor.arrivals.isEmpty)
        }
    }

    @Test("the router's own pages may send")
    func ownPage() async throws {
        try await withMailbox("{}") { mailbox in
            try await #expect(mailbox.post(Self.body, headers: ["Origin": mailbox.url]).status == .accepted)
        }
    }

    @Test("a token that nobody knows is refused even here")
    func unknownToken() async throws {
        try await withMailbox("{}") { mailbox in
            try await #expect(mailbox.post(Self.body, token: "x").status == .unauthorized)
        }
    }

    @Test("a client of another machine is not local, whatever it says")
    func remote() throws {
        let settings = try HTTPSettings(Self.settings, mailbox: "api")
        let head = try HTTPRequestHead(
            method: .post, target: "/v1/messages", headers: ["Host": "localhost", "Content-Type": "application/json"],
            remoteAddress: SocketAddress("192.0.2.1:4711"))
        #expect(AccessRule(settings: settings).judge(HTTPRequest(head: head)) == .unknown)
    }

    @Test("with hmac alone no unsigned message comes in, not even from here")
    func signedOnly() async throws {
        try await withMailbox("hmac: {secret: s}") { mailbox in
            try await #expect(mailbox.post(Self.body).status == .unauthorized)
            try await #expect(mailbox.post(Self.body, to: "/in/api/x").status == .unauthorized)
        }
    }

    @Test("the log says at the start that the mailbox is open to this machine")
    func logged() async throws {
        try await withAdapterFixture(mailbox: "api") { fixture in
            let adapter = try fixture.adapter(HTTPAdapter.self, "{}")
            let task = Task { try await adapter.run() }
            task.cancel()
            _ = await task.result
            #expect(fixture.log.text.contains("mailbox without tokens"))
            #expect(fixture.health.status.state == .working(detail: "for programs of this machine only"))
        }
    }

    private static var settings: SettingsObject {
        var diagnostics = Diagnostics()
        let node = YAMLNode.parse("{}", file: "routes.yaml", diagnostics: &diagnostics)
        return node.map { HTTPAdapter.manifest.settings.decode($0, diagnostics: &diagnostics) } ?? SettingsObject()
    }
}
