import Messages
import Transport

/// What `POST …/messages/ack`, `nack` and `extend` ask for: `{"leases": ["4096-1", …]}`.
struct LeaseOrder: Sendable {
    /// The leases.
    let leases: [Lease]
    /// What becomes of them.
    let ending: LeaseEnding

    private static let longestReason = 500

    /// Reads the request.
    ///
    /// - Throws: ``LeaseRefusal`` with the status 404 for another action, and 400 for a body that is none.
    init(_ request: HTTPRequest, lease: Duration, now: Timestamp) throws(LeaseRefusal) {
        guard let body = try? JSON(parsing: request.body), let object = body.object else {
            throw Self.bad("expected JSON such as {\"leases\": [\"4096-1\"]}")
        }
        switch request.parameters["action"] {
        case "ack":
            try Self.check(object, ["leases"])
            ending = .delivered
        case "nack":
            try Self.check(object, ["leases", "delay", "reason"])
            let delay = try Self.duration(object, "delay", .zero, in: .zero...LeaseEndpoints.leaseBounds.upperBound)
            let reason = try Self.text(object, "reason") ?? "the program gave it back"
            ending = .returned(reason: String(reason.prefix(Self.longestReason)), due: now + delay)
        case "extend":
            try Self.check(object, ["leases", "lease"])
            ending = .extended(
                until: now + (try Self.duration(object, "lease", lease, in: LeaseEndpoints.leaseBounds)))
        default: throw LeaseRefusal(status: .notFound, detail: "expected ack, nack or extend")
        }
        leases = try Self.leases(object)
    }

    private static func leases(_ object: JSONObject) throws(LeaseRefusal) -> [Lease] {
        guard let texts = object["leases"]?.array, texts.count <= LeaseTerms.maximumCount else {
            throw bad("leases: expected an array of at most \(LeaseTerms.maximumCount) leases")
        }
        var leases: [Lease] = []
        leases.reserveCapacity(texts.count)
        for (index, text) in texts.enumerated() {
            guard let lease = text.string.flatMap({ Lease(parsing: $0) }) else {
                throw bad("leases/\(index): expected a lease as it was handed out, such as \"4096-1\"")
            }
            leases.append(lease)
        }
        return leases
    }

    private static func check(_ object: JSONObject, _ known: [String]) throws(LeaseRefusal) {
        guard let unknown = object.members.first(where: { !known.contains($0.name) }) else { return }
        throw bad("no field is named \"\(unknown.name.prefix(60))\"; expected \(known.joined(separator: ", "))")
    }

    private static func text(_ object: JSONObject, _ name: String) throws(LeaseRefusal) -> String? {
        guard let value = object[name], value != .null else { return nil }
        guard let text = value.string else { throw bad("\(name): expected a string") }
        return text
    }

    private static func duration(
        _ object: JSONObject, _ name: String, _ absent: Duration, in bounds: ClosedRange<Duration>
    ) throws(LeaseRefusal) -> Duration {
        try LeaseQuery.duration(try text(object, name), name, absent, in: bounds)
    }

    private static func bad(_ detail: String) -> LeaseRefusal { LeaseRefusal(status: .badRequest, detail: detail) }
}
