import Crypto
import Testing

@Suite struct Ed25519Tests {
    private static let seed = "9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5"

    @Test("the RFC 9421 test key has its published public half")
    func publicHalf() throws {
        let key = try Ed25519PrivateKey(seed: Hex.decode(Self.seed))
        #expect(
            Hex.encode(key.publicKey.bytes) == "26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb")
        #expect("\(key.publicKey)" == "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")
    }

    @Test("known signatures are made and checked", arguments: SignatureVector.all)
    func vectors(vector: SignatureVector) throws {
        let key = try Ed25519PrivateKey(seed: Hex.decode(Self.seed))
        let signature = try key.signature(for: vector.message.utf8)
        #expect(Base64.standard.encode(signature) == vector.signature)
        #expect(try key.publicKey.isValid(signature, for: vector.message.utf8))
        #expect(try !key.publicKey.isValid(signature, for: (vector.message + " ").utf8))
    }

    @Test("a changed or cut signature is not valid, and leaves no error behind")
    func invalid() throws {
        let key = try Ed25519PrivateKey(random: SecureRandom())
        let signature = try key.signature(for: [1, 2])
        var changed = signature
        changed[0] ^= 1
        #expect(try !key.publicKey.isValid(changed, for: [1, 2]))
        #expect(try !key.publicKey.isValid(signature.dropLast(), for: [1, 2]))
        #expect(try !key.publicKey.isValid([], for: [1, 2]))
        #expect(try key.publicKey.isValid(signature, for: [1, 2]))
    }

    @Test("the signature of another key is not valid")
    func otherKey() throws {
        let signature = try Ed25519PrivateKey(random: SecureRandom()).signature(for: [1])
        #expect(try !Ed25519PrivateKey(random: SecureRandom()).publicKey.isValid(signature, for: [1]))
    }

    @Test("a key of another length is refused", arguments: [0, 31, 33, 64])
    func length(count: Int) {
        let bytes = [UInt8](repeating: 1, count: count)
        #expect(throws: CryptoError.badKey(kind: "Ed25519", reason: "it has \(count) bytes instead of 32")) {
            try Ed25519PrivateKey(seed: bytes)
        }
        #expect(throws: CryptoError.self) { try Ed25519PublicKey(bytes: bytes) }
    }

    @Test("a seed is in no description and no dump, and is given out when asked for")
    func secrecy() throws {
        let key = try Ed25519PrivateKey(seed: [UInt8](repeating: 77, count: 32))
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("- 77\n") && !"\(key)".contains("77, 77"))
        #expect(key.withSeed { $0 } == [UInt8](repeating: 77, count: 32))
    }
}

/// A message and its signature by the test key of RFC 9421, Appendix B.1.4.
struct SignatureVector: Sendable, CustomTestStringConvertible {
    let name: String
    let message: String
    let signature: String

    var testDescription: String { name }

    private static let own = """
        "@method": POST
        "@target-uri": https://b.example/fed/inbox?x=1
        "content-digest": sha-256=:tZwBKXyY1TWteDdXvxolK3rrhe9Yo3GovfmaF76ov5U=:
        "content-type": application/json
        "@signature-params": ("@method" "@target-uri" "content-digest" "content-type");created=1700000000;
        """

    static let all = [
        SignatureVector(
            name: "Standard Webhooks v1a",
            message: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W.1674087231."
                + #"{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","#
                + #""data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}"#,
            signature: "H/ruiFoVL/xZFoynRjwaOUMSVrHCGVG9wd5/W90ARzsuxTtLuOCX/ixgFo0aSEUfF3K36reaSvtqQFVDZG+wDg=="),
        SignatureVector(
            name: "RFC 9421 B.2.6",
            message: """
                "date": Tue, 20 Apr 2021 02:07:55 GMT
                "@method": POST
                "@path": /foo
                "@authority": example.com
                "content-type": application/json
                "content-length": 18
                "@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");\
                created=1618884473;keyid="test-key-ed25519"
                """,
            signature: "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="),
        SignatureVector(
            name: "federation",
            message: own + #"nonce="n-1";keyid="https://a.example/keys/1#main";alg="ed25519";tag="router-fed""#,
            signature: "CFNXn0aMeyTHQXZymjkwDVecjXZU/X50UVUXzeUkj51a2t/c/Z0NHF2BzbUliW9vTHeRplk+8PrSc+4CYYXOBg=="),
        SignatureVector(
            name: "federation that expires",
            message: own + #"expires=1700000300;nonce="n-1";keyid="https://a.example/keys/1#main";"#
                + #"alg="ed25519";tag="router-fed""#,
            signature: "HQpamh4c6wbIsC4rCQ+oQi1a/sg9voIMzDhDDQYaRG4rkBy5wI+kfVpVKx29pX9CJLlRTplVsfqIaMggrRkhAA=="),
    ]
}
