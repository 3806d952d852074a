import Glibc
import TestSupport
import Testing

@testable import Transport

@Suite struct TLSCertificateTests {
    private func load(_ chain: String, _ key: String) throws -> TLSServerContext {
        try TLSServerContext(
            TLSServerConfiguration(certificates: [TLSCertificate(chainFile: chain, keyFile: key)]))
    }

    /// A fault in the files of a certificate, and what is said of it; `F` stands for the folder.
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let chain: String?
        let key: String?
        let message: String
        var testDescription: String { name }
    }

    private static let table: [Fault] = [
        Fault(
            name: "no chain", chain: nil, key: "KEY",
            message: "cannot read F/chain.pem: no such file or directory; check the path and its permissions"),
        Fault(
            name: "no key", chain: "CHAIN", key: nil,
            message: "cannot read F/key.pem: no such file or directory; check the path and its permissions"),
        Fault(
            name: "empty chain", chain: "", key: "KEY",
            message: "F/chain.pem holds no certificate; it needs one in PEM form (-----BEGIN CERTIFICATE-----)"),
        Fault(
            name: "files exchanged", chain: "KEY", key: "CHAIN",
            message: "F/chain.pem holds no certificate; it needs one in PEM form (-----BEGIN CERTIFICATE-----)"),
        Fault(
            name: "no key in its file", chain: "CHAIN", key: "CHAIN",
            message: "F/key.pem holds no private key; it needs one in PEM form (-----BEGIN PRIVATE KEY-----)"),
        Fault(
            name: "key of another certificate", chain: "CHAIN", key: "OTHER",
            message: "the private key in F/key.pem is not that of the first certificate in F/chain.pem; "
                + "give files that belong together"),
        Fault(
            name: "damaged chain", chain: "CHAIN-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            key: "KEY", message: "F/chain.pem is damaged: "),
        Fault(
            name: "damaged key", chain: "CHAIN", key: "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n",
            message: "F/key.pem is damaged: "),
    ]

    @Test("a file that is wrong is named, with what is wrong and what to do", arguments: table)
    func faults(fault: Fault) async throws {
        try await withTemporaryFolder { folder in
            let (made, other) = try (makeCertificate("a"), makeCertificate("a"))
            let fill = { (text: String) in
                text == "KEY"
                    ? made.key
                    : text == "OTHER"
                        ? other.key
                        : text.hasPrefix("CHAIN")
                            ? made.certificate + text.dropFirst(5) : text
            }
            if let chain = fault.chain { try write(fill(chain), to: "\(folder)/chain.pem") }
            if let key = fault.key { try write(fill(key), to: "\(folder)/key.pem") }
            let error = #expect(throws: TLSError.self) { try self.load("\(folder)/chain.pem", "\(folder)/key.pem") }
            let message = (error?.description ?? "").split(separator: folder, omittingEmptySubsequences: false)
            #expect(message.joined(separator: "F").hasPrefix(fault.message))
        }
    }

    @Test("a key with a passphrase is refused without asking for it")
    func encrypted() async throws {
        try await withTemporaryFolder { folder in
            let made = try makeCertificate("a")
            try write(made.certificate, to: "\(folder)/chain.pem")
            try write(made.key, to: "\(folder)/plain.pem")
            let said = try await shell(
                "openssl pkey -in \(folder)/plain.pem -aes256 -passout pass:secret -out \(folder)/key.pem")
            #expect(said == "")
            #expect(throws: TLSError.encryptedKey(source: "\(folder)/key.pem")) {
                try self.load("\(folder)/chain.pem", "\(folder)/key.pem")
            }
        }
    }

    @Test("a server without a certificate is none")
    func none() {
        #expect(throws: TLSError.noCertificates) { try TLSServerContext(TLSServerConfiguration(certificates: [])) }
    }

    @Test("a file of another kind is refused before it is read whole", arguments: ["/dev/zero", "/"])
    func endless(path: String) throws {
        #expect(throws: TLSError.self) { try self.load(path, path) }
    }

    private static let time: Int64 = 1_900_000_000
    private static let day: Int64 = 86_400

    @Test(
        "what runs out is told, and works",
        arguments: [
            (-day, ["the certificate in the given text is valid only from Sun, 17 Mar 2030 17:46:40 GMT"]), (0, []),
            (15 * day, []), (20 * day, ["the certificate in the given text expires on Tue, 16 Apr 2030 17:46:40 GMT"]),
            (31 * day, ["the certificate in the given text expired on Tue, 16 Apr 2030 17:46:40 GMT"]),
        ] as [(Int64, [String])])
    func expiry(after: Int64, warnings: [String]) throws {
        let made = try TLSCertificate.selfSigned(
            names: ["a"], validFor: .seconds(30 * Self.day), now: Self.time)
        let context = try TLSServerContext(
            TLSServerConfiguration(certificates: [TLSCertificate(made)], currentTime: { Self.time + after }))
        #expect(context.warnings.map { String($0.description.prefix { $0 != ";" }) } == warnings)
    }

    @Test("a key that everybody may read is told", arguments: [(0o600, false), (0o640, false), (0o644, true)])
    func exposed(mode: Int, isTold: Bool) async throws {
        try await withTemporaryFolder { folder in
            let made = try makeCertificate("a")
            try write(made.certificate, to: "\(folder)/chain.pem", mode: 0o644)
            try write(made.key, to: "\(folder)/key.pem", mode: mode_t(mode))
            let warnings = try self.load("\(folder)/chain.pem", "\(folder)/key.pem").warnings
            #expect(warnings == (isTold ? [.keyExposed(file: "\(folder)/key.pem")] : []))
        }
    }

    @Test("neither a description nor a dump shows the key")
    func secret() throws {
        let made = try makeCertificate("a")
        var text = "\(TLSCertificate(made))"
        dump(TLSCertificate(made), to: &text)
        #expect(text.hasPrefix("certificate given as text"))
        #expect(!text.contains("PRIVATE KEY"))
    }
}

@Suite struct SelfSignedTests {
    @Test("OpenSSL finds what was asked for in it")
    func content() async throws {
        try await withTemporaryFolder { folder in
            let made = try TLSCertificate.selfSigned(
                names: ["Mail.Example.org", "*.example.org", "192.0.2.1", "2001:db8::1"],
                validFor: .seconds(90 * 86_400), now: 1_900_000_000)
            try write(made.certificate, to: "\(folder)/c.pem")
            try write(made.key, to: "\(folder)/k.pem")
            let text = try await shell(
                "openssl x509 -in \(folder)/c.pem -noout -text; openssl pkey -in \(folder)/k.pem -check")
            for expected in [
                "Signature Algorithm: ecdsa-with-SHA256", "NIST CURVE: P-256", "Subject: CN = Mail.Example.org",
                "Not Before: Mar 17 17:46:40 2030 GMT", "Not After : Jun 15 17:46:40 2030 GMT", "CA:FALSE",
                "DNS:Mail.Example.org, DNS:*.example.org, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1",
                "TLS Web Server Authentication, TLS Web Client Authentication", "Key is valid",
            ] { #expect(text.contains(expected)) }
            #expect(made.facts.names == ["mail.example.org", "*.example.org"])
            #expect(made.facts.addresses == ["192.0.2.1", "2001:db8::1"])
        }
    }

    @Test(
        "what is no name is refused",
        arguments: [
            [], [""], ["a,DNS:b"], ["a b"], ["-a"], ["a-"], ["a..b"], ["*"], ["a.*"], ["fe80::1%2"], ["ü"],
            [String(repeating: "a", count: 64)], ["a", "b\n"],
        ])
    func badNames(names: [String]) throws {
        #expect(throws: TLSError.badName(names.last ?? "")) { try TLSCertificate.selfSigned(names: names) }
    }
}
