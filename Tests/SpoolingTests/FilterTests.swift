import Messages
import Spooling
import Testing

@Suite struct FilterTests {
    private static let now = Timestamp(seconds: 1_700_000_000)

    @Test(
        "a filter is written as it is read",
        arguments: [
            "", "state=held,dead", "number=8192", "message=018bcfe5-6800-7000-8000-000000000000", "to=hook:*",
            "from=*:ann", "topic=news:**", "route=\"Swift news\"", "error~timeout", "subject~\"a \\\"b\\\" \\\\\"",
            "attempts>=3 attempts<=9", "accepted<2023-11-14T22:13:20.000Z accepted>=2023-11-14T21:13:20.000Z",
            "state=dead to=hook:* topic=news:** error~timeout attempts>=3",
        ])
    func roundTrip(text: String) throws {
        #expect(try DispatchFilter(parsing: text, now: Self.now).description == text)
    }

    @Test("an age is counted from now", arguments: [("90s", 90), ("15m", 900), ("1h", 3_600), ("2d", 172_800)])
    func ages(age: String, seconds: Int64) throws {
        let filter = try DispatchFilter(parsing: "age>\(age)", now: Self.now)
        #expect(filter.acceptedBefore == Self.now - .seconds(seconds))
        #expect(try DispatchFilter(parsing: "age<\(age)", now: Self.now).acceptedAfter == Self.now - .seconds(seconds))
    }

    @Test(
        "a wrong word is named by its offset and what was expected",
        arguments: [
            ("state=ded", 0, "no state \"ded\""), ("to=a:b colour=red", 7, "no condition \"colour\""),
            ("age>1w", 0, "expected an age"), ("attempts>3", 0, "expected attempts>= or attempts<="),
            ("error~\"x", 0, "closing quote"), ("dead", 0, "as in state=dead"), ("to=", 0, "a value after to="),
            ("topic=nothing", 0, "topic"), ("number=x", 0, "expected a number"), ("age>-1h", 0, "expected an age"),
            ("héé=1 number=x", 0, "no condition"), ("to=é number=x", 6, "expected a number"),
        ])
    func faults(text: String, offset: Int, part: String) {
        let error = #expect(throws: SpoolError.self) { try DispatchFilter(parsing: text, now: Self.now) }
        guard case .badFilter(text, offset, let reason)? = error, reason.contains(part) else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "a glob fits the whole text",
        arguments: [
            ("work:*", true), ("*:C1", true), ("work:C?", true), ("w*:*1", true), ("work", false), ("?:C1", false),
            ("WORK:*", false), ("work:C1", true), ("work:C1*", true), ("[w]ork:C1", false),
        ])
    func globs(glob: String, fits: Bool) throws {
        var filter = DispatchFilter()
        filter.recipient = glob
        #expect(try filter.fits(Self.summary) == fits)
    }

    @Test("a hostile glob takes no time", .timeLimit(.minutes(1)))
    func hostileGlob() throws {
        var filter = DispatchFilter()
        filter.recipient = String(repeating: "*a", count: 200) + "b"
        #expect(try !filter.fits(Self.summary))
    }

    private static var summary: DispatchSummary {
        get throws {
            DispatchSummary(
                number: 1, message: MessageID(high: 1, low: 1), topic: try Topic(parsing: "news:x"),
                from: try Address(parsing: "news:x"), recipient: try Address(parsing: "work:C1"), subject: nil,
                state: .dead, reason: nil, attempts: 0, accepted: now, due: now, settled: nil,
                route: RouteOrigin(name: "r"))
        }
    }
}
