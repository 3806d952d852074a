import Crypto
import Testing

@Suite struct CodingTests {
    @Test(
        "RFC 4648 §10 vectors hold in both directions",
        arguments: [
            ("", "", ""), ("f", "Zg==", "66"), ("fo", "Zm8=", "666f"), ("foo", "Zm9v", "666f6f"),
            ("foob", "Zm9vYg==", "666f6f62"), ("fooba", "Zm9vYmE=", "666f6f6261"),
            ("foobar", "Zm9vYmFy", "666f6f626172"),
        ])
    func vectors(plain: String, base64: String, hex: String) throws {
        let bytes = Array(plain.utf8)
        #expect(Base64.standard.encode(bytes) == base64)
        #expect(try Base64.standard.decode(base64) == bytes)
        #expect(Hex.encode(bytes) == hex)
        #expect(try Hex.decode(hex.uppercased()) == bytes)
    }

    @Test("the URL alphabet writes neither plus, slash nor padding")
    func urlAlphabet() throws {
        let bytes: [UInt8] = [0xFB, 0xFF, 0xBF, 0xFE]
        #expect(Base64.standard.encode(bytes) == "+/+//g==")
        #expect(Base64.url.encode(bytes) == "-_-__g")
        #expect(try Base64.url.decode("-_-__g") == bytes)
    }

    @Test("every length comes back", arguments: 0...70)
    func roundTrip(count: Int) throws {
        let bytes = try SecureRandom().bytes(count)
        #expect(try Base64.standard.decode(Base64.standard.encode(bytes)) == bytes)
        #expect(try Base64.url.decode(Base64.url.encode(bytes)) == bytes)
        #expect(try Hex.decode(Hex.encode(bytes)) == bytes)
    }

    @Test(
        "a text that is not strictly base64 is refused where it goes wrong",
        arguments: [
            ("Zg", 2), ("Zg=", 2), ("Z===", 1), ("Zh==", 2), ("Zm9=", 3), ("Zm9v\n", 5), ("Zm 9", 2), ("Zg==Zg==", 2),
            ("Zm-v", 2), ("====", 0), ("=", 0), ("A", 1), ("é", 2),
        ])
    func strict(text: String, offset: Int) {
        let error = #expect(throws: CryptoError.self) { try Base64.standard.decode(text) }
        guard case .badCoding("base64", offset, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("padding is refused, demanded or neither, as asked")
    func padding() throws {
        #expect(throws: CryptoError.self) { try Base64.url.decode("Zg==") }
        #expect(try Base64.url.padded(.optional).decode("Zg==") == [0x66])
        #expect(try Base64.url.padded(.optional).decode("Zg") == [0x66])
        #expect(try Base64.standard.padded(.none).decode("Zg") == [0x66])
    }

    @Test("text that is not hexadecimal is refused where it goes wrong", arguments: [("0", 1), ("0g", 1), (" 00", 0)])
    func badHex(text: String, offset: Int) {
        let error = #expect(throws: CryptoError.self) { try Hex.decode(text) }
        guard case .badCoding("hexadecimal", offset, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("an error names the coding and the place")
    func message() {
        let error = CryptoError.badCoding(coding: "base64", offset: 3, reason: "the text is cut off")
        #expect("\(error)" == "not base64 at offset 3: the text is cut off")
    }
}
