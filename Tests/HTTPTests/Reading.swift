import AdapterKit
import Messages
import Transport

@testable import HTTP

/// What the tables of requests are read with: the mailbox `api`, the token `ci`, a fixed time.
struct Reading {
    static let now = Timestamp(seconds: 1_800_000_000)
    static let id = MessageID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001)

    let client: Client
    let origin: SubmissionReader.Origin

    init(name: String = "ci", isAuthenticated: Bool = true) throws {
        let address = try Address(platform: "api", user: name)
        client = Client(name: name, address: address, isAuthenticated: isAuthenticated)
        origin = SubmissionReader.Origin(client: client, now: Self.now) { Self.id }
    }

    /// Reads a body of `POST /v1/messages`.
    func submission(_ body: String, _ headers: HTTPFields = ["Content-Type": "application/json"]) throws -> Submission {
        try SubmissionReader(mailbox: "api").read(Array(body.utf8), headers: headers, from: origin)
    }

    /// Reads the only message of a body.
    func arrival(_ body: String, _ headers: HTTPFields = ["Content-Type": "application/json"]) throws -> Arrival {
        let submission = try submission(body, headers)
        guard let arrival = submission.arrivals.first, submission.arrivals.count == 1, !submission.isBatch else {
            throw Problem(500, "expected one message")
        }
        return arrival
    }

    /// Why a body is refused.
    func problem(_ body: String, _ headers: HTTPFields = ["Content-Type": "application/json"]) throws -> Problem? {
        do {
            _ = try submission(body, headers)
            return nil
        } catch let problem as Problem {
            return problem
        }
    }

    /// Reads a body of `POST /in/api/<class>`.
    func event(
        _ body: String, _ type: String?, class name: String = "ci/build", headers: HTTPFields = HTTPFields()
    ) throws -> Arrival {
        var headers = headers
        if let type { headers["Content-Type"] = type }
        return try EventReader(mailbox: "api", eventHeader: "X-Delivery")
            .read(Array(body.utf8), headers: headers, class: name, from: origin)
    }
}

/// An object without one more layer of quotes in every test.
func object(_ text: String) throws -> JSON { try JSON(parsing: text) }
