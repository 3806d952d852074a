import Crypto
import Testing

@Suite struct DigestTests {
    private static let hello = #"{"hello": "world"}"#

    @Test(
        "Content-Digest vectors hold (RFC 9530)",
        arguments: [
            (hello, HashFunction.sha256, "X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
            (
                hello, .sha512,
                "WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew=="
            ),
            (hello + "\n", .sha256, "RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg="),
            ("", .sha256, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
            (#"{"id":"m-1","text":"héllo"}"#, .sha256, "tZwBKXyY1TWteDdXvxolK3rrhe9Yo3GovfmaF76ov5U="),
        ])
    func contentDigest(body: String, function: HashFunction, expected: String) throws {
        #expect(Base64.standard.encode(try function.digest(of: body.utf8)) == expected)
    }

    @Test("FIPS 180-4 vectors of \"abc\" hold")
    func abc() throws {
        let digests = try HashFunction.allCases.map { Hex.encode(try $0.digest(of: "abc".utf8)).prefix(16) }
        #expect(digests == ["a9993e364706816a", "ba7816bf8f01cfea", "cb00753f45a35e8b", "ddaf35a193617aba"])
    }

    @Test("every function gives a digest of its length", arguments: HashFunction.allCases)
    func length(function: HashFunction) throws {
        #expect(try function.digest(of: []).count == function.digestLength)
    }

    @Test("parts give the digest of the whole, wherever it is cut", arguments: [0, 1, 63, 64, 65, 999, 1_000])
    func parts(cut: Int) throws {
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0) }
        var digest = try SHA256()
        try digest.update(bytes[..<cut])
        try digest.update(bytes[cut...])
        #expect(try digest.finish() == SHA256.digest(of: bytes))
    }

    @Test("bytes that are not contiguous are hashed all the same")
    func scattered() throws {
        let reversed = [UInt8](0..<100).reversed()
        #expect(try SHA256.digest(of: reversed) == SHA256.digest(of: Array(reversed)))
    }

    @Test("a digest is read from its 64 digits and from nothing else")
    func hexDigest() throws {
        let digest = try SHA256.digest(of: "abc".utf8)
        #expect(SHA256Digest(hex: digest.hex) == digest)
        #expect(digest.hex.count == 64 && "\(digest)" == digest.hex)
        #expect(SHA256Digest(hex: digest.hex.dropLast(2)) == nil)
        #expect(SHA256Digest(hex: "../../../../etc/passwd") == nil)
        #expect(SHA256Digest(bytes: digest.bytes + [0]) == nil)
    }
}
