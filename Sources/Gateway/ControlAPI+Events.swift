import Engine
import Messages
import Transport

extension ControlAPI {
    /// What happens to messages, as server-sent events; `Last-Event-ID` brings what is remembered since.
    ///
    /// An id is the start of the router's run and the event's number, so that one of an earlier run is known for what it is:
    /// then all that is remembered is new.
    func events(_ request: HTTPRequest) async throws -> HTTPResponse {
        let run = String(exchange.feed.started.milliseconds, radix: 36)
        var last: Int64?
        if let id = request.lastEventID ?? request.query("after") {
            let parts = id.split(separator: "-")
            last = parts.count == 2 && parts[0] == run ? Int64(parts[1]) ?? 0 : 0
        }
        guard let events = exchange.feed.watch(after: last) else {
            throw ControlError(.serviceUnavailable, "too many watch already, or the router is stopping; try again")
        }
        return .events(EventStreamConfiguration(retry: .seconds(2))) { writer in
            for await event in events {
                try await writer.send(
                    ServerEvent(id: "\(run)-\(event.number)", name: event.name, data: event.json().encoded()))
            }
        }
    }
}

extension ExchangeEvent {
    fileprivate var name: String {
        switch fact {
        case .accepted: "accepted"
        case .delivered: "delivered"
        case .deferred: "deferred"
        case .unknown: "unknown"
        case .held: "held"
        case .dead: "dead"
        }
    }

    fileprivate func json() -> JSON {
        var object: JSONObject = ["time": .string(time.description), "message": .string(message.description)]
        func add(_ recipient: Address, _ attempt: Int, _ reason: String? = nil, _ due: Timestamp? = nil) {
            object["recipient"] = .string(recipient.description)
            object["attempt"] = .integer(Int64(attempt))
            object["reason"] = reason.map(JSON.string)
            object["due"] = due.map { .string($0.description) }
        }
        switch fact {
        case .accepted(let from, let topic, let recipients):
            object["from"] = .string(from.description)
            object["topic"] = .string(topic.description)
            object["recipients"] = .array(recipients.map { .string($0.description) })
        case .delivered(let recipient, let attempt): add(recipient, attempt)
        case .deferred(let recipient, let attempt, let reason, let due),
            .unknown(let recipient, let attempt, let reason, let due):
            add(recipient, attempt, reason, due)
        case .held(let recipient, let attempt, let reason), .dead(let recipient, let attempt, let reason):
            add(recipient, attempt, reason)
        }
        return .object(object)
    }
}
