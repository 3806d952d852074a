import Messages
import TestSupport
import Testing

@Suite struct TimestampTests {
    @Test(
        "an RFC 3339 date-time is read to the millisecond",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("1985-04-12T23:20:50.52Z", 482_196_050_520),
            ("1996-12-19T16:39:57-08:00", 851_042_397_000),
            ("1990-12-31T23:59:60Z", 662_687_999_000),
            ("1990-12-31T15:59:60-08:00", 662_687_999_000),
            ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130),
            ("2024-02-29T00:00:00z", 1_709_164_800_000),
            ("2000-02-29t00:00:00Z", 951_782_400_000),
            ("2024-02-29 00:00:00+00:00", 1_709_164_800_000),
            ("2026-11-20T10:15:30.1239999Z", 1_795_169_730_123),
            ("2026-11-20T10:15:30.5-00:00", 1_795_169_730_500),
            ("1969-12-31T23:59:59.999Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ])
    func reading(text: String, milliseconds: Int64) throws {
        #expect(try Timestamp(parsing: text).milliseconds == milliseconds)
    }

    @Test(
        "what is no date-time is told with the offset of the first wrong character",
        arguments: [
            ("", 0, "expected a year"),
            ("0000-01-01T00:00:00Z", 0, "expected a year"),
            ("26-11-20T10:15:30Z", 2, "expected a year"),
            ("2026/11/20T10:15:30Z", 4, "expected \"-\""),
            ("2026-13-20T10:15:30Z", 5, "expected a month from 01 to 12"),
            ("2026-00-20T10:15:30Z", 5, "expected a month from 01 to 12"),
            ("2026-02-29T10:15:30Z", 8, "expected a day of that month"),
            ("1900-02-29T10:15:30Z", 8, "expected a day of that month"),
            ("2026-04-31T10:15:30Z", 8, "expected a day of that month"),
            ("2026-11-20", 10, "expected \"T\" between date and time"),
            ("2026-11-20_10:15:30Z", 10, "expected \"T\" between date and time"),
            ("2026-11-20T24:00:00Z", 11, "expected an hour from 00 to 23"),
            ("2026-11-20T10:60:00Z", 14, "expected a minute from 00 to 59"),
            ("2026-11-20T10:15:61Z", 17, "expected a second from 00 to 60"),
            ("2026-11-20T10:15Z", 16, "expected \":\""),
            ("2026-11-20T10:15:30.Z", 20, "expected digits after the point"),
            ("2026-11-20T10:15:30,5Z", 19, "expected a zone: \"Z\" or \"+hh:mm\""),
            ("2026-11-20T10:15:30", 19, "expected a zone: \"Z\" or \"+hh:mm\""),
            ("2026-11-20T10:15:30+0100", 22, "expected \":\""),
            ("2026-11-20T10:15:30+24:00", 20, "expected zone hours"),
            ("2026-11-20T10:15:30Z ", 20, "expected the end after the zone"),
            (" 2026-11-20T10:15:30Z", 0, "expected a year"),
            ("２０２６-11-20T10:15:30Z", 0, "expected a year"),
            ("0001-01-01T00:00:00+00:01", 0, "in UTC the time is outside the years 0001 to 9999"),
            ("9999-12-31T23:59:59-00:01", 0, "in UTC the time is outside the years 0001 to 9999"),
        ])
    func faults(text: String, offset: Int, reason: String) {
        #expect(throws: MessageError.badTimestamp(text: text, offset: offset, reason: reason)) {
            try Timestamp(parsing: text)
        }
    }

    @Test(
        "a time is written in UTC with three digits of a second",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_868_799_999, "2000-02-29T23:59:59.999Z"), (1_709_251_200_000, "2024-03-01T00:00:00.000Z"),
            (.max, "9999-12-31T23:59:59.999Z"), (.min, "0001-01-01T00:00:00.000Z"),
        ])
    func writing(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test("every time that is written is read as the same time", arguments: 0..<20)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            let range = Timestamp.earliest.milliseconds...Timestamp.latest.milliseconds
            let time = Timestamp(milliseconds: Int64.random(in: range, using: &random))
            #expect(try Timestamp(parsing: time.description) == time)
            #expect(time.civil.timestamp == time)
        }
    }

    @Test("days of the week follow one another, across leap years and centuries")
    func weekdays() {
        let first = CivilDate(year: 1899, month: 12, day: 31)
        #expect(first.weekday == 0)
        for day in 0..<80_000 {
            let date = (first.timestamp + .seconds(86_400 * Int64(day))).civil
            guard date.weekday == day % 7 else { return #expect(Bool(false), "\(date)") }
        }
    }

    @Test("arithmetic ends at the ends of the range instead of coming out at the other one")
    func saturation() {
        let now = Timestamp(seconds: 1_700_000_000)
        #expect(now + .seconds(Int64.max) == .latest)
        #expect(now - .seconds(Int64.max) == .earliest)
        #expect(now + .seconds(Int64.min) == .earliest)
        #expect(now - .seconds(Int64.min) == .latest)
        #expect(Timestamp(seconds: .max) == .latest)
        #expect(Timestamp(seconds: .min) == .earliest)
        #expect(Timestamp.latest + .milliseconds(1) == .latest)
    }

    @Test("the difference of two times is what must be added to the earlier one")
    func difference() {
        let start = Timestamp(milliseconds: 123)
        let end = start + .milliseconds(4_567)
        #expect(end - start == .milliseconds(4_567))
        #expect(start - end == .milliseconds(-4_567))
        #expect(start + .microseconds(1_999) == Timestamp(milliseconds: 124))
        #expect(Timestamp(milliseconds: -1).seconds == -1)
        #expect(Timestamp(milliseconds: 1_999).seconds == 1)
    }

    @Test("a duration beyond the milliseconds of 64 bits is held at their ends")
    func durations() {
        #expect(Duration.seconds(Int64.max).milliseconds == .max)
        #expect(Duration.seconds(Int64.min).milliseconds == .min)
        #expect((Duration.seconds(9_223_372_036_854_775) + .milliseconds(999)).milliseconds == .max)
        #expect(Duration.microseconds(-1_500).milliseconds == -1)
    }
}
