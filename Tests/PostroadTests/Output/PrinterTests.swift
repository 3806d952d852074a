import Configuration
import Messages
import Testing

@testable import postroad

@Suite struct PrinterTests {
    @Test("an envelope is shown with its fields, its facts and its parts")
    func envelope() throws {
        let envelope = try Envelope(
            parsing: Array(
                """
                {"id": "019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07", "time": "2026-11-20T10:15:30.000Z", "from": "mail:ann@x.org",
                "to": ["inbox:me"], "topic": "mail:support", "kind": "event", "subject": "Disk", "thread": "t-1",
                "in_reply_to": "m-0", "sender": {"name": "Ann"}, "headers": {"X-Tag": "a"}, "meta": {"language": "de"},
                "parts": [{"type": "text", "text": "**one**\\n\\ntwo", "format": "markdown"},
                {"type": "image", "media_type": "image/png", "name": "a.png", "data": "AAAA"},
                {"type": "data", "data": {"a": 1}},
                {"type": "file", "blob": {"sha256": "\(String(repeating: "a", count: 64))", "size": 70000, "name": "b"}}]}
                """.utf8))
        try expectGolden(printed { EnvelopePrinter(console: $0).print(envelope) }, "envelope")
    }

    private let troubled: JSON = [
        "name": "hook", "adapter": "webhook", "since": "2026-11-20T10:15:30.000Z", "receives": false, "sends": true,
        "health": "degraded", "detail": "the endpoint crm is disabled: HTTP 410",
        "outgoing": [
            "paused": false, "active": 3, "lanes": 2, "breaker": "open", "breaker_reason": "5 failures in a row",
            "breaker_since": "2026-11-20T10:15:30.000Z", "next_probe": "2026-11-20T10:16:00.000Z", "open_lane_count": 3,
            "open_lanes": [
                [
                    "recipient": "hook:crm", "breaker": "half-open", "breaker_reason": "HTTP 503",
                    "breaker_since": "2026-11-20T10:10:00.000Z",
                ]
            ],
        ],
    ]

    @Test("a mailbox in trouble shows its breakers and when they are probed")
    func mailbox() throws {
        try expectGolden(printed { MailboxPrinter(console: $0).print(troubled) }, "mailbox")
    }

    @Test("a list of mailboxes says of each whether it sends")
    func mailboxes() throws {
        let receiving: JSON = ["name": "api", "adapter": "http", "health": "working", "receives": true, "sends": false]
        let paused: JSON = [
            "name": "mail", "adapter": "email", "health": "working", "sends": true,
            "outgoing": ["paused": true, "active": 0, "lanes": 0, "breaker": "closed", "open_lanes": []],
        ]
        try expectGolden(
            printed { MailboxPrinter(console: $0).print(list: [troubled, receiving, paused]) }, "mailboxes")
    }

    @Test("the status of a router shows where it listens, with which certificates, and what waits")
    func status() throws {
        let status: JSON = [
            "name": "hq.example", "version": "1.2.3", "since": "2026-11-20T10:15:30.000Z",
            "listeners": [
                ["protocol": "http", "address": "127.0.0.1:8025", "connections": 1],
                ["protocol": "https", "address": "[::]:443", "connections": 12],
                ["protocol": "smtp", "address": "127.0.0.1:2525"],
            ],
            "certificates": [
                [
                    "file": "tls/chain.pem", "names": ["hq.example", "*.hq.example"],
                    "expires": "2027-11-20T10:15:30.000Z",
                ]
            ],
            "dispatches": ["dead": 0, "delivered": 4, "waiting": 2], "spool_bytes": 1_500_000,
        ]
        try expectGolden(printed { StatusPrinter(console: $0).print(status) }, "status")
        let full: JSON = ["name": "a", "refusal": "the disk is full"]
        #expect(printed { StatusPrinter(console: $0).print(full) }.contains("takes      nothing: the disk is full"))
    }

    @Test(
        "an amount of data is told with a digit behind the point",
        arguments: [(0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (1_500_000, "1.4 MiB"), (5 << 40, "5.0 TiB")])
    func amounts(bytes: Int, text: String) {
        #expect(ByteCount(bytes: bytes).rounded == text)
    }

    @Test("times in lists are short, and JSON of any type has a text")
    func texts() {
        #expect(DispatchTable.shortTime("2026-11-20T10:15:30.123Z") == "11-20 10:15:30")
        let row: JSON = ["text": "a", "number": 7, "none": nil, "truth": true]
        #expect(["text", "number", "none", "truth", "missing"].map(row.text) == ["a", "7", "", "true", ""])
    }
}
