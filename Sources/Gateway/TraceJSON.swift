import Messages
import Spooling

extension MessageTrace {
    /// The trace as the API answers it.
    func json() -> JSON {
        var object: JSONObject = [
            "message": (try? envelope.json()) ?? .null, "accepted": .string(accepted.description),
        ]
        object["client"] = client.map(JSON.string)
        object["dispatches"] = .array(dispatches.map { $0.json(of: envelope) })
        object["children"] = .array(children.map { $0.json() })
        return .object(object)
    }
}

extension DispatchTrace {
    fileprivate func json(of original: Envelope) -> JSON {
        guard case .object(var object) = summary.json() else { return .null }
        object["changed"] = envelope.flatMap { try? $0.json() }.map { concealed($0) }
        if let envelope, !concealedFields.contains("text") {
            let lines = TextDifference.lines(from: original.text, to: envelope.text)
            if !lines.isEmpty { object["text_diff"] = .array(lines.map(JSON.string)) }
        }
        object["steps"] = .array(
            steps.map { ["stage": .string($0.stage), "changes": .array($0.changes.map(JSON.string))] })
        object["attempts_made"] = .array(attempts.map { $0.json() })
        object["remote_ids"] = .array(remoteIDs.map(JSON.string))
        return .object(object)
    }
}

extension ChildTrace {
    fileprivate func json() -> JSON {
        ["id": .string(message.description), "topic": .string(topic), "accepted": .string(accepted.description)]
    }
}

extension DispatchTrace {
    /// The fields that a stage set from a secret, by the names that its note has for them.
    private var concealedFields: Set<String> {
        let masked = steps.flatMap(\.changes).filter { $0.hasSuffix(": ***") }
        return Set(masked.map { String($0.dropLast(5)) })
    }

    /// The envelope without what no trace may show.
    private func concealed(_ json: JSON) -> JSON {
        concealedFields.reduce(json) { json, field in
            let path = field == "text" ? ["parts"] : field.split(separator: ".", maxSplits: 1).map(String.init)
            return json.masking(path[...])
        }
    }
}

extension JSON {
    /// The object with `***` in the place that the names lead to; a name may itself have dots in it.
    fileprivate func masking(_ path: ArraySlice<String>) -> JSON {
        guard case .object(var object) = self, let name = path.first else { return self }
        if path.count == 1, object[name] == nil, let dot = name.firstIndex(of: ".") {
            return masking([String(name[..<dot]), String(name[name.index(after: dot)...])])
        }
        guard let value = object[name] else { return self }
        object[name] = path.count == 1 ? "***" : value.masking(path.dropFirst())
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

extension FoundMessage {
    func json() -> JSON {
        var object: JSONObject = [
            "id": .string(message.description), "accepted": .string(accepted.description), "topic": .string(topic),
            "from": .string(from),
        ]
        object["subject"] = subject.map(JSON.string)
        object["found_by"] = .string(reason.rawValue)
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
        object["last_outcome"] = (lastOutcome?.rawValue).map(JSON.string)
        object["next_stage"] = nextStage.map { .integer(Int64($0)) }
        object["rerouted_from"] = reroutedFrom.map(JSON.integer)
        object["accepted"] = .string(accepted.description)
        if !state.isSettled { object["due"] = .string(due.description) }
        object["settled"] = (settled?.description).map(JSON.string)
        object["route"] = .string(route.name)
        object["route_location"] = route.location.map(JSON.string)
        return .object(object)
    }
}
