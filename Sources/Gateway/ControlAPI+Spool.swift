import Engine
import Messages
import Spooling
import Transport

/// What an operator can do with dispatches.
enum SpoolAction: String, CaseIterable, PathParameter {
    case retry, drop, hold, release, reroute
}

extension ControlAPI {
    func trace(of id: MessageID) async throws -> HTTPResponse {
        guard let trace = try await spool.trace(of: id) else {
            throw ControlError(.notFound, "no message \(id): never accepted here, or older than the retention")
        }
        return .json(trace.json())
    }

    /// The messages that `find` may mean: the beginning of an id, a dispatch's number, a platform's id, a key.
    func find(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let text = request.query("find"), !text.isEmpty else {
            throw ControlError(
                .badRequest,
                "find: expected the beginning of an id (8 digits), a dispatch's number, a remote id or a key")
        }
        let found = try await spool.find(text, limit: Self.maximumFound)
        return .json(["messages": .array(found.map { $0.json() })])
    }

    private static let maximumFound = 50

    func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let filter = try DispatchFilter(parsing: request.query("filter") ?? "", now: exchange.now)
        let before = try request.query("before").map { try Self.number($0, "before") }
        let limit = try request.query("limit").map { try Self.number($0, "limit") } ?? 100
        let rows = try await spool.list(
            filter, before: before, limit: min(max(1, Int(limit)), Self.maximumRows))
        return .json(["dispatches": .array(rows.map { $0.json() })])
    }

    func damaged(_ request: HTTPRequest) async throws -> HTTPResponse {
        let rows = try await spool.damaged().map { row -> JSON in
            ["place": .string(row.place), "reason": .string(row.reason), "found": .string(row.found.description)]
        }
        return .json(["damaged": .array(rows)])
    }

    /// What people did to dispatches, the newest first.
    func audit(_ request: HTTPRequest) async throws -> HTTPResponse {
        let before = try request.query("before").map { try Self.number($0, "before") }
        let limit = try request.query("limit").map { try Self.number($0, "limit") } ?? 100
        let rows = try await spool.audit(before: before, limit: min(max(1, Int(clamping: limit)), Self.maximumRows))
        return .json(["audit": .array(rows.map { $0.json() })])
    }

    /// `POST /v1/spool/retry` and the like: `{"filter": …, "dry_run": …, "reason": …, "by": …}`.
    ///
    /// The filter must be there: whoever means all dispatches says so with an empty one.
    func act(_ request: HTTPRequest, _ action: SpoolAction) async throws -> HTTPResponse {
        let body = try ControlBody(request, fields: ["filter", "dry_run", "reason", "by"] + action.fields)
        guard let text = try body.string("filter") else {
            throw ControlError(.badRequest, "filter: expected a string, as in \"state=dead\"; an empty one fits all")
        }
        let filter = try DispatchFilter(parsing: text, now: exchange.now)
        let by = try body.string("by") ?? "operator"
        let change = try action.change(body, reason: try body.string("reason") ?? "by \(by)")
        if case .reroute(let recipient, _) = change { try exchange.checkRecipient(recipient) }
        let isDryRun = try body.bool("dry_run") ?? false
        let changed = try await exchange.apply(change, to: filter, by: by, isDryRun: isDryRun)
        return .json(["dry_run": .bool(isDryRun), "dispatches": .array(changed.map { $0.json() })])
    }

    static func number(_ text: String, _ name: String) throws -> Int64 {
        guard let number = Int64(text) else {
            throw ControlError(.badRequest, "\(name): expected a number, found \"\(text)\"")
        }
        return number
    }
}

extension SpoolAction {
    /// The fields that the action has beside those of all.
    fileprivate var fields: [String] {
        switch self {
        case .retry, .drop: []
        case .hold: ["until"]
        case .release: ["as_it_is"]
        case .reroute: ["to"]
        }
    }

    fileprivate func change(_ body: ControlBody, reason: String) throws -> DispatchAction {
        switch self {
        case .retry: return .retry
        case .drop: return .drop(reason: reason)
        case .hold: return .hold(reason: reason, until: try body.string("until").map { try Timestamp(parsing: $0) })
        case .release: return try body.bool("as_it_is") ?? false ? .releaseAsItIs : .release
        case .reroute:
            guard let to = try body.string("to") else {
                throw ControlError(.badRequest, "to: expected an address, as in \"hook:crm\"")
            }
            return .reroute(to: try Address(parsing: to), reason: reason)
        }
    }
}

extension AuditRow {
    fileprivate func json() -> JSON {
        var object: JSONObject = [
            "number": .integer(number), "time": .string(time.description), "by": .string(actor),
            "action": .string(action), "filter": .string(filter), "changed": .integer(Int64(changed)),
        ]
        object["reason"] = reason.map(JSON.string)
        object["target"] = target.map(JSON.string)
        return .object(object)
    }
}
