// Bodies of HTTP requests: a line with a content type, then what is sent with it.

import FuzzDriver
import Messages
import Transport

@testable import HTTP

fuzz { start, count in
    guard let address = try? Address(parsing: "api:ci"), let reader = try? EnvelopeReader(mailbox: "api") else {
        return 0
    }
    let bytes = bytes(start, count)
    let client = Client(name: "ci", address: address, isAuthenticated: true)
    let now = Timestamp(seconds: 1_700_000_000)
    let id = MessageID(high: 0x018B_CFE5_6800_7000, low: 0x8000_0000_0000_0000)
    _ = MediaType(text(start, count))
    _ = try? FormReader.read(bytes)
    for entry in (try? JSONLines.read(bytes)) ?? [] {
        if let envelope = try? reader.read(entry.json, from: client, id: id, time: now) {
            expect((try? Envelope(parsing: envelope.encoded())) == envelope, "an envelope is read as it was written")
        }
        if let event = try? CloudEvent(structured: entry.json),
            let envelope = try? event.envelope(mailbox: "api", from: client, id: id, now: now)
        {
            expect((try? Envelope(parsing: envelope.encoded())) == envelope, "an event is read as it was written")
        }
    }
    return 0
}
