public import AdapterKit
import Clocks
public import Configuration
import Crypto
import Logging
public import Messages
import Transport

/// Delivers messages as signed webhooks (Standard Webhooks 1.0): `hook:crm` is the endpoint `crm` of the mailbox `hook`.
public struct WebhookAdapter: Adapter, Resettable {
    /// What `manifest.yaml` says.
    public static let manifest = AdapterManifest.embedded(PackageResources.manifest_yaml)

    /// The most bytes of an answer that are read.
    private static let answerLimit = 1_048_576

    /// Names the router, so that it knows its own webhooks when they are led back to it.
    private static let routerHeader = "postroad-router"

    private let settings: WebhookSettings
    private let disabled: DisabledEndpoints
    private let context: AdapterContext

    /// Finds what is wrong with settings that fit the manifest.
    public static func check(_ settings: SettingsObject, mailbox: String) throws(AdapterError) {
        _ = try WebhookSettings(settings, mailbox: mailbox)
    }

    /// Creates the adapter of one mailbox.
    ///
    /// - Throws: `AdapterError.badSettings` for secrets that cannot sign, and names that no address can have.
    public init(settings: SettingsObject, context: AdapterContext) throws {
        self.settings = try WebhookSettings(settings, mailbox: context.mailbox)
        self.context = context
        disabled = DisabledEndpoints(state: context.state)
    }

    /// Says how many endpoints there are, and waits.
    public func run() async throws {
        context.health.report(.working(detail: "\(settings.endpoints.count) endpoints"))
        try await untilCancelled()
    }

    /// Delivers one dispatch to its endpoint.
    public func deliver(_ dispatch: Dispatch) async throws -> Receipt {
        guard let endpoint = settings.endpoints[dispatch.recipient.user] else {
            return .rejected(reason: unknownEndpoint(dispatch.recipient))
        }
        guard try await !disabled.contains(endpoint) else { return .rejected(reason: disabledReason(endpoint)) }
        guard let body = try await body(of: dispatch.envelope) else {
            return .rejected(
                reason: "the message has more than \(settings.bodyLimit) bytes, the max_body of \(context.mailbox)")
        }
        let request = try request(for: dispatch, body: body, to: endpoint)
        let response: HTTPClientResponse
        do throws(HTTPClientError) {
            response = try await context.client.send(request)
        } catch {
            return Self.receipt(for: error)
        }
        let answer = WebhookAnswer(
            status: response.status.rawValue, retryAfter: response.headers["retry-after"],
            excerpt: excerpt(of: response, from: endpoint), now: context.clock.now)
        switch answer {
        case .receipt(let receipt): return receipt
        case .gone:
            try await disabled.insert(endpoint)
            context.logger.warning("endpoint disabled", ["endpoint": endpoint.name, "answer": "HTTP 410"])
            return .rejected(reason: disabledReason(endpoint))
        }
    }

    private func excerpt(of response: HTTPClientResponse, from endpoint: WebhookEndpoint) -> AnswerExcerpt? {
        guard !(200..<300).contains(response.status.rawValue) else { return nil }
        return AnswerExcerpt(
            body: response.body, mediaType: response.headers["content-type"], secrets: endpoint.secretTexts)
    }

    /// Enables again what answered 410.
    public func reset() async throws {
        try await disabled.removeAll()
        context.logger.info("endpoints enabled")
    }

    /// The envelope as JSON with the bytes of its files, as a receiver cannot reach the blob store; `nil` when that is
    /// more than the mailbox sends.
    private func body(of envelope: Envelope) async throws -> [UInt8]? {
        var envelope = envelope
        guard try await envelope.fillInBlobs(from: context.blobs, limit: settings.bodyLimit) else { return nil }
        let body = envelope.encoded()
        return body.count <= settings.bodyLimit ? body : nil
    }

    private func request(
        for dispatch: Dispatch, body: [UInt8], to endpoint: WebhookEndpoint
    ) throws -> HTTPClientRequest {
        let timestamp = String(context.clock.now.seconds)
        let content = StandardWebhookKey.signedContent(
            id: dispatch.idempotencyKey, timestamp: timestamp, body: body)
        var fields: [HTTPFields.Field] = [
            .init(name: "Content-Type", value: "application/json"),
            .init(name: "webhook-id", value: dispatch.idempotencyKey),
            .init(name: "webhook-timestamp", value: timestamp),
            .init(name: Self.routerHeader, value: context.router),
            .init(
                name: "webhook-signature",
                value: try endpoint.keys.map { try $0.signature(for: content) }.joined(separator: " ")),
        ]
        for (name, value) in endpoint.headers { fields.append(.init(name: name, value: value.reveal())) }
        return HTTPClientRequest(
            .post, endpoint.url, headers: HTTPFields(fields), body: body, timeout: endpoint.timeout,
            connectTimeout: min(endpoint.timeout, .seconds(10)), responseLimit: Self.answerLimit,
            privateAddresses: settings.allowsPrivateAddresses ? .allowed : .refused)
    }

    /// What a failure without an answer means: unless the request did not go out, nobody knows.
    static func receipt(for error: HTTPClientError) -> Receipt {
        switch error {
        case .privateAddress(let address):
            .rejected(
                reason:
                    "the endpoint is at \(address), a private address; allow_private: true at the mailbox allows that")
        case .invalidURL, .invalidRequest: .rejected(reason: "\(error)")
        // The status is the answer, however much follows it.
        case .responseTooLarge(_, _, let status): WebhookAnswer.receipt(ofStatus: status.rawValue)
        case _ where error.requestWasSent: .unknown(reason: "\(error)")
        default: .deferred(reason: "\(error)", retryAfter: nil)
        }
    }

    private func unknownEndpoint(_ recipient: Address) -> String {
        let nearest = nearest(to: recipient.user, among: settings.endpoints.keys.sorted())
        let suggestion = nearest.map { "; did you mean \(context.mailbox):\($0)?" } ?? ""
        return "\(context.mailbox) has no endpoint named \"\(recipient.user)\"\(suggestion)"
    }

    private func disabledReason(_ endpoint: WebhookEndpoint) -> String {
        "the endpoint \(endpoint.name) is disabled: it answered HTTP 410, so it is gone for good. "
            + "`postroad mailboxes reset \(context.mailbox)`, or another url, enables it"
    }
}
