import Conditions
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
