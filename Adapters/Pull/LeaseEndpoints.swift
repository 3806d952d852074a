import AdapterKit
import Clocks
import Logging
import Messages
import Transport

/// `GET /v1/mailboxes/<address>/messages`, and below it `POST ack`, `nack` and `extend`.
///
/// All mailboxes of this adapter share the paths: each answers for its own addresses and passes on the others.
struct LeaseEndpoints: Sendable {
    /// The longest that a request waits for a message.
    static let maximumWait = Duration.seconds(60)
    /// The bounds of a lease.
    static let leaseBounds = Duration.seconds(1)...Duration.seconds(43_200)
    /// The most bytes of a list of leases.
    private static let bodyLimit = 65_536

    let settings: PullSettings
    let context: AdapterContext

    /// The endpoints.
    var routes: [HTTPRoute] {
        get throws {
            [
                try route(.get, "/v1/mailboxes/{address}/messages", take),
                try route(.post, "/v1/mailboxes/{address}/messages/{action}", settle),
            ]
        }
    }

    private func route(
        _ method: HTTPMethod, _ pattern: String,
        _ answer: @escaping @Sendable (HTTPRequest, Address) async throws -> HTTPResponse?
    ) throws(HTTPPatternError) -> HTTPRoute {
        try HTTPRoute(method, pattern, bodyLimit: Self.bodyLimit) { request in
            guard let address = try? Address(parsing: request.parameters["address"] ?? ""),
                address.platform == context.mailbox, address.peers.isEmpty
            else { return nil }
            if let refusal = refusal(of: request) { return refusal }
            do {
                return try await answer(request, address)
            } catch let refusal as LeaseRefusal {
                return .problem(refusal.status, refusal.detail)
            } catch let error as LeaseError {
                return response(to: error)
            } catch {
                context.logger.error("message cannot be handed out", ["error": "\(error)"])
                return .problem(.serviceUnavailable, "a large part of a message could not be read")
            }
        }
    }

    /// Why the request may not take messages; `nil` when it may.
    private func refusal(of request: HTTPRequest) -> HTTPResponse? {
        if let authorization = request.headers["authorization"] {
            return settings.tokens.holder(of: authorization) == nil ? Self.unauthorized : nil
        }
        guard settings.isOpen else { return Self.unauthorized }
        if let fault = request.localFault { return .problem(.forbidden, fault) }
        // What takes messages is no link to follow, and no form to send.
        if !request.isOverUnixSocket, request.headers.contains("sec-fetch-site") || !Self.isJSON(request) {
            return .problem(
                .forbidden, "without a token the request must not come from a browser, and a body must be JSON")
        }
        return nil
    }

    private static func isJSON(_ request: HTTPRequest) -> Bool {
        request.method == .get || request.headers["content-type"]?.lowercased().hasPrefix("application/json") == true
    }

    private static let unauthorized = HTTPResponse.problem(
        .unauthorized, "a token of the mailbox is needed: Authorization: Bearer …, as routes.yaml names them",
        headers: ["WWW-Authenticate": "Bearer realm=\"postroad\""])

    private func response(to error: LeaseError) -> HTTPResponse {
        switch error {
        case .noMailbox: .problem(.notFound, "\(error)")
        case .tooManyWaiting: .problem(.tooManyRequests, "\(error)", headers: ["Retry-After": "5"])
        case .unavailable: .problem(.serviceUnavailable, "\(error)", headers: ["Retry-After": "5"])
        }
    }
}

// MARK: - Answers

extension LeaseEndpoints {
    private func take(_ request: HTTPRequest, _ address: Address) async throws -> HTTPResponse? {
        let query = try LeaseQuery(request, lease: settings.lease)
        let until = context.clock.now + query.terms.duration
        let dispatches = try await context.lender.lease(from: address, query.terms, waiting: query.wait)
        var answer = LeaseAnswer(capacity: dispatches.reduce(64) { $0 + $1.envelope.count + 192 })
        for dispatch in dispatches {
            answer.add(dispatch, envelope: try await whole(dispatch), until: until)
        }
        return Self.json(answer.finished())
    }

    /// The envelope with the bytes of its files, as the program cannot reach the blob store.
    private func whole(_ dispatch: LeasedDispatch) async throws -> [UInt8] {
        guard dispatch.mayHaveBlobs, var envelope = try? Envelope(parsing: dispatch.envelope) else {
            return dispatch.envelope
        }
        try await envelope.fillInBlobs(from: context.blobs, limit: settings.bodyLimit)
        return envelope.encoded()
    }

    private func settle(_ request: HTTPRequest, _ address: Address) async throws -> HTTPResponse? {
        let order = try LeaseOrder(request, lease: settings.lease, now: context.clock.now)
        let held = try await context.lender.settle(order.leases, of: address, as: order.ending)
        return Self.json(LeaseAnswer.settled(order.leases, held))
    }

    private static func json(_ body: [UInt8]) -> HTTPResponse {
        var response = HTTPResponse(.ok, type: "application/json", body: body)
        response.headers.add("Cache-Control", "no-store")
        return response
    }
}

/// Why a request is not answered with messages.
struct LeaseRefusal: Error, Sendable, Hashable {
    let status: HTTPStatus
    let detail: String
}
