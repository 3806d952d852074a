import Messages
import Testing

@testable import postroad

@Suite struct TracePrinterTests {
    private let trace: JSON = [
        "message": [
            "id": "019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07", "topic": "api:alert/disk", "from": "api:ci",
            "subject": "The disk of the build machine is nearly full, and nobody has looked at it since Monday morning",
            "parent": "019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b06", "depth": 1,
            "received": [["router": "hq.example", "time": "2026-11-20T10:15:30.000Z", "by": "api"]],
        ],
        "accepted": "2026-11-20T10:15:30.001Z", "client": "ci from 192.0.2.7",
        "dispatches": [
            [
                "number": 4096, "to": "hook:crm", "state": "waiting", "route": "alerts",
                "route_location": "routes.yaml:31", "reason": "HTTP 503", "due": "2026-11-20T10:16:00.000Z",
                "steps": [
                    ["stage": "set", "changes": ["priority: normal → high", "subject: “Disk” → “ALERT: Disk”"]],
                    ["stage": "truncate", "changes": []],
                    ["stage": "template", "changes": ["text: 11 → 12 characters, 服[-务器-]{+務器+} down"]],
                ],
                "text_diff": [
                    " The build machine:", "-服务器磁盘快满了，而且从星期一早上起就没有人看过它了，请尽快处理这个问题，谢谢大家的配合与支持",
                    "+The disk is full",
                ],
                "attempts_made": [
                    [
                        "attempt": 1, "started": "2026-11-20T10:15:30.002Z",
                        "finished": "2026-11-20T10:15:30.514Z", "outcome": "deferred",
                        "detail": "HTTP 503 Service Unavailable: the upstream is being maintained, come back later",
                    ]
                ],
                "remote_ids": [],
            ],
            [
                "number": 4097, "to": "inbox:everyone", "state": "delivered", "route": "posted messages",
                "settled": "2026-11-20T10:15:30.044Z",
                "steps": [], "remote_ids": ["019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07-4097"],
                "attempts_made": [
                    ["attempt": 1, "started": "2026-11-20T10:15:30.003Z", "outcome": "delivered", "detail": "kept"]
                ],
            ],
        ],
        "children": [["id": "019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b08", "topic": "local:bounce"]],
    ]

    @Test("a trace fits into 80 columns")
    func golden() throws {
        let text = printed { TracePrinter(console: $0).print(trace) }
        #expect(text.split(separator: "\n").allSatisfy { String($0).columns <= 80 })
        try expectGolden(text, "trace")
    }

    @Test("colours add no column, and NO_COLOR leaves none")
    func colours() throws {
        let plain = printed { TracePrinter(console: $0).print(trace) }
        let coloured = printed(hasColour: true) { TracePrinter(console: $0).print(trace) }
        #expect(coloured.contains("\u{1B}["))
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
    }

    @Test("a trace of a message for nobody says so")
    func nobody() {
        let text = printed { TracePrinter(console: $0).print(["message": ["id": "x"], "dispatches": []]) }
        #expect(text.contains("goes to nobody"))
    }

    static let escapeTexts = [
        "\u{1B}[2J", "\u{1B}]0;title\u{7}", "\u{9B}31m", "\r", "\u{8}", "a\nb", "\u{7F}", "\u{202E}", "\u{2066}",
        "\u{2028}",
    ]

    @Test("no field that strangers wrote reaches the terminal as they wrote it", arguments: escapeTexts)
    func escapes(text: String) throws {
        let stranger = JSON.string("x\(text)y")
        let evil: JSON = [
            "message": ["id": stranger, "topic": stranger, "from": stranger, "subject": stranger],
            "accepted": stranger,
            "dispatches": [
                [
                    "number": 1, "to": stranger, "state": stranger, "route": stranger, "reason": stranger,
                    "steps": [["stage": stranger, "changes": [stranger]]], "remote_ids": [stranger],
                    "text_diff": [stranger],
                    "attempts_made": [["attempt": 1, "started": stranger, "outcome": stranger, "detail": stranger]],
                ]
            ],
            "children": [["id": stranger, "topic": stranger]], "client": stranger,
        ]
        let shown = printed { TracePrinter(console: $0).print(evil) }
        #expect(!shown.contains("x\(text)y"))
        let listed = printed { DispatchTable.print([["number": 1, "subject": stranger, "to": stranger]], $0) }
        #expect(!listed.contains("x\(text)y"))
    }
}
