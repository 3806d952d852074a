import Files
import Glibc
import Messages
import TestSupport
import Testing
import Transport

@testable import postroad

/// Makes a certificate in a folder, as the verb does.
func makeCertificate(in folder: String, named name: String = "test.example", days: Int = 30) throws {
    let made = try TLSCertificate.selfSigned(names: [name, "127.0.0.1"], validFor: .seconds(days * 86_400))
    try FileSystem.posix.write(Array(made.certificate.utf8), to: FilePath("\(folder)/chain.pem"))
    try FileSystem.posix.write(Array(made.key.utf8), to: FilePath("\(folder)/key.pem"))
}

@Suite struct CertificateVerbsTests {
    @Test("a certificate is made for names, and the lines that the configuration needs are told")
    func making() async throws {
        try await withTemporaryFolder { folder in
            let run = await CommandLineRun(
                ["cert", "self-signed", "--name", "post.example", "--name", "192.0.2.7", "--days", "30", "--config"]
                    + ["\(folder)/routes.yaml"])
            #expect(run.code == .good, "\(run.notes)")
            #expect(run.answer.contains("for        post.example, 192.0.2.7"))
            #expect(run.answer.contains("certificates: {chain: tls/chain.pem, key: tls/key.pem}"))
            var facts = stat()
            for name in ["tls/key.pem", "tls/chain.pem"] {
                #expect(stat("\(folder)/\(name)", &facts) == 0)
                #expect(facts.st_mode & 0o777 == 0o600)
            }
            let shown = await CommandLineRun(["cert", "show", "\(folder)/tls/chain.pem"])
            #expect(shown.code == .good)
            #expect(run.answer.hasPrefix(shown.answer))
            let json = try await CommandLineRun(["cert", "show", "\(folder)/tls/chain.pem", "--json"]).json()
            let certificate = try #require(json["certificates"]?.array?.first)
            #expect(certificate["names"] == ["post.example"])
            #expect(certificate["addresses"] == ["192.0.2.7"])
        }
    }

    @Test("a certificate that is there is replaced only on demand")
    func replacing() async throws {
        try await withTemporaryFolder { folder in
            let words = ["cert", "self-signed", "--out", folder]
            #expect(await CommandLineRun(words).code == .good)
            let key = try FileSystem.posix.readText(FilePath("\(folder)/key.pem"), limit: 1 << 20)
            let again = await CommandLineRun(words)
            #expect(again.code == .badInput)
            #expect(again.notes.contains("chain.pem is there already; --force replaces it"))
            #expect(try FileSystem.posix.readText(FilePath("\(folder)/key.pem"), limit: 1 << 20) == key)
            #expect(await CommandLineRun(words + ["--force"]).code == .good)
            #expect(try FileSystem.posix.readText(FilePath("\(folder)/key.pem"), limit: 1 << 20) != key)
        }
    }

    static let refusals: [([String], ExitCode, String)] = [
        (["self-signed", "--name", "a b"], .badInput, "\"a b\" is no DNS name and no IP address"),
        (["self-signed", "--days", "0"], .wrongUsage, "--days takes a number from 1 to 3650"),
        (["show", "nothing.pem"], .badInput, "cannot read nothing.pem"),
        (["show", "/dev/null"], .badInput, "/dev/null holds no certificate"),
        (["make"], .wrongUsage, "expected one of self-signed, show"),
    ]

    @Test("what cannot be done is told", arguments: refusals)
    func refused(words: [String], code: ExitCode, text: String) async throws {
        try await withTemporaryFolder { folder in
            let run = await CommandLineRun(
                ["cert"] + words + (words[0] == "make" ? [] : ["--config", "\(folder)/a.yaml"]))
            #expect(run.code == code)
            #expect(run.notes.contains(text), "\(run.notes)")
        }
    }
}

@Suite struct CertificateCheckTests {
    private static func file(_ tls: String) -> String {
        "router:\n  listen: {https: \"127.0.0.1:0\"}\n  tls:\n    \(tls)\nmailboxes: {inbox: {adapter: inbox}}\n"
    }

    private static let pair = "certificates: {chain: chain.pem, key: key.pem}"

    static let faults: [(String, String, String)] = [
        (pair, "rm chain.pem", "routes.yaml:4:27: router.tls.certificates.chain: cannot read"),
        (pair, "rm key.pem", "routes.yaml:4:43: router.tls.certificates.key: cannot read"),
        (pair, "other key", "routes.yaml:4:43: router.tls.certificates.key: the private key in"),
        (pair, "damage", "routes.yaml:4:27: router.tls.certificates.chain:"),
        ("certificates: [{chain: chain.pem, key: chain.pem}]", "", ".certificates[0].key: "),
        (
            pair + "\n    client_certificates: require\n    client_ca: none.pem", "",
            "routes.yaml:6:16: router.tls.client_ca: cannot read"
        ),
    ]

    @Test("a file that cannot be used is told with the place that names it, by check and by serve", arguments: faults)
    func faulty(tls: String, change: String, text: String) async throws {
        try await withTemporaryFolder { folder in
            try makeCertificate(in: folder)
            switch change {
            case "rm chain.pem": unlink("\(folder)/chain.pem")
            case "rm key.pem": unlink("\(folder)/key.pem")
            case "other key":
                let other = try TLSCertificate.selfSigned(names: ["other.example"])
                try FileSystem.posix.write(Array(other.key.utf8), to: FilePath("\(folder)/key.pem"))
            case "damage":
                let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
                try FileSystem.posix.write(Array(damaged.utf8), to: FilePath("\(folder)/chain.pem"))
            default: break
            }
            let path = "\(folder)/routes.yaml"
            try FileSystem.posix.write(Array(Self.file(tls).utf8), to: FilePath(path))
            let check = await CommandLineRun(["check", path])
            #expect(check.code == .badInput)
            #expect(check.answer.contains(text), "\(check.answer)")
            #expect(check.notes == "\(path): 1 error\n")
            let serve = await CommandLineRun(["serve", "--config", path])
            #expect(serve.code == .badInput)
            #expect(serve.notes.contains(text), "\(serve.notes)")
        }
    }

    @Test("a certificate that soon runs out, and a key that others can read, are warnings")
    func warnings() async throws {
        try await withTemporaryFolder { folder in
            try makeCertificate(in: folder, days: 3)
            chmod("\(folder)/key.pem", 0o644)
            let path = "\(folder)/routes.yaml"
            try FileSystem.posix.write(Array(Self.file(Self.pair).utf8), to: FilePath(path))
            let check = await CommandLineRun(["check", path])
            #expect(check.code == .good, "\(check.answer)")
            #expect(
                check.answer.contains("routes.yaml:4:27: warning: router.tls.certificates.chain: the certificate in"))
            #expect(check.answer.contains("routes.yaml:4:43: warning: router.tls.certificates.key: everybody"))
        }
    }
}
