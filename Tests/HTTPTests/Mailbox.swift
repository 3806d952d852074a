import AdapterTestSupport
import Messages
import Transport

@testable import HTTP

/// The mailbox `api` behind a real server.
struct Mailbox: Sendable {
    let fixture: AdapterFixture
    let url: String

    /// Posts a body to `/v1/messages` or another path.
    func post(
        _ body: String, to path: String = "/v1/messages", token: String? = nil, type: String? = "application/json",
        headers: HTTPFields = HTTPFields()
    ) async throws -> HTTPClientResponse {
        var headers = headers
        if let type { headers["Content-Type"] = type }
        if let token { headers["Authorization"] = "Bearer \(token)" }
        return try await fixture.client.send(
            HTTPClientRequest(
                .post, url + path, headers: headers, body: Array(body.utf8), timeout: .seconds(20),
                privateAddresses: .allowed))
    }
}

/// Runs a test with the mailbox `api`, made of these settings.
func withMailbox(_ yaml: String, _ body: @escaping @Sendable (Mailbox) async throws -> Void) async throws {
    try await withAdapterFixture(mailbox: "api") { fixture in
        let adapter = try fixture.adapter(HTTPAdapter.self, yaml)
        try await withServer(adapter.endpoints, on: fixture) { url in
            try await body(Mailbox(fixture: fixture, url: url))
        }
    }
}
