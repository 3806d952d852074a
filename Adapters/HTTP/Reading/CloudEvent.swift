import Messages

/// A CloudEvents 1.0 event: its attributes, and what its data says.
struct CloudEvent: Sendable, Hashable {
    /// The attributes with their extensions, as they came; those of a header are strings.
    let attributes: JSONObject
    /// The event's id, unique in its source.
    let id: String
    /// Where it happened, a URI reference.
    let source: String
    /// What happened.
    let type: String
    /// What it happened to.
    let subject: String?
    /// When it happened.
    let time: Timestamp?
    /// The data.
    let payload: Payload

    /// Reads the attributes.
    ///
    /// - Throws: ``Problem`` with status 400 for what the specification requires and is not there (§2.1).
    init(attributes: JSONObject, payload: Payload, prefix: String) throws(Problem) {
        func required(_ name: String) throws(Problem) -> String {
            guard let text = attributes[name]?.string, !text.isEmpty else {
                throw Problem(400, pointer: "#\(prefix)/\(name)", "a CloudEvent needs the attribute \(name), a string")
            }
            guard text.utf8.count <= 2_048 else {
                throw Problem(400, pointer: "#\(prefix)/\(name)", "the attribute \(name) has more than 2048 bytes")
            }
            return text
        }
        guard try required("specversion").hasPrefix("1.") else {
            throw Problem(400, pointer: "#\(prefix)/specversion", "only CloudEvents 1.0 is understood")
        }
        id = try required("id")
        source = try required("source")
        type = try required("type")
        subject = attributes["subject"]?.string
        do throws(MessageError) {
            time = if let text = attributes["time"]?.string { try Timestamp(parsing: text) } else { nil }
        } catch {
            throw Problem(400, pointer: "#\(prefix)/time", error.description)
        }
        self.attributes = attributes
        self.payload = payload
    }

    /// The envelope: the type becomes the class, the attributes go to `meta.cloudevents`.
    func envelope(mailbox: String, from client: Client, id: MessageID, now: Timestamp) throws(Problem) -> Envelope {
        let topic: Topic
        do throws(MessageError) {
            topic = try Topic(source: mailbox, class: Topic.sanitizedClass(type, fallback: "event"))
        } catch {
            throw Problem(400, pointer: "#/type", error.description)
        }
        var envelope = Envelope(
            id: id, time: time ?? now, from: client.address, topic: topic,
            kind: payload.isReadable ? .message : .event, subject: payload.subject ?? subject, parts: payload.parts)
        envelope.meta["cloudevents"] = .object(attributes)
        if client.isAuthenticated { envelope.sender = Sender(isAuthenticated: true) }
        return envelope
    }

    /// What tells a repetition: source and id, which are unique together (§2.1); the length keeps them apart.
    func eventKey(of client: Client) -> String {
        "ce \(client.name) \(source.utf8.count) \(source) \(id)"
    }
}
