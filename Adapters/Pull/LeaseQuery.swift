import Configuration
import Messages
import Transport

/// What `GET …/messages?wait=30s&max=100&lease=60s` asks for.
struct LeaseQuery: Sendable, Hashable {
    /// How many, and for how long.
    let terms: LeaseTerms
    /// How long to wait for the first.
    let wait: Duration

    /// Reads the query.
    ///
    /// - Throws: ``LeaseRefusal`` with status 400 for a value that is none, or out of bounds.
    init(_ request: HTTPRequest, lease: Duration) throws(LeaseRefusal) {
        var count = 100
        if let text = request.query("max") {
            guard let number = Int(text), (1...LeaseTerms.maximumCount).contains(number) else {
                throw LeaseRefusal(
                    status: .badRequest, detail: "max: expected a number from 1 to \(LeaseTerms.maximumCount)")
            }
            count = number
        }
        wait = try Self.duration(request.query("wait"), "wait", .zero, in: .zero...LeaseEndpoints.maximumWait)
        let duration = try Self.duration(request.query("lease"), "lease", lease, in: LeaseEndpoints.leaseBounds)
        terms = LeaseTerms(count: count, duration: duration)
    }

    /// Reads a duration such as `30s`.
    ///
    /// - Throws: ``LeaseRefusal``
    static func duration(
        _ text: String?, _ name: String, _ absent: Duration, in bounds: ClosedRange<Duration>
    ) throws(LeaseRefusal) -> Duration {
        guard let text else { return absent }
        guard let duration = Duration(parsing: text), bounds.contains(duration) else {
            throw LeaseRefusal(
                status: .badRequest,
                detail: "\(name): expected a duration such as 30s, from \(bounds.lowerBound.components.seconds)s to "
                    + "\(bounds.upperBound.components.seconds)s")
        }
        return duration
    }
}
