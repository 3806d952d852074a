import Messages
import Spooling

extension MessageTrace {
    /// The trace as the API answers it.
    func json() -> JSON {
        [
            "message": (try? envelope.json()) ?? .null,
            "accepted": .string(accepted.description),
            "dispatches": .array(dispatches.map { $0.json() }),
            "children": .array(children.map { .string($0.description) }),
        ]
    }
}

extension DispatchTrace {
    fileprivate func json() -> JSON {
        guard case .object(var object) = summary.json() else { return .null }
        object["changed"] = envelope.flatMap { try? $0.json() }
        object["steps"] = .array(
            steps.map { ["stage": .string($0.stage), "changes": .array($0.changes.map(JSON.string))] })
        object["attempts_made"] = .array(attempts.map { $0.json() })
        object["remote_ids"] = .array(remoteIDs.map(JSON.string))
        return .object(object)
    }
}

extension AttemptTrace {
    fileprivate func json() -> JSON {
        var object: JSONObject = [
            "attempt": .integer(Int64(attempt)), "started": .string(started.description),
            "outcome": .string(outcome.rawValue),
        ]
        object["finished"] = (finished?.description).map(JSON.string)
        object["detail"] = detail.map(JSON.string)
        return .object(object)
    }
}

extension DispatchSummary {
    /// The dispatch as listings show it.
    func json() -> JSON {
        var object: JSONObject = [
            "number": .integer(number), "message": .string(message.description), "topic": .string(topic.description),
            "from": .string(from.description), "to": .string(recipient.description),
        ]
        object["subject"] = subject.map(JSON.string)
        object["state"] = .string(state.rawValue)
        object["reason"] = reason.map(JSON.string)
        object["attempts"] = .integer(Int64(attempts))
        object["accepted"] = .string(accepted.description)
        if !state.isSettled { object["due"] = .string(due.description) }
        object["settled"] = (settled?.description).map(JSON.string)
        object["route"] = .string(route.name)
        object["route_location"] = route.location.map(JSON.string)
        return .object(object)
    }
}
