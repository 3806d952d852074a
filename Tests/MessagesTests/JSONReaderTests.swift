import Messages
import Testing

@Suite struct JSONReaderTests {
    @Test(
        "a JSON text becomes its value",
        arguments: [
            ("null", .null), ("true", true), (" false\n", false), ("0", 0), ("-0", 0), ("42", 42), ("-1", -1),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5", 1.5), ("1E2", 100.0), ("1e-2", 0.01),
            ("0.1e+1", 1.0), ("1e-400", 0.0), ("\"\"", ""), ("\"a\"", "a"), ("[]", []), ("{}", [:]),
            ("[1,[2]]", [1, [2]]),
            ("{\"a\":{\"b\":null}}", ["a": ["b": nil]]), ("\t[\r\n1 , 2 ]", [1, 2]), ("{\"\":0}", ["": 0]),
            ("\u{FEFF}[]", []),
        ] as [(String, JSON)])
    func values(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test(
        "escapes become their characters",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
            (#""\u0000""#, "\u{0}"),
            (#""\ud83d\ude00""#, "😀"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""\uFFFF""#, "\u{FFFF}"),
            (#""a\u0301b""#, "a\u{301}b"), ("\"\u{7F}é😀\"", "\u{7F}é😀"),
        ])
    func escapes(text: String, value: String) throws {
        let read = try #require(try JSON(parsing: text).string)
        #expect(read.utf8.elementsEqual(value.utf8))
    }

    @Test(
        "a surrogate without its other half becomes U+FFFD, and what follows is kept",
        arguments: [
            (#""\ud83d""#, "\u{FFFD}"), (#""\ude00""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"),
            (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        ])
    func surrogates(text: String, value: String) throws {
        #expect(try JSON(parsing: text).string == value)
    }

    @Test("a name that stands twice is kept twice, and the last one counts")
    func duplicates() throws {
        let json = try JSON(parsing: #"{"a":1,"b":2,"a":3}"#)
        #expect(json["a"] == 3)
        #expect(json.description == #"{"a":1,"b":2,"a":3}"#)
    }

    @Test("arrays and objects may be 128 deep and no deeper", arguments: [("[", "]"), ("{\"a\":", "}")])
    func depth(open: String, close: String) throws {
        let deep = String(repeating: open, count: 127) + "[]" + String(repeating: close, count: 127)
        #expect(try JSON(parsing: deep).description == deep)
        let deeper = String(repeating: open, count: 100_000)
        #expect(throws: MessageError.badJSON(offset: 128 * open.utf8.count, reason: "nested more than 128 levels deep"))
        {
            try JSON(parsing: deeper)
        }
    }

    @Test("the depth counts open brackets, not all of them")
    func siblings() throws {
        let text = "[" + Array(repeating: "[[]]", count: 1_000).joined(separator: ",") + "]"
        #expect(try JSON(parsing: text).array?.count == 1_000)
    }

    @Test("more than a million values are refused, so that a short text cannot take all memory")
    func count() throws {
        let full = "[" + Array(repeating: "0", count: JSON.maximumValues - 1).joined(separator: ",") + "]"
        #expect(try JSON(parsing: full).array?.count == JSON.maximumValues - 1)
        let error = #expect(throws: MessageError.self) { try JSON(parsing: full.dropLast() + ",0]") }
        #expect(error == .badJSON(offset: full.utf8.count, reason: "more than 1000000 values"))
    }

    @Test("a number of many digits is read at once, or refused at once")
    func longNumbers() throws {
        let digits = String(repeating: "9", count: 200_000)
        #expect(try JSON(parsing: "0.\(digits)") == .number(1))
        #expect(throws: MessageError.badJSON(offset: 0, reason: "the number does not fit 64 bits")) {
            try JSON(parsing: digits)
        }
    }
}

@Suite struct JSONFaultTests {
    @Test(
        "what is no JSON is told with the offset of the first wrong byte",
        arguments: [
            ("", 0, "expected a value, found the end of the text"),
            ("  ", 2, "expected a value, found the end of the text"),
            ("nul", 0, "expected a value"), ("Null", 0, "expected a value"),
            ("nullx", 4, "expected the end of the text"),
            ("tru", 0, "expected a value"), ("1 2", 2, "expected the end of the text"),
            ("[1,]", 3, "expected a value"), ("[,1]", 1, "expected a value"),
            ("[1 2]", 3, "expected \",\" or \"]\" after an element"),
            ("[1", 2, "expected \",\" or \"]\" after an element"),
            ("[", 1, "expected a value, found the end of the text"),
            ("]", 0, "expected a value"), ("[1}", 2, "expected \",\" or \"]\" after an element"),
            ("{", 1, "expected the name of a member in quotes"),
            ("{a:1}", 1, "expected the name of a member in quotes"),
            ("{'a':1}", 1, "expected the name of a member in quotes"),
            ("{1:1}", 1, "expected the name of a member in quotes"),
            (#"{"a"}"#, 4, "expected \":\" after the name of a member"), (#"{"a":}"#, 5, "expected a value"),
            (#"{"a":1,}"#, 7, "expected the name of a member in quotes"),
            (#"{"a":1 "b":2}"#, 7, "expected \",\" or \"}\" after a member"),
            (#"{"a":1"#, 6, "expected \",\" or \"}\" after a member"),
            ("[1]//x", 3, "expected the end of the text"), ("/**/1", 0, "expected a value"),
            ("NaN", 0, "expected a value"), ("Infinity", 0, "expected a value"), ("-Infinity", 1, "expected a digit"),
            ("\u{A0}1", 0, "expected a value"), ("\u{0}", 0, "expected a value"),
            ("1\u{0}", 1, "expected the end of the text"),
            ("１", 0, "expected a value"), ("{} {}", 3, "expected the end of the text"),
        ])
    func structure(text: String, offset: Int, reason: String) {
        #expect(throws: MessageError.badJSON(offset: offset, reason: reason)) { try JSON(parsing: text) }
    }

    @Test(
        "numbers follow RFC 8259 §6 to the letter",
        arguments: [
            ("+1", 0, "expected a value"), ("-", 1, "expected a digit"), ("--1", 1, "expected a digit"),
            ("01", 1, "a number has no leading zero"), ("-01", 2, "a number has no leading zero"),
            ("1.", 2, "expected a digit after the point"), (".5", 0, "expected a value"),
            ("1.e1", 2, "expected a digit after the point"), ("1e", 2, "expected a digit in the exponent"),
            ("1e+", 3, "expected a digit in the exponent"), ("1e5.5", 3, "expected the end of the text"),
            ("0x10", 1, "expected the end of the text"), ("1_000", 1, "expected the end of the text"),
            ("1,000", 1, "expected the end of the text"), ("[-]", 2, "expected a digit"),
            ("1e400", 0, "the number does not fit 64 bits"),
            ("-1e400", 0, "the number does not fit 64 bits"), ("[1, 1e999]", 4, "the number does not fit 64 bits"),
        ])
    func numbers(text: String, offset: Int, reason: String) {
        #expect(throws: MessageError.badJSON(offset: offset, reason: reason)) { try JSON(parsing: text) }
    }

    @Test(
        "strings follow RFC 8259 §7 to the letter",
        arguments: [
            ("\"", 1, "expected the closing quote of a string"),
            ("\"a\n\"", 2, "a control character in a string must be escaped"),
            ("\"\t\"", 1, "a control character in a string must be escaped"),
            ("\"\\n\u{1}\"", 3, "a control character in a string must be escaped"), (#""\x41""#, 2, "no such escape"),
            (#""\"#, 1, "expected a character after \"\\\""), (#""\U0041""#, 2, "no such escape"),
            (#""\u12""#, 5, "expected four hexadecimal digits after \"\\u\""),
            (#""\u12G4""#, 5, "expected four hexadecimal digits after \"\\u\""),
            (#""\u"#, 3, "expected four hexadecimal digits after \"\\u\""),
            (#""\ud83d\u12""#, 11, "expected four hexadecimal digits after \"\\u\""), ("'a'", 0, "expected a value"),
            ("\"a\\\"", 4, "expected the closing quote of a string"),
        ])
    func strings(text: String, offset: Int, reason: String) {
        #expect(throws: MessageError.badJSON(offset: offset, reason: reason)) { try JSON(parsing: text) }
    }

    @Test(
        "a string that is not UTF-8 is refused at its first wrong byte",
        arguments: [
            ([0x22, 0xFF, 0x22], 1), ([0x22, 0x61, 0x80, 0x22], 2), ([0x22, 0xC3, 0xA9, 0xC3, 0x22], 3),
            ([0x22, 0xC0, 0x80, 0x22], 1), ([0x22, 0xE0, 0x80, 0xAF, 0x22], 1), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1), ([0x22, 0xE2, 0x82, 0x22], 1),
            ([0x22, 0x5C, 0x6E, 0xFE, 0x22], 3),
            ([0x7B, 0x22, 0x61, 0xFF, 0x22, 0x3A, 0x31, 0x7D], 3),
        ] as [([UInt8], Int)])
    func invalidUTF8(bytes: [UInt8], offset: Int) {
        #expect(throws: MessageError.badJSON(offset: offset, reason: "the string is not UTF-8")) {
            try JSON(parsing: bytes)
        }
    }

    @Test(
        "UTF-16 and UTF-32 are no JSON texts here (RFC 8259 §8.1)",
        arguments: [[0x5B, 0x00, 0x5D, 0x00], [0xFF, 0xFE, 0x5B, 0x00]])
    func otherEncodings(bytes: [UInt8]) {
        #expect(throws: MessageError.self) { try JSON(parsing: bytes) }
    }

    @Test("every text that is cut short is refused, and none crashes")
    func truncation() throws {
        let whole = Array(#"{"a":[1,-2.5e+3,true,null,"x\u00e9\ud83d\ude00é"],"b":{}}"#.utf8)
        #expect(throws: Never.self) { try JSON(parsing: whole) }
        for length in 0..<whole.count {
            #expect(throws: MessageError.self, "\(length)") { try JSON(parsing: Array(whole[..<length])) }
        }
    }
}
