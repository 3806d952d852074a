import Messages
import Testing

@Suite struct EnvelopeTests {
    private func envelope(_ parts: [Part]) throws -> Envelope {
        var envelope = try fullEnvelope()
        envelope.parts = parts
        return envelope
    }

    private let picture = Part(type: .image, content: .bytes([1]))

    @Test("the text of an envelope is that of its text parts, parted by empty lines")
    func text() throws {
        #expect(try envelope([]).text == "")
        #expect(try envelope([picture, .text("a")]).text == "a")
        #expect(try envelope([.text("a"), picture, .text("b", format: .html)]).text == "a\n\nb")
    }

    @Test("setting the text keeps other parts, their order and the format, and drops further texts")
    func setText() throws {
        var changed = try envelope([picture, .text("a", format: .markdown), picture, .text("b"), .text("c")])
        changed.setText("new")
        #expect(changed.parts == [picture, .text("new", format: .markdown), picture])
    }

    @Test("setting the text with a format changes the format")
    func setFormat() throws {
        var changed = try envelope([.text("a", format: .markdown)])
        changed.setText("new", format: .plain)
        #expect(changed.parts == [.text("new", format: .plain)])
    }

    @Test("setting the text of an envelope without one puts it first")
    func insertText() throws {
        var changed = try envelope([picture])
        changed.setText("new")
        #expect(changed.parts == [.text("new"), picture])
    }

    @Test("only what a machine wrote is automatic: it says so, or it is a bounce")
    func automatic() throws {
        var message = try fullEnvelope()
        message.sender = nil
        #expect(!message.isAutomatic)
        message.sender = Sender(isAutomatic: true)
        #expect(message.isAutomatic)
        message.sender = nil
        message.kind = .bounce
        #expect(message.isAutomatic)
    }

    @Test("typing and read receipts are not kept, everything else is")
    func spooled() {
        #expect(MessageKind.allCases.filter { !$0.isSpooled } == [.receipt, .typing])
    }

    @Test("priorities are ordered, and a rank out of range is the nearest")
    func priorities() {
        #expect(Priority.allCases == Priority.allCases.sorted())
        #expect(Priority.allCases.allSatisfy { Priority(rank: $0.rank) == $0 })
        #expect(Priority(rank: -5) == .low)
        #expect(Priority(rank: 99) == .urgent)
    }

    @Test(
        "a media type tells the type of a part",
        arguments: [
            ("image/png", PartType.image), ("IMAGE/PNG", .image), ("audio/ogg", .audio), ("video/mp4", .video),
            ("application/pdf", .file), ("text/plain", .file), ("", .file), ("images/x", .file),
        ])
    func mediaTypes(mediaType: String, type: PartType) {
        #expect(PartType(mediaType: mediaType) == type)
    }
}
