import Transport

/// Asks for feeds with the router's HTTP client.
struct HTTPFeedClient: FeedClient {
    private let client: HTTPClient
    private let userAgent: String
    private let privateAddresses: PrivateAddressPolicy

    init(client: HTTPClient, userAgent: String, allowsPrivate: Bool) {
        self.client = client
        self.userAgent = userAgent
        self.privateAddresses = allowsPrivate ? .allowed : .refused
    }

    func get(_ url: String, headers: [(name: String, value: String)]) async throws -> FeedAnswer {
        var fields: HTTPFields = ["User-Agent": userAgent]
        for (name, value) in headers { fields.add(name, value) }
        // Redirections are followed one by one by the caller, who judges each.
        let request = HTTPClientRequest(
            .get, url, headers: fields, timeout: FeedAdapter.timeout, responseLimit: FeedAdapter.maximumSize,
            followRedirects: 0, privateAddresses: privateAddresses)
        do {
            let response = try await client.send(request)
            var answer = FeedAnswer(status: response.status.rawValue, headers: [:], body: response.body)
            for field in response.headers { answer.headers[field.name.lowercased()] = field.value }
            return answer
        } catch {
            try Task.checkCancellation()
            throw FetchFault.unreachable(reason: reason(error))
        }
    }

    private func reason(_ error: HTTPClientError) -> String {
        guard case .privateAddress(let address) = error else { return error.description }
        return "\(address) is a private address; set allow_private: true on the mailbox if the feed belongs there"
    }
}
