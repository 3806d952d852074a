import Messages

extension Envelope {
    /// Any message.
    static func sample() throws -> Envelope {
        Envelope(
            id: MessageID(high: 1, low: 2), time: Timestamp(seconds: 1), from: try Address(parsing: "api:ci"),
            topic: try Topic(source: "api", class: "test"), parts: [.text("Words")])
    }
}
