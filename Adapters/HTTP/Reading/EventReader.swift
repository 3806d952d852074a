import AdapterKit
import Crypto
import Messages
import Transport

/// Reads the bodies of `POST /in/<mailbox>/<class>`: whatever a service sends.
struct EventReader: Sendable {
    let mailbox: String
    /// The header that tells a repetition.
    let eventHeader: String?

    /// Reads a body by its content type; the class is that of the path.
    ///
    /// - Throws: ``Problem``
    func read(
        _ body: [UInt8], headers: HTTPFields, class name: String, from origin: SubmissionReader.Origin
    ) throws(Problem) -> Arrival {
        let topic = try topic(name)
        let type = MediaType(headers["content-type"])
        if let type, !type.isUTF8 { throw Problem(415, "expected UTF-8, not \(type.charset ?? "")") }
        if let event = try cloudEvent(body, headers, type) {
            var envelope = try event.envelope(
                mailbox: mailbox, from: origin.client, id: origin.makeID(), now: origin.now)
            envelope.topic = topic
            return Arrival(envelope: envelope, eventKey: event.eventKey(of: origin.client))
        }
        let payload = try Self.payload(body, type)
        var envelope = Envelope(
            id: origin.makeID(), time: origin.now, from: origin.client.address, topic: topic,
            kind: payload.isReadable ? .message : .event, subject: payload.subject, parts: payload.parts)
        if origin.client.isAuthenticated { envelope.sender = Sender(isAuthenticated: true) }
        var arrival = Arrival(envelope: envelope)
        try setKey(of: &arrival, headers, origin.client) { () throws(CryptoError) in try SHA256.digest(of: body).bytes }
        return arrival
    }

    /// Makes a message of what was uploaded: a message if it holds a text or a file, else an event.
    ///
    /// - Throws: ``Problem``
    func arrival(
        of upload: UploadReader.Upload, headers: HTTPFields, class name: String, from origin: SubmissionReader.Origin
    ) throws(Problem) -> Arrival {
        let payload = upload.payload
        var envelope = Envelope(
            id: origin.makeID(), time: origin.now, from: origin.client.address, topic: try topic(name),
            kind: payload.isForPeople ? .message : .event, subject: payload.subject, parts: payload.parts)
        if origin.client.isAuthenticated { envelope.sender = Sender(isAuthenticated: true) }
        var arrival = Arrival(envelope: envelope)
        try setKey(of: &arrival, headers, origin.client) { () throws(CryptoError) in try upload.fingerprint() }
        return arrival
    }

    func topic(_ name: String) throws(Problem) -> Topic {
        do throws(MessageError) {
            return try Topic(source: mailbox, class: name)
        } catch {
            throw Problem(400, error.description)
        }
    }

    private func cloudEvent(_ body: [UInt8], _ headers: HTTPFields, _ type: MediaType?) throws(Problem) -> CloudEvent? {
        if let type, type.essence == "application/cloudevents+json" {
            return try CloudEvent(structured: JSON(body: body))
        }
        guard headers.contains("ce-specversion") else { return nil }
        return try CloudEvent(
            headers: headers.lazy.map { ($0.name, $0.value) }, contentType: headers["content-type"], body: body)
    }

    private static func payload(_ body: [UInt8], _ type: MediaType?) throws(Problem) -> Payload {
        guard !body.isEmpty else { return Payload(.null) }
        guard let type, !type.isJSON else { return Payload(try JSON(body: body)) }
        if type.isForm { return Payload(.object(try FormReader.read(body))) }
        guard type.isText else {
            throw Problem(415, "expected JSON, a form or text, not \(type.essence)")
        }
        guard let text = String(validating: body, as: UTF8.self) else { throw Problem(400, "the text is not UTF-8") }
        return Payload(text: text, mediaType: type.essence)
    }

    /// The same delivery has the same id in the service's own header, in `webhook-id`, or in `Idempotency-Key`.
    private func setKey(
        of arrival: inout Arrival, _ headers: HTTPFields, _ client: Client,
        fingerprint: () throws(CryptoError) -> [UInt8]
    ) throws(Problem) {
        if let header = headers["idempotency-key"] {
            let key = try IdempotencyKey.parse(header)
            arrival.eventKey = "key \(client.name) \(key)"
            do throws(CryptoError) {
                arrival.fingerprint = try fingerprint()
            } catch {
                throw Problem(500, error.description)
            }
        } else if let name = eventHeader, let id = headers[name] {
            try IdempotencyKey.check(id, name)
            arrival.eventKey = "id \(client.name) \(id)"
        } else if let id = headers["webhook-id"] ?? headers["svix-id"] {
            try IdempotencyKey.check(id, "webhook-id")
            arrival.eventKey = "id \(client.name) \(id)"
        }
    }
}
