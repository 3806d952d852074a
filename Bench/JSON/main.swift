// Measures what one envelope of about 1 KiB costs on its way in and out of JSON, in microseconds.

import Messages

/// The best of many short rounds: what the code costs, without what else the machine did meanwhile.
func microseconds(rounds: Int = 200, _ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    var best = Duration.seconds(1)
    for _ in 0..<rounds {
        let time = try clock.measure {
            for _ in 0..<100 { try body() }
        }
        best = min(best, time)
    }
    return Double(best.components.attoseconds) / 1e12 / 100
}

func makeEnvelope() throws -> Envelope {
    let sentence = "The quick brown fox jumps over the lazy dog, says \"hello\" & goes on.\n"
    var envelope = Envelope(
        id: try MessageID(parsing: "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"),
        time: Timestamp(milliseconds: 1_795_169_730_123),
        from: try Address(parsing: "api:ci"), to: [try Address(parsing: "hook:crm")],
        topic: try Topic(parsing: "api:build/done"),
        subject: "Build 4711 is done", parts: [.text(String(repeating: sentence, count: 8), format: .markdown)])
    envelope.thread = "build-4711"
    envelope.idempotencyKey = "4711-done"
    envelope.headers = ["user-agent": "curl/8.5", "x-request-id": "0f9a2b"]
    envelope.meta = ["branch": "main", "duration": 12.5, "labels": ["ci", "nightly"]]
    envelope.received = [Hop(router: "hq.example", time: envelope.time, by: "api")]
    return envelope
}

let envelope = try makeEnvelope()
let bytes = envelope.encoded()
let value = try JSON(parsing: bytes)
var sum = 0

print("envelope of \(bytes.count) bytes, best of 200 rounds, µs each")
print("  JSON text to value       ", try microseconds { sum &+= try JSON(parsing: bytes).object?.members.count ?? 0 })
print("  JSON text to envelope    ", try microseconds { sum &+= try Envelope(parsing: bytes).parts.count })
print("  envelope to JSON text    ", microseconds { sum &+= envelope.encoded().count })
print("  JSON value to JSON text  ", microseconds { sum &+= value.encoded().count })
print("  envelope to JSON value   ", try microseconds { sum &+= try envelope.json().object?.members.count ?? 0 })
