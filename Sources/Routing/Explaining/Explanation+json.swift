public import Messages

extension Explanation {
    /// The explanation for machines.
    ///
    /// Throws nothing; a changed envelope is given whole under `envelope`.
    public var json: JSON {
        [
            "topic": .string(envelope.topic.description),
            "from": .string(envelope.from.description),
            "subject": envelope.subject.map { .string($0) } ?? .null,
            "routes": .array(routes.map(\.json)),
            "dispatches": .array(plan.dispatches.map(\.json)),
            "repeated": .array(plan.repeated.map(\.json)),
        ]
    }
}

extension Explanation.Line {
    fileprivate var json: JSON {
        var object: JSONObject = ["route": route.json, "match": .array(patterns.map { .string($0.description) })]
        switch verdict {
        case .taken(let pattern, _):
            object["verdict"] = "taken"
            object["pattern"] = .string(pattern.description)
        case .otherTopic: object["verdict"] = "other_topic"
        case .excluded(let pattern, let exclusion):
            object["verdict"] = "excluded"
            object["pattern"] = .string(pattern.description)
            object["exclusion"] = .string(exclusion.description)
        case .condition(let pattern, _):
            object["verdict"] = "condition"
            object["pattern"] = .string(pattern.description)
        case .notReached(let origin):
            object["verdict"] = "not_reached"
            object["stopped_by"] = origin.json
        }
        object["reason"] = .string(reason)
        return .object(object)
    }
}

extension PlannedDispatch {
    fileprivate var json: JSON {
        var object: JSONObject = ["recipient": .string(recipient.description)]
        switch outcome {
        case .deliver: object["outcome"] = "deliver"
        case .drop(let reason):
            object["outcome"] = "drop"
            object["reason"] = .string(reason)
        case .hold(let reason, let until, let next):
            object["outcome"] = "hold"
            object["reason"] = .string(reason)
            object["until"] = until.map { .string($0.description) }
            object["next"] = .integer(Int64(next))
        }
        object["route"] = route.json
        object["stages"] = .array(
            notes.map { ["stage": .string($0.stage), "changes": .array($0.changes.map { .string($0) })] })
        object["envelope"] = envelope.flatMap { try? $0.json() }
        return .object(object)
    }
}

extension RepeatedRecipient {
    fileprivate var json: JSON {
        ["recipient": .string(recipient.description), "route": route.json, "first": first.json]
    }
}

extension RouteOrigin {
    fileprivate var json: JSON {
        var object: JSONObject = ["name": .string(name)]
        object["location"] = location.map { .string($0) }
        return .object(object)
    }
}
