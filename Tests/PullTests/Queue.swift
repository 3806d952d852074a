import AdapterTestSupport
import Messages
import TestSupport
import Transport

@testable import Pull

/// The address `jobs:work` behind a real server.
struct Queue: Sendable {
    let fixture: AdapterFixture
    let url: String
    let address: Address

    func get(
        _ query: String, token: String?, headers: HTTPFields = HTTPFields(), address: String = "jobs:work"
    ) async throws -> HTTPClientResponse {
        try await send(.get, "\(address)/messages\(query)", [], token, headers)
    }

    func post(
        _ action: String, _ body: String, token: String?, type: String = "application/json"
    ) async throws -> HTTPClientResponse {
        try await send(.post, "\(address)/messages/\(action)", Array(body.utf8), token, ["Content-Type": type])
    }

    /// A dispatch as the spool hands it out.
    func leased(_ number: Int64, _ envelope: String) throws -> LeasedDispatch {
        LeasedDispatch(
            lease: Lease(number: number, attempt: 1), message: MessageID(high: 0x018B_CFE5_6800_7000, low: 1 << 63),
            accepted: fixture.clock.now, envelope: Array(envelope.utf8))
    }

    private func send(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8], _ token: String?, _ headers: HTTPFields
    ) async throws -> HTTPClientResponse {
        var headers = headers
        if let token { headers["Authorization"] = "Bearer \(token)" }
        return try await fixture.client.send(
            HTTPClientRequest(
                method, "\(url)/v1/mailboxes/\(path)", headers: headers, body: body, timeout: .seconds(20),
                privateAddresses: .allowed))
    }
}

/// Runs a test with the mailbox `jobs`, made of these settings.
func withQueue(_ yaml: String, _ body: @escaping @Sendable (Queue) async throws -> Void) async throws {
    try await withAdapterFixture(mailbox: "jobs") { fixture in
        let adapter = try fixture.adapter(PullAdapter.self, yaml)
        try await withServer(adapter.endpoints, on: fixture) { url in
            try await body(Queue(fixture: fixture, url: url, address: try Address(parsing: "jobs:work")))
        }
    }
}
