import Messages
import TestSupport
import Testing

@Suite struct JSONWriterTests {
    @Test(
        "a value is written compactly, in its order",
        arguments: [
            (.null, "null"), (true, "true"), (-7, "-7"), (1.0, "1.0"), (1e300, "1e+300"), (.number(.infinity), "null"),
            (.number(.nan), "null"), ([], "[]"), ([:], "{}"), ([1, "a", [nil]], #"[1,"a",[null]]"#),
            (["b": 1, "a": ["c": []]], #"{"b":1,"a":{"c":[]}}"#),
        ] as [(JSON, String)])
    func values(value: JSON, text: String) {
        #expect(value.description == text)
    }

    @Test(
        "only what must be escaped is escaped",
        arguments: [
            ("\"\\/", #""\"\\/""#), ("\n\r\t", #""\n\r\t""#),
            ("\u{0}\u{8}\u{1F}\u{7F}", #""\u0000\u0008\u001f\u007f""#),
            ("é😀\u{2028}", "\"é😀\u{2028}\""), ("", "\"\""), ("\u{1}x\u{1}", #""\u0001x\u0001""#),
        ])
    func strings(value: String, text: String) {
        #expect(JSON.string(value).description == text)
    }

    @Test("a writer puts commas where they belong")
    func commas() throws {
        var writer = JSONWriter()
        writer.beginArray()
        writer.beginObject()
        writer.endObject()
        writer.beginObject()
        writer.name("a")
        writer.beginArray()
        writer.endArray()
        writer.name("b")
        writer.integer(1)
        writer.endObject()
        writer.string("c")
        writer.value(nil)
        writer.endArray()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"[{},{"a":[],"b":1},"c",null]"#)
    }

    @Test("the indented form has a line for each member and is the same value")
    func indentation() throws {
        let value: JSON = ["a": [1, ["b": []]], "c": [:], "d\"": "e"]
        let text = """
            {
              "a": [
                1,
                {
                  "b": []
                }
              ],
              "c": {},
              "d\\"": "e"
            }
            """
        #expect(value.indented() == text)
        #expect(try JSON(parsing: text) == value)
    }

    @Test("what is written is read as the same value", arguments: 0..<200)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let value = Self.arbitrary(depth: 4, &random)
        #expect(try JSON(parsing: value.encoded()) == value)
        #expect(try JSON(parsing: value.indented()) == value)
        #expect(try JSON(parsing: value.encoded()).encoded() == value.encoded())
    }

    private static func arbitrary(depth: Int, _ random: inout SeededRandom) -> JSON {
        let count = Int.random(in: 0..<5, using: &random)
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64(bitPattern: random.next() >> UInt64.random(in: 0..<64, using: &random)))
        case 3: return .number(finite(&random))
        case 4, 5: return .string(text(&random))
        case 6: return .array((0..<count).map { _ in arbitrary(depth: depth - 1, &random) })
        default:
            var object = JSONObject()
            for _ in 0..<count { object[text(&random)] = arbitrary(depth: depth - 1, &random) }
            return .object(object)
        }
    }

    private static func finite(_ random: inout SeededRandom) -> Double {
        let value = Double(bitPattern: random.next())
        return value.isFinite ? value : 0.1
    }

    private static func text(_ random: inout SeededRandom) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<12, using: &random) {
            let limit: UInt32 = [0x20, 0x80, 0x3000, 0x11_0000][Int.random(in: 0..<4, using: &random)]
            scalars.append(Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) ?? "\u{FFFD}")
        }
        return String(scalars)
    }
}

@Suite struct JSONObjectTests {
    @Test("setting a name replaces every member of that name where the first one stands")
    func replacement() throws {
        var object = try #require(try JSON(parsing: #"{"a":1,"b":2,"a":3}"#).object)
        object["a"] = 4
        #expect(JSON.object(object).description == #"{"a":4,"b":2}"#)
    }

    @Test("setting nil removes every member of that name")
    func removal() throws {
        var object = try #require(try JSON(parsing: #"{"a":1,"b":2,"a":3}"#).object)
        object["a"] = nil
        object["c"] = nil
        #expect(JSON.object(object).description == #"{"b":2}"#)
    }

    @Test("accessors give a value of their type and nothing for another")
    func accessors() {
        let values: [JSON] = [nil, true, 1, 1.5, "s", [1], ["a": 1]]
        #expect(values.map { $0.bool != nil } == [false, true, false, false, false, false, false])
        #expect(values.map { $0.integer != nil } == [false, false, true, false, false, false, false])
        #expect(values.map { $0.string != nil } == [false, false, false, false, true, false, false])
        #expect(values.map { $0.array != nil } == [false, false, false, false, false, true, false])
        #expect(values.map { $0.object != nil } == [false, false, false, false, false, false, true])
        #expect(values.map { $0["a"] } == [nil, nil, nil, nil, nil, nil, 1])
    }
}
