import Conditions
import Configuration
import Messages
import Testing

@Suite struct ConditionTests {
    @Test(
        "a condition holds when each of its fields fits",
        arguments: [
            // Equality
            ("subject: Swift 6.3", true), ("subject: swift 6.3", false), ("subject: Swift", false),
            ("meta.lang: de", true),
            ("meta.score: 5", true), ("meta.score: 5.0", true), ("meta.score: '5'", true), ("meta.score: 6", false),
            ("meta.version: 10", true), ("meta.version: 10.0", true), ("meta.version: '10.0'", false),
            ("meta.user.id: 9007199254740993", true), ("meta.draft: false", true), ("meta.draft: true", false),
            ("kind: message", true), ("kind: edit", false), ("thread: t1", true), ("from: news:lobsters", true),
            ("topic: news:lobsters/front", true), ("sender.name: Ann Bo", true), ("sender.authenticated: true", true),
            ("sender.auto: false", true), ("priority: normal", true), ("part.type: text", true),
            ("part.type: image", false),
            // Regular expressions
            ("subject: /swift/i", true), ("subject: /swift/", false), ("subject: /^\\w+ \\d\\.\\d$/", true),
            ("text: /now.get/i", false), ("text: /now.get/is", true), ("text: /^Get/", false), ("text: /^Get/m", true),
            ("subject: '/ S w i f t /x'", true), ("subject: /Swift/u", true), ("meta.score: /^5$/", true),
            // Globs
            ("subject: Swift*", true), ("subject: '*6.3'", true), ("subject: S*t ?.?", true), ("subject: wift*", false),
            ("from: news:*", true), ("subject: 'Swift 6\\*'", false), ("topic: news:*", false),
            ("topic: news:**", true),
            ("topic: '*:lobsters/*'", true), ("topic: 'news:*/*/*'", false),
            // Comparisons
            ("meta.score: '>= 5'", true), ("meta.score: '> 5'", false), ("meta.score: '<6'", true),
            ("meta.score: '<= 4.5'", false),
            ("meta.ratio: '< 1'", true), ("headers.x-n: '> 6'", true), ("meta.lang: '> 1'", false),
            ("priority: '>= normal'", true), ("priority: '>= high'", false), ("priority: '< high'", true),
            // Lists
            ("kind: [edit, message]", true), ("kind: [edit, event]", false), ("subject: [Rust*, /swift/i]", true),
            ("meta.labels: bug", true), ("meta.labels: [x, help*]", true), ("meta.labels: wontfix", false),
            // Headers and dots
            ("headers.List-Id: <swift.example>", nil), ("headers.list-id: {eq: <swift.example>}", true),
            ("headers.LIST-ID: '*swift*'", true), ("meta.a.b: dotted", true), ("meta.user.name: bo", true),
            ("meta.user: {exists: true}", true),
        ] as [(String, Bool?)])
    func fields(text: String, expected: Bool?) throws {
        guard let expected else { return #expect(compile(text).0 == nil) }
        #expect(try condition(text).matches(message()) == expected)
    }

    @Test(
        "operators in a mapping must all hold",
        arguments: [
            ("meta.score: {gte: 5, lt: 6}", true), ("meta.score: {gte: 5, lt: 5}", false),
            ("meta.score: {gt: 4.9}", true),
            ("meta.score: {lte: 5}", true), ("subject: {eq: Swift 6.3}", true), ("subject: {ne: Swift 6.3}", false),
            ("subject: {ne: Rust}", true), ("subject: {regex: swift}", false), ("subject: {regex: /swift/i}", true),
            ("subject: {regex: 'w.ft'}", true), ("subject: {glob: 'Sw?ft*'}", true),
            ("kind: {in: [edit, message]}", true),
            ("kind: {in: [edit]}", false), ("subject: {exists: true}", true), ("subject: {exists: false}", false),
            ("meta.none: {exists: false}", true), ("meta.empty: {exists: false}", true), ("meta.none: {ne: x}", true),
            ("subject: {not: /swift/i}", false), ("subject: {not: [/rust/i, /go/i]}", true),
            ("subject: {not: {regex: /rust/i}, exists: true}", true), ("priority: {gte: normal}", true),
            ("priority: {gt: normal}", false), ("topic: {glob: 'news:**'}", true),
            ("subject: [{eq: x}, {glob: S*}]", true), ("meta.labels: {ne: bug}", false),
        ])
    func operators(text: String, expected: Bool) throws {
        #expect(try condition(text).matches(message()) == expected)
    }

    @Test(
        "groups nest",
        arguments: [
            ("any: [{kind: edit}, {subject: Swift*}]", true), ("any: {kind: edit, subject: Swift*}", true),
            ("any: [{kind: edit}, {subject: Rust*}]", false), ("all: [{kind: message}, {subject: Swift*}]", true),
            ("all: [{kind: message}, {subject: Rust*}]", false), ("not: {kind: edit}", true),
            ("not: {kind: message}", false),
            ("not: {kind: message, subject: Rust*}", true), ("not: [{kind: edit}, {subject: Swift*}]", false),
            ("not: [{kind: edit}, {subject: Rust*}]", true), ("{kind: message, subject: Rust*}", false),
            ("{kind: message, any: [{not: {all: [{subject: S*}, {meta.lang: en}]}}, {kind: edit}]}", true), ("~", true),
        ])
    func groups(text: String, expected: Bool) throws {
        #expect(try condition(text).matches(message()) == expected)
        #expect(try condition(text).evaluate(message()).matches == expected)
    }

    @Test(
        "a missing field fits nothing",
        arguments: [
            "subject: '*'", "subject: /.*/", "subject: ''", "thread: t1", "meta.x: '>= 0'", "text: '*'",
            "part.type: [text]", "sender.name: '?*'",
        ])
    func missing(text: String) throws {
        let empty = try message {
            $0.subject = nil
            $0.thread = nil
            $0.parts = []
            $0.sender = nil
        }
        #expect(try !condition(text).matches(empty))
    }

    @Test("a quoted value of another type fits what it stands for")
    func parts() throws {
        let image = try message {
            $0.parts.append(Part(type: .image, mediaType: "Image/PNG", content: .bytes([1])))
            $0.sender?.isAutomatic = true
            $0.priority = .urgent
        }
        #expect(try condition("part.media_type: image/png").matches(image))
        #expect(try condition("part.media_type: IMAGE/*").matches(image))
        #expect(try condition("part.type: [image, video]").matches(image))
        #expect(try condition("sender.auto: true").matches(image))
        #expect(try condition("priority: '>= high'").matches(image))
        #expect(try condition("part.type: {ne: image}").matches(image) == false)
    }

    @Test("conditions that say the same are equal")
    func equality() throws {
        let text = "{subject: /a/i, meta.n: '>= 5', any: [{kind: edit}]}"
        #expect(try condition(text) == condition("\n" + text))
        #expect(try condition("subject: /a/i") != condition("subject: /a/"))
        #expect(try Set([condition(text), condition(text), .always]).count == 2)
    }
}

@Suite struct FieldConditionTests {
    /// A message with a value in every field.
    private func full() throws -> Envelope {
        try message { envelope in
            envelope.to = [try Address(parsing: "work:C1"), try Address(parsing: "mail:ann@example.org")]
            envelope.replyTo = try Address(parsing: "mail:bo@example.org")
            envelope.inReplyTo = "m-7"
            envelope.parent = envelope.id
            envelope.root = envelope.id
            envelope.depth = 2
            envelope.sender?.avatar = "https://example.org/a.png"
            envelope.notBefore = try Timestamp(parsing: "2026-01-02T12:00:00Z")
            envelope.expires = try Timestamp(parsing: "2026-01-09T12:00:00Z")
            envelope.idempotencyKey = "k-1"
            envelope.meta["language"] = "zh-Hans-CN"
            envelope.parts.append(Part(type: .file, mediaType: "Text/CSV", name: "a.csv", content: .bytes([1, 2, 3])))
            envelope.received = [
                Hop(router: "b.example", time: envelope.time, by: "peer"),
                Hop(router: "hq.example", time: try Timestamp(parsing: "2026-01-05T08:30:00Z"), by: "news"),
            ]
        }
    }

    @Test(
        "every field of an envelope can be asked for",
        arguments: [
            ("id: '01890a5d*'", true), ("from.platform: news", true), ("from.user: lob*", true), ("to: work:C1", true),
            ("to: '*@example.org'", true), ("to: work:C2", false), ("reply_to: mail:bo@example.org", true),
            ("sender.avatar: '*.png'", true), ("topic.source: [mail, news]", true),
            ("topic.class: lobsters/front", true),
            ("in_reply_to: m-7", true), ("parent: {exists: true}", true), ("root: {exists: false}", false),
            ("depth: '> 1'", true), ("idempotency_key: /^k/", true), ("received.router: b.example", true),
            ("received.by: {contains: [peer, news]}", true), ("part.name: '*.csv'", true), ("part.size: {lt: 4}", true),
            ("part.media_type: text/csv", true), ("language: zh", true), ("language: ZH-hans", true),
            ("language: zh-Hant", false), ("language: z", false), ("language: {in: [de, zh]}", true),
            ("depth: {between: [1, 2]}", true), ("depth: {between: [3, 9]}", false),
            ("priority: {between: [low, normal]}", true), ("priority: {between: [high, urgent]}", false),
            ("meta.score: {between: [4.5, 5]}", true), ("part.size: {between: [4, 5]}", false),
            ("meta.labels: {contains: bug}", true), ("meta.labels: {contains: bu}", false),
            ("meta.labels: {contains: [bug, help wanted]}", true), ("meta.labels: {contains: [bug, x]}", false),
            ("subject: {contains: wift}", true), ("subject: {contains: rust}", false),
            ("subject: {contains: [Swift, '6.3']}", true), ("meta.none: {contains: x}", false),
        ])
    func fields(text: String, expected: Bool) throws {
        #expect(try condition(text).matches(full()) == expected)
        #expect(try condition(text).evaluate(full()).matches == expected)
    }

    @Test(
        "windows of dates and hours are those of a zone's clocks",
        arguments: [
            // 2026-01-02 was a Friday; 03:04:05 in UTC is 12:04 in Tokyo, and the evening before in New York.
            ("time: '2026-01-02'", true), ("time: '2026-01-01'", false), ("time: '>= 2026-01-02'", true),
            ("time: '> 2026-01-02'", false), ("time: '<= 2026-01-02'", true), ("time: '< 2026-01-02'", false),
            ("time: '> 2026-01-02T03:04:05Z'", false), ("time: '>= 2026-01-02T03:04:05Z'", true),
            ("time: {between: [2026-01-01, 2026-01-02]}", true), ("time: {between: [2026-01-03, 2026-01-04]}", false),
            ("time: {between: ['09:00', '17:00']}", false),
            ("time: {between: ['09:00', '17:00'], zone: Asia/Tokyo}", true),
            ("time: {between: ['12:04', '12:05'], zone: Asia/Tokyo}", true),
            ("time: {between: ['12:00', '12:04'], zone: Asia/Tokyo}", false),
            ("time: {between: ['22:00', '06:00'], days: thu, zone: America/New_York}", true),
            ("time: {between: ['22:00', '06:00'], days: fri, zone: America/New_York}", false),
            ("time: {between: ['23:00', '04:00'], days: thu}", true),
            ("time: {between: ['23:00', '04:00'], days: fri}", false),
            ("time: {days: mon-fri}", true), ("time: {days: [sat, sun]}", false), ("time: {days: sat-thu}", false),
            ("time: {days: thu, zone: America/New_York}", true),
            ("time: {lt: 2026-01-02, zone: America/New_York}", true), ("time: {lt: 2026-01-02T03:05}", true),
            ("time: {lt: 2026-01-02T12:05, zone: Asia/Tokyo}", true),
            ("time: {gte: 2026-01-02T12:05, zone: Asia/Tokyo}", false), ("time: '>= 03:00'", true),
            ("time: '< 03:00'", false),
            ("arrived: '2026-01-05'", true), ("arrived: {days: mon}", true), ("expires: '> 2026-01-08'", true),
            ("not_before: {exists: true}", true), ("time: {not: {days: fri}, gte: 2026-01-01}", false),
            ("time: [{days: mon}, {between: ['03:00', '04:00']}]", true),
        ])
    func windows(text: String, expected: Bool) throws {
        #expect(try condition(text).matches(full()) == expected)
    }

    @Test("a message that came by no router arrived when it was written")
    func arrived() throws {
        #expect(try condition("arrived: '2026-01-02'").matches(message()))
        #expect(try condition("expires: {exists: false}").matches(message()))
    }

    @Test(
        "an explanation tells the window and what was found",
        arguments: [
            (
                "time: {between: ['09:00', '17:00'], days: mon-fri, zone: Europe/Berlin}",
                "time 2026-01-02T03:04:05.000Z is not from 09:00 to 17:00 on mon, tue, wed, thu, fri (Europe/Berlin)"
            ),
            ("time: '> 2026-01-02'", "time 2026-01-02T03:04:05.000Z is not 2026-01-03T00:00:00.000Z or later"),
            ("meta.score: {between: [6, 9]}", "meta.score 5 is not from 6 to 9"),
            (
                "meta.labels: {contains: [bug, x]}",
                "meta.labels \"bug\", \"help wanted\" does not contain \"bug\" and \"x\""
            ),
            ("language: de", "language \"zh-Hans-CN\" is not \"de\""),
        ])
    func reasons(text: String, reason: String) throws {
        #expect(try condition(text).evaluate(full()).summary == reason)
    }
}

@Suite struct FileConditionTests {
    private func load(_ text: String, files: [String: String]) -> (Condition?, [String], [String]) {
        let loader = ConfigurationLoader(
            environment: [:], disk: Disk(files: files.merging(["conf/routes.yaml": text]) { $1 }),
            topLevelKeys: ["where"])
        let loaded = loader.load("conf/routes.yaml")
        var diagnostics = loaded.diagnostics
        let node = loaded.node?["where"]
        let condition = node.flatMap { Condition($0, at: "where", diagnostics: &diagnostics) }
        return (condition, diagnostics.all.map(\.description), loaded.files)
    }

    private struct Disk: ConfigurationDisk {
        let files: [String: String]

        func read(_ path: String, limit: Int) throws(ConfigurationDiskError) -> [UInt8] {
            guard let text = files[path] else { throw ConfigurationDiskError("there is no file \(path)") }
            return Array(text.utf8)
        }

        func paths(matching pattern: String) throws(ConfigurationDiskError) -> [String] { [] }
    }

    @Test("a value is looked for among the lines of a file beside the one that names it, and a change of it is noticed")
    func found() throws {
        let text = "where: {from: {in: {file: vip.txt}}}"
        let list = "# our best\nnews:reddit\n\n  news:lobsters\r\n"
        let (condition, faults, files) = load(text, files: ["conf/vip.txt": list])
        #expect(faults == [] && files == ["conf/routes.yaml", "conf/vip.txt"])
        let verdict = try #require(condition).evaluate(try message())
        #expect(verdict.matches && verdict.summary == "from \"news:lobsters\" is in the file vip.txt")
        let (other, _, _) = load(text, files: ["conf/vip.txt": "news:reddit"])
        #expect(
            try #require(other).evaluate(try message()).summary == "from \"news:lobsters\" is not in the file vip.txt")
    }

    @Test("a long list is looked through by its texts and numbers")
    func long() throws {
        let numbers = (1...100).map { "\($0)" }.joined(separator: ", ")
        #expect(try condition("meta.score: {in: [\(numbers)]}").matches(message()))
        #expect(try condition("meta.ratio: {in: [\(numbers)]}").matches(message()) == false)
    }

    @Test("a line that is wrong is told at its place in the file")
    func faulty() {
        let (condition, faults, _) = load(
            "where: {from: {in: {file: vip.txt}}}", files: ["conf/vip.txt": "# x\nnews:a\n   lobsters\n"])
        #expect(condition == nil)
        #expect(
            faults == [
                "conf/vip.txt:3:4: where.from.in[1]: no sender ever has this address: expected \":\" between platform and user, as in mail:ann@example.org"
            ])
    }

    @Test("a file that cannot be read is told where it is named")
    func missing() {
        let (condition, faults, _) = load("where: {from: {in: {file: vip.txt}}}", files: [:])
        #expect(condition == nil)
        #expect(faults == ["conf/routes.yaml:1:20: where.from.in: there is no file conf/vip.txt"])
    }
}

@Suite struct FieldNameTests {
    @Test("every field that the reference page names can be asked for", arguments: Condition.fieldNames)
    func names(name: String) throws {
        let condition = try condition("\(name): {exists: true}")
        let message = try message()
        #expect(condition.matches(message) == condition.evaluate(message).matches)
    }
}
