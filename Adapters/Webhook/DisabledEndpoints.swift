import AdapterKit
import Messages
import Synchronization

/// The endpoints that said they are gone (410), remembered over restarts.
///
/// An entry holds the URL that said so: an endpoint with another URL is another endpoint.
final class DisabledEndpoints: Sendable {
    private static let prefix = "disabled/"

    private let state: any StateStore
    /// `nil` until the store was read.
    private let entries = Mutex<[String: String]?>(nil)

    init(state: any StateStore) {
        self.state = state
    }

    /// Tells whether an endpoint is disabled.
    func contains(_ endpoint: WebhookEndpoint) async throws -> Bool {
        if let known = entries.withLock({ $0 }) { return known[endpoint.name] == endpoint.url }
        var found: [String: String] = [:]
        var after: String?
        while true {
            let page = try await state.entries(prefix: Self.prefix, after: after, limit: 500)
            for (key, value) in page {
                found[String(key.dropFirst(Self.prefix.count))] = String(decoding: value, as: UTF8.self)
            }
            guard page.count == 500 else { break }
            after = page.last?.key
        }
        let known = entries.withLock { entries in
            // Whoever was faster, and may have disabled one since, is right.
            if entries == nil { entries = found }
            return entries ?? found
        }
        return known[endpoint.name] == endpoint.url
    }

    /// Remembers that an endpoint is gone.
    func insert(_ endpoint: WebhookEndpoint) async throws {
        try await state.set([(Self.prefix + endpoint.name, Array(endpoint.url.utf8))])
        entries.withLock { $0?[endpoint.name] = endpoint.url }
    }

    /// Forgets all.
    func removeAll() async throws {
        while true {
            let page = try await state.entries(prefix: Self.prefix, after: nil, limit: 500)
            if page.isEmpty { break }
            try await state.set(page.map { ($0.key, nil) })
        }
        entries.withLock { $0 = [:] }
    }
}
