import Messages
import Testing

@testable import postroad

@Suite struct TailPrinterTests {
    private func event(_ name: String, _ data: JSON) -> EventReader.Event {
        EventReader.Event(id: "x-1", name: name, data: String(decoding: data.encoded(), as: UTF8.self))
    }

    private let dispatch: JSONObject = [
        "time": "2026-11-20T10:15:30.123Z", "message": "019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07", "from": "api:ci",
        "topic": "api:alert/disk", "subject": "服务器磁盘快满了", "recipient": "hook:crm", "attempt": 2,
        "reason": "HTTP 503 Service Unavailable: the upstream is being maintained",
        "due": "2026-11-20T10:16:00.000Z",
    ]

    @Test("an event is a line that fits into the terminal", arguments: [60, 80, 132])
    func line(width: Int) {
        let text = printed(width: width) {
            TailPrinter(console: $0, isJSON: false).print(event("deferred", .object(dispatch)))
        }
        let lines = text.split(separator: "\n")
        #expect(lines.count == 1 && String(lines[0]).columns <= width, "\(text)")
        #expect(text.hasPrefix("10:15:30.123 019a9c5f-3f3e deferred  → hook:crm"), "\(text)")
    }

    @Test("why a message waits is told in 80 columns, however long its subject is")
    func longSubject() {
        var data = dispatch
        data["subject"] = "The disk of the build machine is nearly full, and nobody has looked at it since Monday"
        data["reason"] = "HTTP 503"
        let text = printed { TailPrinter(console: $0, isJSON: false).print(event("deferred", .object(data))) }
        #expect(text.contains("→ hook:crm — HTTP 503 — again at 10:16:00"), "\(text)")
        data["due"] = nil
        data["attempt"] = 1
        data["by"] = "ann"
        let held = printed { TailPrinter(console: $0, isJSON: false).print(event("hold", .object(data))) }
        #expect(held.hasSuffix("… — by ann — HTTP 503\n"), "\(held)")
    }

    @Test("the acceptance of a message tells whom it is from and where it goes")
    func accepted() {
        var data = dispatch
        data["recipient"] = nil
        data["recipients"] = ["hook:crm", "inbox:ann"]
        let text = printed { TailPrinter(console: $0, isJSON: false).print(event("accepted", .object(data))) }
        #expect(text.contains("accepted  api:ci → 2 places  服务器磁盘快满了"), "\(text)")
    }

    @Test("what was missed is said")
    func missed() {
        let text = printed {
            TailPrinter(console: $0, isJSON: false).print(event("missed", ["reason": "too many at once", "events": 7]))
        }
        #expect(text == "-- missed 7 events: too many at once\n")
    }

    @Test("each line of JSON is an object with the event's name")
    func json() throws {
        let text = printed { TailPrinter(console: $0, isJSON: true).print(event("deferred", .object(dispatch))) }
        let object = try JSON(parsing: String(text.dropLast()))
        #expect(object["event"] == "deferred" && object["recipient"] == "hook:crm")
        #expect(text.split(separator: "\n").count == 1)
    }

    @Test("nothing that strangers wrote steers the terminal")
    func hostile() {
        var data = dispatch
        data["subject"] = "a\u{1B}[2Jb\u{202E}c"
        data["reason"] = "x\u{9B}31m\ny"
        let text = printed { TailPrinter(console: $0, isJSON: false).print(event("dead\u{1B}[1m", .object(data))) }
        #expect(!text.contains("\u{1B}") && !text.contains("\u{9B}") && !text.contains("\u{202E}"))
        #expect(text.split(separator: "\n").count == 1)
    }
}

@Suite struct EventReaderTests {
    private let stream = """
        retry: 2000

        id: a-1
        event: accepted
        data: {"x":1}

        :

        event: missed
        data: one
        data: two


        """

    @Test("events are read however the bytes come", arguments: [1, 2, 3, 7, 1_000])
    func pieces(size: Int) throws {
        var reader = EventReader()
        var events: [EventReader.Event] = []
        let bytes = Array(stream.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            events += try reader.read(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(
            events == [
                EventReader.Event(id: "a-1", name: "accepted", data: #"{"x":1}"#),
                EventReader.Event(id: "", name: "missed", data: "one\ntwo"),
            ])
    }

    @Test("a line without end is an error, not a leak")
    func endless() {
        var reader = EventReader()
        var failed = false
        do {
            for _ in 0..<40 { _ = try reader.read([UInt8](repeating: 0x41, count: 1 << 16)) }
        } catch {
            failed = true
        }
        #expect(failed)
    }
}
