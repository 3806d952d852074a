import Testing

@testable import Crypto

/// The vectors of Standard Webhooks: the first is the one its libraries share, the second uses the key of RFC 9421 B.1.4.
@Suite struct StandardWebhookTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let secret: String
        let id: String
        let timestamp: String
        let body: String
        let signature: String
        var testDescription: String { id }

        var content: [UInt8] {
            StandardWebhookKey.signedContent(id: id, timestamp: timestamp, body: Array(body.utf8))
        }
    }

    static let shared = Vector(
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330",
        body: #"{"test": 2432232314}"#, signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    static let seed = "9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5"
    static let publicKey = "whpk_JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
    static let signed = Vector(
        secret: "whsk_" + Base64.standard.encode((try? Hex.decode(seed)) ?? []), id: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
        timestamp: "1674087231",
        body: #"{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","#
            + #""data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}"#,
        signature:
            "v1a,H/ruiFoVL/xZFoynRjwaOUMSVrHCGVG9wd5/W90ARzsuxTtLuOCX/ixgFo0aSEUfF3K36reaSvtqQFVDZG+wDg==")

    @Test("a signature is the one of the published vector", arguments: [shared, signed])
    func signs(vector: Vector) throws {
        let key = try StandardWebhookKey(parsing: vector.secret)
        #expect(try key.signature(for: vector.content) == vector.signature)
        #expect(try key.isValid(vector.signature, for: vector.content))
    }

    @Test("a signature is found among others and among versions that nobody knows")
    func findsItsOwn() throws {
        let key = try StandardWebhookKey(parsing: Self.shared.secret)
        let list = "v9,AAAA v1,\(Base64.standard.encode([UInt8](repeating: 0, count: 32))) \(Self.shared.signature)"
        #expect(try key.isValid(list, for: Self.shared.content))
    }

    @Test("a public key checks and does not sign")
    func publicKeyChecks() throws {
        let key = try StandardWebhookKey(parsing: Self.publicKey)
        #expect(try key.isValid(Self.signed.signature, for: Self.signed.content))
        #expect(!key.canSign)
        #expect(throws: CryptoError.self) { try key.signature(for: Self.signed.content) }
    }

    @Test("a private key may be followed by its public half")
    func longPrivateKey() throws {
        let long = try Hex.decode(Self.seed) + [UInt8](repeating: 7, count: 32)
        let key = try StandardWebhookKey(parsing: "whsk_" + Base64.standard.encode(long))
        #expect(try key.signature(for: Self.signed.content) == Self.signed.signature)
    }

    @Test(
        "what was changed, cut off or signed as another version is not valid",
        arguments: ["", "v1", "v1,", "v1,!!", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "v1,g0hM9SsE"])
    func refuses(signatures: String) throws {
        let key = try StandardWebhookKey(parsing: Self.shared.secret)
        #expect(try !key.isValid(signatures, for: Self.shared.content))
        #expect(try !key.isValid(Self.shared.signature, for: Self.shared.content + [0x20]))
    }

    @Test(
        "a text that is no key is refused without showing it",
        arguments: [
            "", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_!", "whsk_c2hvcnQ=", "whpk_c2hvcnQ=", "other_AAAA",
        ])
    func refusesKeys(text: String) {
        let error = #expect(throws: CryptoError.self) { try StandardWebhookKey(parsing: text) }
        #expect(error.map { !$0.description.contains("c2hvcnQ") } == true)
    }

    @Test("neither description nor dump shows a key")
    func hides() throws {
        let key = try StandardWebhookKey(parsing: Self.shared.secret)
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("MfKQ") && "\(key)" == "whsec_***")
    }
}
