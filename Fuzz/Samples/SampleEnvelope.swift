public import Messages

/// An envelope in which every field that conditions and templates look at says something.
public func sampleEnvelope(text: String) -> Envelope {
    guard let from = try? Address(parsing: "mail:ann@example.org"), let topic = try? Topic(parsing: "mail:support/new")
    else {
        fatalError("the sample is wrong")
    }
    var envelope = Envelope(
        id: MessageID(high: 0x018B_CFE5_6800_7000, low: 0x8000_0000_0000_0000), time: Timestamp(seconds: 1_700_000_000),
        from: from, topic: topic, subject: text, parts: [.text(text, format: .markdown)])
    envelope.sender = Sender(name: "Ann", isAuthenticated: true)
    envelope.headers = ["list-id": text]
    envelope.meta = ["lang": "de", "score": 7, "labels": ["a", "b"], "text": .string(text)]
    envelope.thread = "t-1"
    return envelope
}
