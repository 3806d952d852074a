import AdapterKit
import Crypto
import Messages
import Transport

/// What one request hands in: one message, or a batch that comes in whole or not at all.
struct Submission: Sendable {
    /// The messages, in their order.
    var arrivals: [Arrival]
    /// Whether the answer is a list.
    var isBatch: Bool
}

/// Reads the bodies of `POST /v1/messages`.
struct SubmissionReader: Sendable {
    /// Who sent the request, when it came, and where ids come from.
    struct Origin: Sendable {
        let client: Client
        let now: Timestamp
        let makeID: @Sendable () -> MessageID
    }

    private let envelopes: EnvelopeReader
    private let mailbox: String

    init(mailbox: String) throws(MessageError) {
        envelopes = try EnvelopeReader(mailbox: mailbox)
        self.mailbox = mailbox
    }

    /// Reads a body by its content type.
    ///
    /// - Throws: ``Problem``
    func read(_ body: [UInt8], headers: HTTPFields, from origin: Origin) throws(Problem) -> Submission {
        let key = if let header = headers["idempotency-key"] { try IdempotencyKey.parse(header) } else { String?.none }
        let contentType = headers["content-type"]
        let type = MediaType(contentType)
        try Self.check(type, headers)
        if let type, type.essence.hasPrefix("application/cloudevents-batch") {
            return try batch(of: JSON(body: body), key, origin)
        }
        if let type, type.isJSONLines { return try lines(body, key, origin) }
        if let type, type.essence.hasPrefix("application/cloudevents") {
            return try single(CloudEvent(structured: JSON(body: body)), body, key, origin)
        }
        if headers.contains("ce-specversion") {
            let event = try CloudEvent(
                headers: headers.lazy.map { ($0.name, $0.value) }, contentType: contentType, body: body)
            return try single(event, body, key, origin)
        }
        guard type?.isJSON ?? true else {
            throw Problem(
                415,
                "expected application/json, application/x-ndjson or a CloudEvent, not \(type?.essence ?? "");"
                    + " other bodies are taken at /in/\(mailbox)/<class>")
        }
        return try envelope(JSON(body: body), body, key, origin)
    }

    private static func check(_ type: MediaType?, _ headers: HTTPFields) throws(Problem) {
        if let type, !type.isUTF8 { throw Problem(415, "expected UTF-8, not \(type.charset ?? "")") }
        if let coding = headers["content-encoding"], coding.lowercased() != "identity" {
            throw Problem(415, "the content coding \(coding.prefix(40)) is not understood; send the body as it is")
        }
    }

}

extension SubmissionReader {
    private func envelope(
        _ json: JSON, _ body: [UInt8], _ key: String?, _ origin: Origin
    ) throws(Problem) -> Submission {
        let envelope = try envelopes.read(json, from: origin.client, id: origin.makeID(), time: origin.now)
        if let key, let own = envelope.idempotencyKey, own != key {
            throw Problem(422, pointer: "#/idempotency_key", "it is another key than that of Idempotency-Key")
        }
        return Submission(arrivals: [try arrival(envelope, key, body[...], origin)], isBatch: false)
    }

    private func arrival(
        _ envelope: Envelope, _ key: String?, _ bytes: ArraySlice<UInt8>, _ origin: Origin
    ) throws(Problem) -> Arrival {
        var arrival = Arrival(envelope: envelope)
        guard let key = key ?? envelope.idempotencyKey else { return arrival }
        try IdempotencyKey.check(key, "idempotency_key")
        arrival.envelope.idempotencyKey = key
        arrival.eventKey = "key \(origin.client.name) \(key)"
        arrival.fingerprint = try Self.fingerprint(bytes)
        return arrival
    }

    private func single(
        _ event: CloudEvent, _ body: [UInt8], _ key: String?, _ origin: Origin
    ) throws(Problem) -> Submission {
        let envelope = try event.envelope(
            mailbox: mailbox, from: origin.client, id: origin.makeID(), now: origin.now)
        var arrival = try arrival(envelope, key, body[...], origin)
        if key == nil { arrival.eventKey = event.eventKey(of: origin.client) }
        return Submission(arrivals: [arrival], isBatch: false)
    }

    private func batch(of json: JSON, _ key: String?, _ origin: Origin) throws(Problem) -> Submission {
        try Self.refuse(key, "CloudEvents have ids of their own")
        guard let events = json.array else { throw Problem(400, pointer: "#", "expected an array of CloudEvents") }
        guard events.count <= JSONLines.maximumCount else { throw Problem(413, "a batch has at most 1000 events") }
        var arrivals: [Arrival] = []
        var problems: [Problem] = []
        for (index, json) in events.enumerated() {
            do throws(Problem) {
                let event = try CloudEvent(structured: json, prefix: "/\(index)")
                let envelope = try event.envelope(
                    mailbox: mailbox, from: origin.client, id: origin.makeID(), now: origin.now)
                arrivals.append(Arrival(envelope: envelope, eventKey: event.eventKey(of: origin.client)))
            } catch {
                problems.append(error)
            }
        }
        if let problem = Problem.joined(problems, outOf: events.count) { throw problem }
        return Submission(arrivals: arrivals, isBatch: true)
    }

    private func lines(_ body: [UInt8], _ key: String?, _ origin: Origin) throws(Problem) -> Submission {
        try Self.refuse(key, "give each line its idempotency_key")
        var arrivals: [Arrival] = []
        var problems: [Problem] = []
        let entries = try JSONLines.read(body)
        for entry in entries {
            do throws(Problem) {
                let envelope = try envelopes.read(
                    entry.json, from: origin.client, id: origin.makeID(), time: origin.now)
                arrivals.append(try arrival(envelope, nil, entry.bytes, origin))
            } catch {
                problems.append(error.inLine(entry.line))
            }
        }
        if let problem = Problem.joined(problems, outOf: entries.count) { throw problem }
        return Submission(arrivals: arrivals, isBatch: true)
    }

    /// One key cannot stand for several messages: a second batch may repeat some of them and bring others.
    private static func refuse(_ key: String?, _ advice: String) throws(Problem) {
        if key != nil { throw Problem(400, "Idempotency-Key is for one message, not for a batch; \(advice)") }
    }

    private static func fingerprint(_ bytes: ArraySlice<UInt8>) throws(Problem) -> [UInt8] {
        do throws(CryptoError) {
            return try SHA256.digest(of: bytes).bytes
        } catch {
            throw Problem(500, error.description)
        }
    }
}
