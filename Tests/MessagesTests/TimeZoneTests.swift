import Clocks
import Testing

@testable import Messages

@Suite struct TimeZoneTests {
    @Test(
        "the offset of a zone is what tzdata says, before, within and after the listed changes",
        arguments: [
            ("Europe/Berlin", "1985-07-01T12:00:00Z", 7200), ("Europe/Berlin", "2026-03-29T00:59:59Z", 3600),
            ("Europe/Berlin", "2026-03-29T01:00:00Z", 7200), ("Europe/Berlin", "2045-07-01T00:00:00Z", 7200),
            ("Europe/Berlin", "2090-01-15T00:00:00Z", 3600), ("America/New_York", "1900-01-01T00:00:00Z", -18000),
            ("America/New_York", "2045-07-01T00:00:00Z", -14400),
            ("Australia/Lord_Howe", "2026-12-01T00:00:00Z", 39600),
            ("Australia/Lord_Howe", "2045-07-01T00:00:00Z", 37800),
            ("Australia/Lord_Howe", "2090-01-15T00:00:00Z", 39600),
            ("Europe/Dublin", "1900-01-01T00:00:00Z", -1521), ("Europe/Dublin", "2026-03-29T01:00:00Z", 3600),
            ("Europe/Dublin", "2090-01-15T00:00:00Z", 0), ("Asia/Kathmandu", "1985-07-01T12:00:00Z", 19800),
            ("Asia/Kathmandu", "2090-01-15T00:00:00Z", 20700), ("America/Sao_Paulo", "2045-07-01T00:00:00Z", -10800),
            ("Asia/Tokyo", "2026-12-01T00:00:00Z", 32400), ("Pacific/Apia", "1900-01-01T00:00:00Z", -41216),
            ("America/Santiago", "2026-03-29T01:00:00Z", -10800), ("America/Santiago", "2045-07-01T00:00:00Z", -14400),
            ("UTC", "2026-07-01T00:00:00Z", 0),
        ])
    func offsets(name: String, time: String, expected: Int) throws {
        #expect(try SystemTimeZones.zone(named: name).offset(at: Timestamp(parsing: time)) == expected)
    }

    @Test(
        "a date in a zone is a time; a skipped one is moved on, of two the first counts",
        arguments: [
            (2026, 7, 1, 9, 30, "2026-07-01T07:30:00.000Z"), (2026, 12, 1, 9, 30, "2026-12-01T08:30:00.000Z"),
            (2026, 3, 29, 2, 30, "2026-03-29T01:30:00.000Z"), (2026, 10, 25, 2, 30, "2026-10-25T00:30:00.000Z"),
            (2026, 10, 25, 3, 0, "2026-10-25T02:00:00.000Z"), (2060, 3, 28, 3, 0, "2060-03-28T01:00:00.000Z"),
        ])
    func dates(year: Int, month: Int, day: Int, hour: Int, minute: Int, expected: String) throws {
        let zone = try SystemTimeZones.zone(named: "Europe/Berlin")
        let date = CivilDate(year: year, month: month, day: day, hour: hour, minute: minute)
        let time = zone.timestamp(of: date)
        #expect(time.description == expected)
        if hour != 2 { #expect(zone.civil(at: time) == date) }
    }

    @Test(
        "a name leads to no other folder", arguments: ["../../../etc/passwd", "", "Europe//Berlin", "/UTC", "a\u{0}b"])
    func names(name: String) {
        #expect(throws: TimeZoneError.badName) { try SystemTimeZones.zone(named: name) }
    }

    @Test("a zone that the machine does not know is told apart", arguments: ["Europe/Berlim", "tzdata.zi"])
    func unknown(name: String) {
        #expect(throws: TimeZoneError.self) { try SystemTimeZones.zone(named: name) }
    }

    @Test(
        "what is no rule is refused",
        arguments: [
            "", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "<+3", "CET-1CEST,M3.5.7,J0",
        ])
    func badRules(text: String) {
        #expect(DaylightRule(parsing: text) == nil)
    }

    @Test(
        "the forms of days in a rule",
        arguments: [
            ("X0Y,J60/0,J61/0", "2024-03-01T00:30:00Z", 3600), ("X0Y,J60/0,J61/0", "2024-02-29T12:00:00Z", 0),
            ("X0Y,59/0,60/0", "2024-02-29T12:00:00Z", 3600), ("X0Y,59/0,60/0", "2025-03-01T12:00:00Z", 3600),
            ("<+01>-1<+02>,M3.5.4/26,M10.5.4/26", "2026-03-27T00:59:59Z", 3600),
            ("<+01>-1<+02>,M3.5.4/26,M10.5.4/26", "2026-03-27T01:00:00Z", 7200),
        ])
    func days(rule: String, time: String, expected: Int) throws {
        let rule = try #require(DaylightRule(parsing: rule))
        #expect(rule.offset(at: try Timestamp(parsing: time).seconds) == expected)
    }

    @Test("a file that is cut anywhere is refused, and none is believed")
    func cut() throws {
        let bytes = Self.file
        let zone = try TimeZone(name: "X", parsing: bytes)
        #expect(zone.offset(at: Timestamp(seconds: -1)) == 60 && zone.offset(at: Timestamp(seconds: 0)) == 3_600)
        for count in 0..<bytes.count {
            #expect(throws: TimeZoneError.self) { try TimeZone(name: "X", parsing: Array(bytes.prefix(count))) }
        }
    }

    /// A file of version 2 with a change at 1970 and the rule `CET-1`.
    private static var file: [UInt8] {
        func header(_ times: UInt8, _ types: UInt8) -> [UInt8] {
            Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + [UInt8](repeating: 0, count: 12)
                + [0, 0, 0, times, 0, 0, 0, types, 0, 0, 0, 1]
        }
        let types: [UInt8] = [0, 0, 0, 60, 0, 0, 0, 0, 14, 16, 0, 0]
        return header(0, 1) + types.prefix(6) + [0] + header(1, 2) + [UInt8](repeating: 0, count: 8) + [1] + types + [0]
            + Array("\nCET-1\n".utf8)
    }
}
