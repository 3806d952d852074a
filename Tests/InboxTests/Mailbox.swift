import AdapterKit
import AdapterTestSupport
import Messages
import TestSupport
import Transport

@testable import Inbox

/// The mailbox `inbox` behind a real server.
struct Mailbox: Sendable {
    let adapter: InboxAdapter
    let fixture: AdapterFixture
    let url: String

    /// Gets a path.
    func get(_ path: String, headers: HTTPFields = HTTPFields()) async throws -> HTTPClientResponse {
        try await fixture.client.send(
            HTTPClientRequest(.get, url + path, headers: headers, timeout: .seconds(20), privateAddresses: .allowed))
    }

    /// Gets JSON from a path.
    func json(_ path: String) async throws -> JSON {
        try JSON(parsing: await get(path).body)
    }

    /// Posts JSON to a path.
    func post(_ body: String, to path: String, type: String = "application/json") async throws -> HTTPClientResponse {
        try await fixture.client.send(
            HTTPClientRequest(
                .post, url + path, headers: ["Content-Type": type], body: Array(body.utf8), timeout: .seconds(20),
                privateAddresses: .allowed))
    }

    /// Delivers a text and returns its id in the inbox.
    @discardableResult
    func deliver(_ text: String, to user: String = "ann", number: Int64 = 4_096) async throws -> String {
        try await deliver(fixture.dispatch(to: user, text: text, number: number))
    }

    /// Delivers a message of these parts and returns its id in the inbox.
    func deliver(parts: [Part], number: Int64 = 4_096) async throws -> String {
        let dispatch = try fixture.dispatch(to: "ann", number: number)
        var envelope = dispatch.envelope
        envelope.parts = parts
        return try await deliver(
            Dispatch(
                number: number, envelope: envelope, recipient: dispatch.recipient,
                idempotencyKey: dispatch.idempotencyKey, attempt: 1))
    }

    private func deliver(_ dispatch: Dispatch) async throws -> String {
        fixture.clock.advance(by: .seconds(1))
        guard case .delivered(let ids, _) = try await adapter.deliver(dispatch), let id = ids.first else { return "" }
        return id
    }

    /// The texts of the list, the latest first.
    func snippets(_ query: String = "") async throws -> [String] {
        try await json("/inbox/api/messages?\(query)")["messages"]?.array?.compactMap { $0["snippet"]?.string } ?? []
    }
}

/// Runs a test with the mailbox `inbox`, made of these settings.
func withInbox(_ yaml: String = "{}", _ body: @escaping @Sendable (Mailbox) async throws -> Void) async throws {
    try await withAdapterFixture(mailbox: "inbox") { fixture in
        let adapter = try fixture.adapter(InboxAdapter.self, yaml)
        try await withServer(adapter.endpoints, on: fixture) { url in
            try await body(Mailbox(adapter: adapter, fixture: fixture, url: url))
        }
    }
}
