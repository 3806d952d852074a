import Clocks
import Files
import Glibc
import Messages
import Transport

/// The verb `postroad cert self-signed`.
enum CertificateMakingVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "cert self-signed",
        summary: "Makes a certificate that vouches for itself, to try TLS out, and says how to use it.",
        discussion: """
            It writes chain.pem and key.pem, which only you can read. Programs that do not know the certificate refuse it:
            give it to them (`curl --cacert tls/chain.pem`), or compare its fingerprint when a browser asks.
            """,
        options: [
            .init(
                name: "name", value: "NAME", prose: "a host name or an address it is for; this machine's unless given",
                isRepeated: true),
            .init(name: "days", value: "N", prose: "how long it is valid; 365 days unless given"),
            .init(name: "out", value: "FOLDER", prose: "where to; tls beside the configuration unless given"),
            .init(name: "force", prose: "replace files that are there"),
        ],
        examples: [
            .init(
                line: "postroad cert self-signed --name post.example.org --name 192.0.2.7",
                prose: "a certificate for a name and an address")
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let configuration = FilePath(arguments.configuration)
        let prefix = arguments.configuration.contains("/") ? "\(configuration.folder.text)/" : ""
        let folder = FilePath(arguments["out"] ?? "\(prefix)tls")
        let (chain, key) = (folder.appending("chain.pem"), folder.appending("key.pem"))
        let days = try arguments.integer("days", in: 1...3_650, default: 365)
        let files = FileSystem.posix
        if !arguments.has("force") {
            for path in [chain, key] where try files.exists(path) {
                throw CommandError.input("\(path.text) is there already; --force replaces it, --out writes elsewhere.")
            }
        }
        let names = arguments.all("name")
        let made = try TLSCertificate.selfSigned(
            names: names.isEmpty ? machineNames() : names, validFor: .seconds(days * 86_400),
            now: SystemClock().now.seconds)
        try files.createFolder(folder)
        try files.write(Array(made.key.utf8), to: key)
        try files.write(Array(made.certificate.utf8), to: chain)
        console.note("wrote \(chain.text) and \(key.text)")
        CertificatePrinter(console: console).print(made.facts)
        console.print()
        console.print(settings(chain, key, prefix: prefix, configuration))
        return .good
    }

    /// What makes the router use it.
    private static func settings(
        _ chain: FilePath, _ key: FilePath, prefix: String, _ configuration: FilePath
    ) -> String {
        """
        # in \(configuration.text), under router:
          listen:
            https: "127.0.0.1:8443"
          tls:
            certificates: {chain: \(quoted(chain, prefix)), key: \(quoted(key, prefix))}
        """
    }

    /// The path as the configuration writes it: relative to its own folder, or else whole.
    private static func quoted(_ path: FilePath, _ prefix: String) -> String {
        let text = path.text.hasPrefix(prefix) ? path.text.dropFirst(prefix.count) : path.fromRoot.text[...]
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isPlain ? String(text) : "\(JSON.string(String(text)))"
    }

    /// What this machine is called, by itself and by its own programs.
    private static func machineNames() -> [String] {
        let host = ConfigurationFile.hostName()
        let local = ["localhost", "127.0.0.1", "::1"]
        return host.isEmpty || local.contains(host) ? local : [host] + local
    }
}

/// The verb `postroad cert show`.
enum CertificateShowVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "cert show",
        summary: "Shows the certificates in a file: for which names, until when, their fingerprints.",
        arguments: [.init(name: "FILE", prose: "a certificate or a chain of them, as PEM")], options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let certificates = try TLSCertificateFacts.read(arguments.positionals[0])
        if arguments.has("json") {
            return console.answer(["certificates": .array(certificates.map(\.json))])
        }
        for (index, certificate) in certificates.enumerated() {
            if index > 0 { console.print() }
            CertificatePrinter(console: console).print(certificate)
        }
        return .good
    }
}

extension FilePath {
    /// The path from the root of the disk.
    fileprivate var fromRoot: FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&buffer, buffer.count) != nil else { return self }
        return relative(
            to: FilePath(String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)))
    }
}
