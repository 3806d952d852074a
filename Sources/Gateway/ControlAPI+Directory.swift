import AdapterKit
import Engine
import Messages
import Routing
import Spooling
import Transport

/// What an operator can do with a list.
enum ListAction: String, CaseIterable, PathParameter {
    case set, remove, join, leave, own, disown, mute, unmute
}

extension ControlAPI {
    /// The endpoints of subscriptions and lists.
    func directoryRoutes() throws -> [HTTPRoute] {
        [
            try HTTPRoute(.get, "/v1/subscriptions") { await forOperators($0, subscriptions) },
            try HTTPRoute(.post, "/v1/subscriptions") { await forOperators($0, subscribe) },
            try HTTPRoute(.post, "/v1/subscriptions/remove") { await forOperators($0, unsubscribe) },
            try HTTPRoute(.get, "/v1/lists") { await forOperators($0, lists) },
            try HTTPRoute(.get, "/v1/lists/{name}", taking: String.self) { request, name in
                await forOperators(request) { _ in .json(try exchange.list(named: name).json) }
            },
            try HTTPRoute(.post, "/v1/lists/{name}/{action}", taking: String.self, ListAction.self) {
                request, name, action in
                await forOperators(request) { try await act($0, on: name, action) }
            },
        ]
    }

    // MARK: Subscriptions

    private func subscriptions(_ request: HTTPRequest) async throws -> HTTPResponse {
        let address = try request.query("address").map { text throws(MessageError) in try Address(parsing: text) }
        let after = try request.query("after").map { try Self.number($0, "after") } ?? 0
        let limit = try request.query("limit").map { try Self.number($0, "limit") } ?? 100
        let rows = try await spool.subscriptions(
            after: after, of: address, limit: min(max(1, Int(clamping: limit)), Self.maximumRows))
        let total = Int64(exchange.directory.subscriptionCount)
        return .json(["subscriptions": .array(rows.map(\.json)), "total": .integer(total)])
    }

    private func subscribe(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body = try ControlBody(request, fields: ["address", "pattern", "by"])
        let (address, pattern) = try Self.subject(of: body)
        let subscription = try await exchange.subscribe(address, to: pattern, by: try body.string("by") ?? "operator")
        return .json(subscription.json, status: .created)
    }

    private func unsubscribe(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body = try ControlBody(request, fields: ["id", "address", "pattern", "by"])
        let actor = try body.string("by") ?? "operator"
        guard let id = body.fields["id"]?.integer else {
            let (address, pattern) = try Self.subject(of: body)
            return .json(try await exchange.unsubscribe(address, from: pattern, by: actor).json)
        }
        return .json(try await exchange.unsubscribe(id, by: actor).json)
    }

    private static func subject(of body: ControlBody) throws -> (Address, TopicPattern) {
        guard let address = try body.string("address"), let pattern = try body.string("pattern") else {
            throw ControlError(.badRequest, "expected an address and a pattern")
        }
        return (try Address(parsing: address), try TopicPattern(parsing: pattern))
    }

    // MARK: Lists

    private func lists(_ request: HTTPRequest) async throws -> HTTPResponse {
        .json(["lists": .array(exchange.lists.map(\.summary))])
    }

    private func act(_ request: HTTPRequest, on name: String, _ action: ListAction) async throws -> HTTPResponse {
        switch action {
        case .set: return try await setList(name, request)
        case .remove:
            try await exchange.removeList(name)
            return .json(["name": .string(name)])
        default:
            guard let change = MembershipChange(rawValue: action.rawValue) else { return .json(.null) }
            return try await changeMembership(in: name, change, request)
        }
    }

    private func setList(_ name: String, _ request: HTTPRequest) async throws -> HTTPResponse {
        let body = try ControlBody(request, fields: ["post", "join"])
        let posting = try Self.word(body, "post", MailingList.Posting.self) ?? .anyone
        let joining = try Self.word(body, "join", MailingList.Joining.self) ?? .owners
        return .json(try await exchange.setList(name, posting: posting, joining: joining).json)
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ body: ControlBody, _ field: String, _ type: Word.Type
    ) throws -> Word? {
        guard let text = try body.string(field) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw ControlError(.badRequest, "\(field): expected one of \(words), got \"\(text)\"")
        }
        return word
    }

    private func changeMembership(
        in name: String, _ change: MembershipChange, _ request: HTTPRequest
    ) async throws -> HTTPResponse {
        let body = try ControlBody(request, fields: ["address", "by"])
        guard let text = try body.string("address") else { throw ControlError(.badRequest, "expected an address") }
        let actor = try body.string("by").map { text throws(MessageError) in try Address(parsing: text) }
        let list = try await exchange.changeMembership(of: try Address(parsing: text), in: name, change, by: actor)
        return .json(list.json)
    }
}

extension Subscription {
    fileprivate var json: JSON {
        [
            "id": .integer(id), "pattern": .string(pattern.description), "address": .string(address.description),
            "created": .string(created.description), "by": .string(creator),
        ]
    }
}

extension MailingList {
    /// The list without its members.
    fileprivate var summary: JSON {
        [
            "name": .string(name), "origin": .string(origin),
            "post": .string(posting.rawValue), "join": .string(joining.rawValue),
            "members": .integer(Int64(members.count)), "owners": .array(owners.map { .string($0.description) }),
        ]
    }

    fileprivate var json: JSON {
        guard case .object(var object) = summary else { return .null }
        object["members"] = .array(members.map { .string($0.description) })
        object["muted"] = .array(muted.sorted().map { .string($0.description) })
        object["senders"] = .array(senders.map { .string($0.description) })
        return .object(object)
    }
}
