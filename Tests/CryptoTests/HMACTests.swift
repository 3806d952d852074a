import Crypto
import Testing

@Suite struct HMACTests {
    @Test("Standard Webhooks: the published v1 signature holds (spec, symmetric)")
    func standardWebhook() throws {
        let key = try Base64.standard.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let message = #"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#
        let code = try HMAC(.sha256, key: key).code(for: message.utf8)
        #expect(Base64.standard.encode(code) == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("HTTP message signatures: B.2.5 holds (RFC 9421)")
    func httpSignature() throws {
        let key = try Base64.standard.decode(
            "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==")
        let base = """
            "date": Tue, 20 Apr 2021 02:07:55 GMT
            "@authority": example.com
            "content-type": application/json
            "@signature-params": ("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"
            """
        let code = try HMAC(.sha256, key: key).code(for: base.utf8)
        #expect(Base64.standard.encode(code) == "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=")
    }

    @Test(
        "WebSub signatures hold in all four functions",
        arguments: [
            (HashFunction.sha256, "4c2e585c6c7c4d33d72a7b8bd87433dc2bcb255e1a6e253ab84227c34df0d96b"),
            (.sha1, "1100a088d83ac1e1d1a8f9b86c3762214e85abb7"),
            (
                .sha384,
                "191aba443f530e49aaa34dc267f2ba04f901cbfd9641d6bda9874d9c0e9a9d002468029b04068f401f67027032dff9c5"
            ),
            (
                .sha512,
                "8859ee73744d570f00eccc9ece75e89b62a9580d49c7cd5fbedb7ab411e50dea"
                    + "8cf7478fbda80e14d47b6345cb2b5a291ae35d28d8b2ea9fa3ecce74356f8e1c"
            ),
        ])
    func webSub(function: HashFunction, expected: String) throws {
        let hmac = try HMAC(function, key: "websub-secret".utf8)
        #expect(Hex.encode(try hmac.code(for: "<feed/>".utf8)) == expected)
        #expect(try hmac.isValid(Hex.decode(expected), for: "<feed/>".utf8))
    }

    @Test("a changed, cut, lengthened or empty code is not valid")
    func invalid() throws {
        let hmac = try HMAC(.sha256, key: [1])
        let code = try hmac.code(for: [2, 3])
        #expect(try !hmac.isValid(code, for: [2, 4]))
        #expect(try !hmac.isValid(code.dropLast(), for: [2, 3]))
        #expect(try !hmac.isValid(code + [0], for: [2, 3]))
        #expect(try !hmac.isValid([], for: [2, 3]))
        var changed = code
        changed[31] ^= 1
        #expect(try !hmac.isValid(changed, for: [2, 3]))
    }

    @Test("an empty key is refused: anybody could sign with it")
    func emptyKey() {
        #expect(throws: CryptoError.badKey(kind: "HMAC", reason: "it is empty; is the secret set?")) {
            try HMAC(.sha256, key: [])
        }
    }

    @Test("an empty message has a code")
    func emptyMessage() throws {
        let code = try HMAC(.sha256, key: "key".utf8).code(for: [])
        #expect(Hex.encode(code) == "5d5d139563c95b5967b9bd9a8c9b233a9dedb45072794cd232dc1b74832607d0")
    }

    @Test("a key is in no description and no dump")
    func secrecy() throws {
        let hmac = try HMAC(.sha256, key: "hunter2".utf8)
        var dumped = ""
        dump(hmac, to: &dumped)
        #expect("\(hmac)" == "HMAC-sha256(***)")
        #expect(!dumped.contains("104") && !"\(hmac as Any)".contains("104"))
    }

    @Test("secrets are equal only byte for byte")
    func constantTime() {
        #expect(constantTimeEquals([1, 2], [1, 2]))
        #expect(!constantTimeEquals([1, 2], [1, 3]))
        #expect(!constantTimeEquals([1, 2], [1]))
        #expect(constantTimeEquals([UInt8](), [UInt8]()))
    }
}
