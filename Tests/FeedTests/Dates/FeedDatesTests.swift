import Messages
import Testing

@testable import Feed

@Suite("Dates in feeds")
struct FeedDatesTests {
    @Test(
        "a date means what its writer meant",
        arguments: [
            ("Sat, 07 Sep 2002 00:00:01 GMT", "2002-09-07T00:00:01.000Z"),
            ("Sat, 7 Sep 02 0:00 EST", "2002-09-07T05:00:00.000Z"),
            ("07 Sep 2002 00:00:01 +0800", "2002-09-06T16:00:01.000Z"),
            ("2003-12-13T18:30:02.25+01:00", "2003-12-13T17:30:02.250Z"),
            ("2003-12-13", "2003-12-13T00:00:00.000Z"),
            ("20031213", "2003-12-13T00:00:00.000Z"),
            ("2004-01", "2004-01-01T00:00:00.000Z"),
            ("2003-12-13 18:30:02", "2003-12-13T18:30:02.000Z"),
            ("Thu, 01 Jan 2004 19:48:21 PDT", "2004-01-02T02:48:21.000Z"),
            ("Thu Jan 29 14:52:00 2004", "2004-01-29T14:52:00.000Z"),
            ("01 Sept 2024 10:00 +0000", "2024-09-01T10:00:00.000Z"),
            ("2004-01-02T03:04:05+0800", "2004-01-01T19:04:05.000Z"),
            ("Saturday, 07 September 2002 00:00:01 UT", "2002-09-07T00:00:01.000Z"),
            ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"),
            ("Mon, 31 Dec 1999 23:59:60 GMT", "1999-12-31T23:59:59.000Z"),
            ("Tue, 02 Jan 2024 15:04:05 XYZ", "2024-01-02T15:04:05.000Z"),
            ("Tue, 02 Jan 2024 15:04:05 -0330 (NST)", "2024-01-02T18:34:05.000Z"),
            ("Tue, 02 Jan 2024 15:04:05 GMT+2", "2024-01-02T13:04:05.000Z"),
            ("Jan 2, 2024 3:04 PM EST", "2024-01-02T20:04:00.000Z"),
            ("2 Jan 2024 12:30 AM", "2024-01-02T00:30:00.000Z"),
            ("Tue, 02 Jan 2024", "2024-01-02T00:00:00.000Z"),
            ("  Tue,\n 02 Jan 2024 15:04:05 Z ", "2024-01-02T15:04:05.000Z"),
            ("20040102T030405Z", "2004-01-02T03:04:05.000Z"),
            ("2004-01-02T03:04Z", "2004-01-02T03:04:00.000Z"),
            ("2004-01-02 03:04:05 -0500", "2004-01-02T08:04:05.000Z"),
            ("1700000000", "2023-11-14T22:13:20.000Z"),
            ("1700000000123", "2023-11-14T22:13:20.123Z"),
            ("2024年01月02日", "2024-01-02T00:00:00.000Z"),
            ("2024年1月2日 15:04", "2024-01-02T15:04:00.000Z"),
        ])
    func readable(_ text: String, _ expected: String) {
        #expect(FeedDates.parse(text)?.description == expected)
    }

    @Test(
        "what is no date, or cannot be told, is none",
        arguments: [
            "", " ", "soon", "Wed, 31 Dec 2003 24:00:00 GMT", "5 Jänner 2004 10:00", "31 Feb 2004 10:00 GMT",
            "2004-13-01",
            "2004-02-30", "2004-01-02T25:00:00Z", "12345", "99999999999999999999", "Jan 2004", "1 2 3 Jan 2004", "年月日",
            "2004-01-02T03:04:05+99:99", "10:00:00", "١٢", "0000-01-01",
        ])
    func unreadable(_ text: String) {
        #expect(FeedDates.parse(text) == nil)
    }

    @Test("dates of the future and from before feeds count as now")
    func clamped() throws {
        let now = try Timestamp(parsing: "2024-01-02T00:00:00Z")
        let past = try Timestamp(parsing: "1990-01-01T00:00:00Z")
        #expect(FeedDates.clamped(past, now: now) == past)
        #expect(FeedDates.clamped(past - .seconds(1), now: now) == now)
        #expect(FeedDates.clamped(now + .seconds(1), now: now) == now)
        #expect(FeedDates.clamped(nil, now: now) == now)
    }
}
