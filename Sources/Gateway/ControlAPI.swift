public import AdapterKit
public import Engine
public import Messages
public import Spooling
public import Transport

/// What the router tells and does on request: over the control socket everything, to loopback clients the traces.
///
/// The paths and bodies are described in `docs/openapi.yaml`.
public struct ControlAPI: Sendable {
    let exchange: Exchange
    let spool: any MessageSpool
    let status: any StatusReporting
    let readers: MetricsReaders

    /// The most rows of one answer.
    public static let maximumRows = 10_000

    /// Who may read the metrics, and why a router is not ready.
    public enum MetricsReaders: String, Sendable, CaseIterable {
        /// Whoever can open the control socket.
        case operators = "operator"
        /// Programs of this machine too.
        case local
        /// Whoever reaches a listener.
        case everyone
    }

    /// Creates the API.
    public init(
        exchange: Exchange, spool: any MessageSpool, status: any StatusReporting, readers: MetricsReaders = .operators
    ) {
        self.readers = readers
        self.exchange = exchange
        self.spool = spool
        self.status = status
    }

    /// The endpoints.
    ///
    /// - Throws: `HTTPPatternError`, which is a mistake of ours.
    public func routes() throws -> [HTTPRoute] {
        [
            try HTTPRoute(.get, "/healthz") { _ in HTTPResponse(.ok, text: "ok\n") },
            try HTTPRoute(.get, "/readyz") { await readiness($0) },
            try HTTPRoute(.get, "/metrics") { request in
                if let fault = metricsFault(request) { return .problem(.forbidden, fault) }
                return await answered(request, metrics)
            },
            try HTTPRoute(.get, "/v1/messages/{id}/trace", taking: MessageID.self) { request, id in
                await forReaders(request) { _ in try await trace(of: id) }
            },
            try HTTPRoute(.get, "/v1/messages") { await forReaders($0, find) },
            try HTTPRoute(.get, "/v1/status") { await forOperators($0, statusReport) },
            try HTTPRoute(.get, "/v1/spool") { await forOperators($0, list) },
            try HTTPRoute(.get, "/v1/spool/damaged") { await forOperators($0, damaged) },
            try HTTPRoute(.get, "/v1/spool/audit") { await forOperators($0, audit) },
            try HTTPRoute(.post, "/v1/spool/{action}", taking: SpoolAction.self) { request, action in
                await forOperators(request) { try await act($0, action) }
            },
            try HTTPRoute(.get, "/v1/traffic") { await forOperators($0, traffic) },
            try HTTPRoute(.post, "/v1/replay") { await forOperators($0, replay) },
            try HTTPRoute(.get, "/v1/mailboxes") { await forOperators($0, mailboxes) },
            try HTTPRoute(.post, "/v1/mailboxes/{name}/{action}", taking: String.self, MailboxAction.self) {
                request, name, action in
                await forOperators(request) { try await control($0, name, action) }
            },
            try HTTPRoute(.get, "/v1/events") { await forOperators($0, events) },
            try HTTPRoute(.post, "/v1/restart") { await forOperators($0, restart) },
            try HTTPRoute(.post, "/v1/send", bodyLimit: 32 << 20) { await forOperators($0, send) },
        ] + (try directoryRoutes())
    }

    /// Whoever can open the socket in the data folder (mode 0600) is the operator.
    func forOperators(
        _ request: HTTPRequest, _ answer: (HTTPRequest) async throws -> HTTPResponse
    ) async -> HTTPResponse {
        guard request.isOverUnixSocket else {
            return .problem(.forbidden, "this is for the operator: use the control socket in the data folder")
        }
        return await answered(request, answer)
    }

    /// A web page of another site can make a browser of this machine call us, and so can a proxy for the whole world.
    private func forReaders(
        _ request: HTTPRequest, _ answer: (HTTPRequest) async throws -> HTTPResponse
    ) async -> HTTPResponse {
        if let fault = request.localFault { return .problem(.forbidden, fault) }
        return await answered(request, answer)
    }

    func answered(
        _ request: HTTPRequest, _ answer: (HTTPRequest) async throws -> HTTPResponse
    ) async -> HTTPResponse {
        do {
            return try await answer(request)
        } catch {
            return ControlError(error).response
        }
    }

    private func restart(_ request: HTTPRequest) async throws -> HTTPResponse {
        .json(.object(try await status.restart()), status: .accepted)
    }

    private func statusReport(_ request: HTTPRequest) async throws -> HTTPResponse {
        var report = await status.status()
        var counts = JSONObject()
        for (state, count) in try await spool.counts().sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            counts[state.rawValue] = .integer(Int64(count))
        }
        report["dispatches"] = .object(counts)
        report["spool_bytes"] = .integer(try await spool.size())
        report["refusal"] = exchange.refusal.map(JSON.string)
        return .json(.object(report))
    }
}

/// The parts of the router that only its assembly knows.
public protocol StatusReporting: Sendable {
    /// Name, version, since when, listeners.
    func status() async -> JSONObject

    /// The mailboxes in the order of routes.yaml.
    func mailboxes() async -> [MailboxStatus]

    /// Has another process take the router's place; both processes' facts once that one is ready to.
    ///
    /// - Throws: ``RestartRefusal``
    func restart() async throws -> JSONObject
}

extension StatusReporting {
    /// Cannot be done where nobody has provided for it.
    public func restart() async throws -> JSONObject {
        throw RestartRefusal(reason: "this router is part of another program, which has to restart it")
    }
}

/// Why a router was not restarted; it goes on as before.
public struct RestartRefusal: Error, CustomStringConvertible {
    /// What is wrong, and what to do.
    public let reason: String

    /// Creates a refusal.
    public init(reason: String) {
        self.reason = reason
    }

    /// The reason.
    public var description: String { reason }
}

/// How a mailbox is.
public struct MailboxStatus: Sendable {
    /// Its name.
    public var name: String
    /// Its adapter.
    public var adapter: String
    /// What the adapter can do.
    public var abilities: Abilities
    /// How the receiving half is.
    public var health: HealthReport.State
    /// Since when, as RFC 3339 writes it.
    public var since: String
    /// How the sending half is.
    public var outgoing: OutgoingStatus?

    /// Creates a status.
    public init(
        name: String, adapter: String, abilities: Abilities, health: HealthReport.State, since: String,
        outgoing: OutgoingStatus?
    ) {
        self.name = name
        self.adapter = adapter
        self.abilities = abilities
        self.health = health
        self.since = since
        self.outgoing = outgoing
    }
}

extension HTTPResponse {
    /// An answer of JSON.
    static func json(_ value: JSON, status: HTTPStatus = .ok) -> HTTPResponse {
        var body = value.encoded()
        body.append(UInt8(ascii: "\n"))
        return HTTPResponse(status, type: "application/json", body: body)
    }
}
