import Testing

@testable import Transport

@Suite struct HTTPTimeTests {
    @Test(
        "dates are read in the three forms of HTTP",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2028 23:59:60 GMT", 1_835_481_600), ("Friday, 01-Jan-69 00:00:00 GMT", 3_124_224_000),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
        ])
    func forms(text: String, seconds: Int64) {
        #expect(HTTPTime.seconds(text) == seconds)
    }

    @Test("what is written is read again", arguments: [0, 784_111_777, 1_700_000_000, 4_102_444_800])
    func roundTrip(seconds: Int64) {
        #expect(HTTPTime.seconds(HTTPDate.text(of: seconds)) == seconds)
    }

    @Test(
        "anything else is no date",
        arguments: [
            "", "0", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
            "Sun, 06 Nov 19944 08:49:37 GMT", "Sun 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT x",
            "Sunday, 06-Nov-1994 08:49:37 GMT", "1994-11-06T08:49:37Z", "Sun, ٠٦ Nov 1994 08:49:37 GMT",
            String(repeating: "Sun, ", count: 1_000),
        ])
    func malformed(text: String) {
        #expect(HTTPTime.seconds(text) == nil)
    }
}

@Suite struct ByteRangeTests {
    @Test(
        "one range is read by RFC 9110 §14.1.2, of ten bytes",
        arguments: [
            ("bytes=0-3", ByteRange.part(0..<4)), ("bytes=4-", .part(4..<10)), ("bytes=-3", .part(7..<10)),
            ("bytes=9-9", .part(9..<10)), ("bytes=0-99", .part(0..<10)), ("bytes=-99", .part(0..<10)),
            ("Bytes=0-0", .part(0..<1)), ("bytes= 0-0 ", .part(0..<1)),
            ("bytes=0-99999999999999999999999", .part(0..<10)), ("bytes=-99999999999999999999999", .part(0..<10)),
            ("bytes=10-", .unsatisfiable), ("bytes=10-20", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=99999999999999999999999-", .unsatisfiable),
            (nil, .whole), ("", .whole), ("bytes", .whole), ("bytes=", .whole), ("bytes=-", .whole),
            ("bytes=a-b", .whole),
            ("bytes=3-2", .whole), ("bytes=0-1,4-5", .whole), ("bytes=0-1,", .whole), ("items=0-1", .whole),
            ("bytes=--1", .whole), ("bytes=1--2", .whole), ("bytes=+1-2", .whole), ("bytes=0x1-2", .whole),
            ("bytes=1 -2", .whole), ("bytes=٠-١", .whole), ("=0-1", .whole),
        ] as [(String?, ByteRange)])
    func ranges(value: String?, range: ByteRange) {
        #expect(ByteRange(value, length: 10) == range)
    }

    @Test("of nothing there is no part", arguments: ["bytes=0-", "bytes=-1", "bytes=0-0"])
    func empty(value: String) {
        #expect(ByteRange(value, length: 0) == .unsatisfiable)
    }
}

@Suite struct EntityTagTests {
    @Test(
        "tags are compared strongly or weakly (RFC 9110 §8.8.3.2)",
        arguments: [
            (["\"a\""], true, true), (["W/\"a\""], false, true), (["\"b\""], false, false),
            (["\"b\", \"a\""], true, true),
            (["\"b\"", "W/\"a\""], false, true), (["*"], true, true), (["a"], false, false), (["\"a"], false, false),
            (["\"x, \\\"\", \"a\""], false, false), (["\"A\""], false, false), ([""], false, false), ([], false, false),
            (["\"b,\"a\""], false, false),
        ])
    func comparison(values: [String], strong: Bool, weak: Bool) {
        #expect(EntityTag("a").isIn(values, weakly: false) == strong)
        #expect(EntityTag("a").isIn(values, weakly: true) == weak)
    }

    @Test("a tag holds only what may stand in one")
    func characters() {
        #expect(EntityTag("a\"b\r\nc é").text == "\"abc\"")
    }
}

@Suite struct ContentCodingTests {
    @Test(
        "the best coding is chosen by weight, then by size",
        arguments: [
            (nil, "identity"), ("", "identity"), ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br", "br"),
            ("gzip;q=1.0, br;q=0.5", "gzip"), ("br;q=0.001", "identity-first"), ("gzip;q=0", "identity"),
            ("*", "br"), ("*;q=0", "identity"), ("br;q=0, *", "gzip"), ("identity;q=0, gzip;q=0.5", "gzip"),
            ("identity;q=1, gzip;q=0.5", "identity"), ("GZIP", "gzip"), ("gzip ; Q=0.5 , br ; q=0.4", "gzip"),
            ("gzip;q=2", "identity"), ("gzip;q=1.001", "identity"), ("gzip;q=abc", "identity"), ("gzip;q=", "identity"),
            ("gzip;q=0.1234", "identity"), ("br;q=1;level=9", "br"), (", ,gzip,", "gzip"), ("zstd", "identity"),
            ("identity;q=0", "identity"), ("gzip;x", "gzip"),
        ] as [(String?, String)])
    func best(value: String?, coding: String) {
        var headers = HTTPFields()
        headers["Accept-Encoding"] = value
        let best = ContentCoding.best(of: [.identity, .gzip, .brotli], for: headers)
        #expect(best.rawValue == (coding == "identity-first" ? "br" : coding))
    }

    @Test("what is not at hand is not chosen")
    func available() {
        #expect(ContentCoding.best(of: [.identity, .gzip], for: ["Accept-Encoding": "br, gzip;q=0.1"]) == .gzip)
        #expect(ContentCoding.best(of: [.identity], for: ["Accept-Encoding": "br, gzip"]) == .identity)
    }
}
