import AdapterKit
import Engine
import Messages
import Transport

/// What an operator can do with a mailbox.
enum MailboxAction: String, CaseIterable, PathParameter {
    case pause, resume, reset
}

extension ControlAPI {
    func mailboxes(_ request: HTTPRequest) async throws -> HTTPResponse {
        .json(["mailboxes": .array(await status.mailboxes().map { $0.json() })])
    }

    func control(_ request: HTTPRequest, _ name: String, _ action: MailboxAction) async throws -> HTTPResponse {
        let user = try resetLane(request, name, action)
        switch action {
        case .pause: try await exchange.setPaused(true, mailbox: name)
        case .resume: try await exchange.setPaused(false, mailbox: name)
        case .reset: try await exchange.reset(mailbox: name, user: user)
        }
        return .json(["mailbox": .string(name)])
    }

    /// The user whose lane alone is reset; `nil` for the mailbox with all its lanes.
    private func resetLane(_ request: HTTPRequest, _ name: String, _ action: MailboxAction) throws -> String? {
        guard action == .reset, !request.body.isEmpty else { return nil }
        guard let text = try ControlBody(request, fields: ["recipient"]).string("recipient") else { return nil }
        let address = try Address(parsing: text)
        guard address.platform == name, address.peers.isEmpty else {
            throw ControlError(.badRequest, "recipient: expected an address of \(name), found \"\(text)\"")
        }
        return address.user
    }

    /// The operator's own message: an envelope whose id, time and sender may be left out.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var fields = try ControlBody(request, fields: Envelope.fieldNames).fields
        if fields["id"] == nil { fields["id"] = .string(exchange.makeMessageID().description) }
        if fields["time"] == nil { fields["time"] = .string(exchange.now.description) }
        if fields["from"] == nil { fields["from"] = "local:operator" }
        if fields["topic"] == nil { fields["topic"] = "local:send" }
        let envelope = try Envelope(.object(fields))
        let acceptance = try await exchange.accept(Arrival(envelope: envelope, client: "operator"))
        let dispatches = acceptance.recipients.map { recipient -> JSON in
            [
                "number": .integer(recipient.dispatch), "to": .string(recipient.address.description),
                "route": .string(recipient.route),
            ]
        }
        return .json(["id": .string(acceptance.id.description), "dispatches": .array(dispatches)], status: .accepted)
    }
}

extension MailboxStatus {
    func json() -> JSON {
        var object: JSONObject = ["name": .string(name), "adapter": .string(adapter), "since": .string(since)]
        object["receives"] = .bool(abilities.receive)
        object["sends"] = .bool(abilities.send)
        switch health {
        case .starting: object["health"] = "starting"
        case .working(let detail):
            object["health"] = "working"
            object["detail"] = detail.map(JSON.string)
        case .degraded(let reason):
            object["health"] = "degraded"
            object["detail"] = .string(reason)
        case .failing(let reason):
            object["health"] = "failing"
            object["detail"] = .string(reason)
        }
        object["outgoing"] = outgoing?.json()
        return .object(object)
    }
}

extension OutgoingStatus {
    fileprivate func json() -> JSON {
        var object: JSONObject = [
            "paused": .bool(isPaused), "active": .integer(Int64(active)), "lanes": .integer(Int64(lanes)),
        ]
        breaker.write(to: &object)
        object["open_lane_count"] = .integer(Int64(openLaneCount))
        object["open_lanes"] = .array(
            openLanes.map { lane in
                var row: JSONObject = ["recipient": .string(lane.recipient)]
                lane.breaker.write(to: &row)
                return .object(row)
            })
        return .object(object)
    }
}

extension BreakerStatus {
    fileprivate func write(to object: inout JSONObject) {
        object["breaker"] = .string(word.rawValue)
        object["breaker_reason"] = reason.map(JSON.string)
        object["breaker_since"] = (since?.description).map(JSON.string)
        object["next_probe"] = (nextProbe?.description).map(JSON.string)
    }
}
