import AdapterKit
import Engine
import Messages
import Spooling
import Transport

extension ControlAPI {
    /// The most messages that one request replays: the next request goes on after them.
    private static let maximumReplayed = 100

    /// `POST /v1/replay`: one message by its id, or a page of those that were accepted in a time.
    ///
    /// What was replayed before the router had to stop is answered too, with `next` to go on from and `stopped` for the
    /// reason: nothing is replayed twice by going on.
    func replay(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body = try ControlBody(
            request, fields: ["message", "since", "until", "topics", "after", "limit", "dry_run", "by"])
        let isDryRun = try body.bool("dry_run") ?? true
        let by = try body.string("by") ?? "operator"
        let asked = try ReplayRequest(body)
        let page = try await messages(asked, limit: min(asked.limit ?? Self.maximumReplayed, Self.maximumReplayed))
        var answer: JSONObject = ["dry_run": .bool(isDryRun)]
        var rows: [JSON] = []
        var next = page.next
        for message in page.messages {
            do {
                rows.append(try await exchange.replay(message, by: by, isDryRun: isDryRun).json(message))
            } catch {
                answer["stopped"] = .string(error.description)
                next = message.sequence - 1
                break
            }
        }
        if !isDryRun, !rows.isEmpty {
            try await spool.leave(
                AuditNote(time: exchange.now, actor: by, action: "replay", filter: asked.description),
                changed: rows.count)
        }
        answer["messages"] = .array(rows)
        answer["next"] = next.map(JSON.integer)
        return .json(.object(answer))
    }

    private func messages(_ asked: ReplayRequest, limit: Int) async throws -> MessagePage {
        guard let id = asked.message else {
            return try await spool.messages(asked.query, after: asked.after, limit: limit)
        }
        guard let trace = try await spool.trace(of: id) else {
            throw ControlError(.notFound, "no message \(id): never accepted here, or older than the retention")
        }
        let message = KeptMessage(sequence: 0, accepted: trace.accepted, envelope: trace.envelope)
        return MessagePage(messages: [message], next: nil)
    }
}

/// What is to be replayed.
private struct ReplayRequest: CustomStringConvertible {
    let message: MessageID?
    let query: MessageQuery
    let after: Int64
    let limit: Int?

    init(_ body: ControlBody) throws {
        message = try body.string("message").map { try MessageID(parsing: $0) }
        query = MessageQuery(
            since: try body.string("since").map { try Timestamp(parsing: $0) },
            until: try body.string("until").map { try Timestamp(parsing: $0) },
            topics: try body.strings("topics").map { try TopicPattern(parsing: $0) })
        guard message == nil || query == MessageQuery() else {
            throw ControlError(.badRequest, "expected either message, or since, until and topics")
        }
        guard message != nil || query != MessageQuery() else {
            throw ControlError(.badRequest, "expected message, since, until or topics: not all messages at once")
        }
        after = try body.integer("after") ?? 0
        limit = try body.integer("limit").map { max(1, Int(clamping: $0)) }
    }

    var description: String { message.map { "message=\($0)" } ?? query.description }
}

extension ReplayedMessage {
    fileprivate func json(_ message: KeptMessage) -> JSON {
        var object: JSONObject = [
            "message": .string(original.id.description), "sequence": .integer(message.sequence),
            "accepted": .string(message.accepted.description), "topic": .string(original.topic.description),
            "from": .string(original.from.description),
        ]
        object["subject"] = original.subject.map(JSON.string)
        switch outcome {
        case .planned(let drafts):
            object["outcome"] = "planned"
            object["recipients"] = .array(drafts.map { $0.json() })
        case .accepted(let acceptance):
            object["outcome"] = "accepted"
            object["replay"] = .string(acceptance.id.description)
            object["recipients"] = .array(
                acceptance.recipients.map {
                    [
                        "to": .string($0.address.description), "route": .string($0.route),
                        "dispatch": .integer($0.dispatch),
                    ]
                })
        case .refused(let reason):
            object["outcome"] = "refused"
            object["reason"] = .string(reason)
        }
        return .object(object)
    }
}

extension DispatchDraft {
    fileprivate func json() -> JSON {
        var object: JSONObject = [
            "to": .string(recipient.description), "route": .string(route.name), "state": .string(state.rawValue),
        ]
        object["reason"] = reason.map(JSON.string)
        return .object(object)
    }
}
