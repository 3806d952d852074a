/// One request to one server, and the time it may take.
struct HTTPExchange: Sendable {
    let request: HTTPClientRequest
    let deadline: Deadline
    let upload: HTTPUpload?
    /// Whether it asked for redirects to be followed when it began.
    let isRedirected: Bool

    init(_ request: HTTPClientRequest, _ deadline: Deadline, isRedirected: Bool = false) {
        self.isRedirected = isRedirected
        self.request = request
        self.deadline = deadline
        upload = request.bodySource.map { HTTPUpload(count: $0.count) }
    }

    /// Runs the body while the request's body, if it streams, is produced beside it.
    func withUpload<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async rethrows -> Result {
        guard let upload, let source = request.bodySource else { return try await body() }
        // Cancelled and waited for at the end of the scope.
        async let _: Void = upload.run(source)
        defer { upload.close() }
        return try await body()
    }
}
