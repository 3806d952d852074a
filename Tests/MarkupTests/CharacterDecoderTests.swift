import Testing

@testable import Markup

@Suite("Character decoder")
struct CharacterDecoderTests {
    @Test(
        "a declared character set is believed, under any of its names",
        arguments: [
            ([0xC4, 0xE3, 0xBA, 0xC3], "gb2312", "你好", "GB18030"),
            ([0xC4, 0xE3, 0xBA, 0xC3], "GBK", "你好", "GB18030"),
            ([0x81, 0x30, 0x84, 0x36], "gb18030", "¥", "GB18030"),
            ([0x93, 0x80, 0x94], "ISO-8859-1", "“€”", "windows-1252"),
            ([0x93, 0x80, 0x94], "us-ascii", "“€”", "windows-1252"),
            ([0xCF, 0xF0, 0xE8], "windows-1251", "При", "windows-1251"),
            ([0xF0, 0xD2, 0xC9], "koi8-r", "При", "koi8-r"),
            ([0x87, 0x40], "Shift_JIS", "①", "CP932"),
            ([0xB0, 0xA1, 0x81, 0x41], "ks_c_5601-1987", "가갂", "CP949"),
            ([0xA7, 0x41], "big5", "你", "BIG5-HKSCS"),
            ([0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42], "iso-2022-jp", "あ", "iso-2022-jp"),
            ([0xC3, 0xA9], "\"utf-8\"", "é", "UTF-8"),
        ] as [([UInt8], String, String, String)])
    func declared(_ bytes: [UInt8], _ declared: String, _ text: String, _ charset: String) {
        let decoded = CharacterDecoder.decode(bytes, declared: declared)
        #expect(decoded == DecodedText(text: text, charset: charset, replaced: 0))
    }

    @Test(
        "a byte order mark goes before a declaration",
        arguments: [
            ([0xEF, 0xBB, 0xBF, 0xC3, 0xA9], "é"), ([0xFE, 0xFF, 0x00, 0xE9], "é"), ([0xFF, 0xFE, 0xE9, 0x00], "é"),
            ([0xFF, 0xFE, 0, 0, 0xE9, 0, 0, 0], "é"), ([0, 0, 0xFE, 0xFF, 0, 0, 0, 0xE9], "é"),
        ] as [([UInt8], String)])
    func marks(_ bytes: [UInt8], _ text: String) {
        #expect(CharacterDecoder.decode(bytes, declared: "windows-1251").text == text)
    }

    @Test("without a declaration it is UTF-8, or else windows-1252")
    func undeclared() {
        #expect(CharacterDecoder.decode(Array("żółw".utf8), declared: nil).text == "żółw")
        let decoded = CharacterDecoder.decode([0x63, 0x61, 0x66, 0xE9], declared: nil)
        #expect(decoded == DecodedText(text: "café", charset: "windows-1252", replaced: 0))
    }

    @Test("a wrong declaration gives way to UTF-8")
    func wrongDeclaration() {
        let decoded = CharacterDecoder.decode(Array("“Łódź” 你好吗".utf8), declared: "shift_jis")
        #expect(decoded == DecodedText(text: "“Łódź” 你好吗", charset: "UTF-8", replaced: 0))
    }

    @Test(
        "one damaged character does not turn a text into another alphabet", arguments: ["utf-8", nil, "x-nobody-knows"])
    func damagedUTF8(_ declared: String?) {
        let bytes = Array("Łódź i żółw, gęś".utf8) + [0xC5]
        let decoded = CharacterDecoder.decode(bytes, declared: declared)
        #expect(decoded == DecodedText(text: "Łódź i żółw, gęś\u{FFFD}", charset: "UTF-8", replaced: 1))
    }

    @Test("damage in a declared character set is replaced and counted")
    func damagedGB18030() {
        let good: [UInt8] = [0xC4, 0xE3, 0xBA, 0xC3]
        let bytes = good + good + good + [0xFF] + good
        let decoded = CharacterDecoder.decode(bytes, declared: "gb2312")
        #expect(decoded == DecodedText(text: "你好你好你好\u{FFFD}你好", charset: "GB18030", replaced: 1))
    }

    @Test("long texts are converted whole")
    func long() {
        let bytes = [UInt8](repeating: 0xE9, count: 300_001)
        #expect(CharacterDecoder.decode(bytes, declared: "latin1").text == String(repeating: "é", count: 300_001))
    }

    @Test("a name that is none is no declaration", arguments: ["utf-8//TRANSLIT", "", "../../x", "a b", "8bit"])
    func names(_ name: String) {
        #expect(CharacterDecoder.decode([0xC3, 0xA9], declared: name).text == "é")
    }

    @Test(
        "an XML document's own declaration counts when the transport has none or says us-ascii",
        arguments: [nil, "us-ascii", "8bit"])
    func xmlDeclaration(_ transport: String?) {
        let bytes = Array("<?xml version='1.0' encoding='windows-1251'?><a>".utf8) + [0xCF, 0xF0, 0xE8]
        #expect(CharacterDecoder.decodeXML(bytes, declared: transport).text.hasSuffix("При"))
    }

    @Test("the transport's declaration goes before the document's")
    func transport() {
        let bytes = Array("<?xml version='1.0' encoding='iso-8859-1'?><a>".utf8) + [0xCF, 0xF0, 0xE8]
        #expect(CharacterDecoder.decodeXML(bytes, declared: "windows-1251").text.hasSuffix("При"))
    }

    @Test("sixteen-bit XML without a mark is seen", arguments: [false, true])
    func sixteenBit(_ isBigEndian: Bool) {
        let units = Array("<?xml version='1.0' encoding='utf-8'?><a>é</a>".utf16)
        let bytes = units.flatMap { unit in
            let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isBigEndian ? pair.reversed() : pair
        }
        #expect(CharacterDecoder.decodeXML(bytes, declared: "utf-8").text.hasSuffix("<a>é</a>"))
    }
}
