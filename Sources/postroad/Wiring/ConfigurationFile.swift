import AdapterKit
import Configuration
import Files
import Glibc
import Messages
import Routing

/// A configuration that was loaded and has no errors.
struct ConfigurationFile: Sendable {
    /// What it says.
    let configuration: RouterConfiguration
    /// The path it was loaded from.
    let path: String
    /// Warnings.
    let warnings: [Diagnostic]

    /// Where the router keeps what.
    var paths: RouterPaths { RouterPaths(data: configuration.router.data) }

    /// The files whose change is a reason to load it again: its own, and the certificates.
    var watched: (files: [String], patterns: [String]) {
        (configuration.files + configuration.router.tls.files.map(\.text), configuration.includePatterns)
    }

    /// Loads the file that `--config` names.
    ///
    /// - Throws: ``CommandError/input(_:)`` with all that is wrong.
    static func load(_ arguments: ParsedArguments) throws(CommandError) -> ConfigurationFile {
        try load(path: arguments.configuration)
    }

    /// Loads a file.
    ///
    /// - Throws: ``CommandError/input(_:)`` with all that is wrong.
    static func load(path: String) throws(CommandError) -> ConfigurationFile {
        let (configuration, diagnostics) = read(path: path)
        guard let configuration, !diagnostics.contains(where: { $0.severity == .error }) else {
            throw .input(report(diagnostics, path: path))
        }
        return ConfigurationFile(configuration: configuration, path: path, warnings: diagnostics)
    }

    /// Loads a file, and looks at what it names, certificates say: what the router needs to run.
    ///
    /// - Throws: ``CommandError/input(_:)`` with all that is wrong.
    static func loadChecked(path: String, now: Timestamp) throws(CommandError) -> ConfigurationFile {
        let (configuration, diagnostics) = readChecked(path: path, now: now)
        guard let configuration, !diagnostics.contains(where: { $0.severity == .error }) else {
            throw .input(report(diagnostics, path: path))
        }
        return ConfigurationFile(configuration: configuration, path: path, warnings: diagnostics)
    }

    /// What a file says, as far as it can be understood, and all that is wrong with it and with what it names.
    static func readChecked(path: String, now: Timestamp) -> (RouterConfiguration?, [Diagnostic]) {
        var (configuration, diagnostics) = read(path: path)
        if let configuration {
            diagnostics += SettingsCheck.diagnostics(configuration.router, now: now)
            diagnostics.sort { $0.position < $1.position }
        }
        return (configuration, diagnostics)
    }

    /// What a file says, as far as it can be understood, and all that is wrong with it.
    static func read(path: String) -> (RouterConfiguration?, [Diagnostic]) {
        RouterConfiguration.load(
            path, loader: loader, adapters: BuiltInAdapters.descriptions, hostName: hostName())
    }

    /// What is wrong with a file that is not written yet, a line each.
    static func faults(in text: String, path: String) -> String {
        let loader = ConfigurationLoader(
            environment: [:], disk: UnwrittenFile(text: text), topLevelKeys: RouterConfiguration.topLevelKeys)
        let (_, diagnostics) = RouterConfiguration.load(
            path, loader: loader, adapters: BuiltInAdapters.descriptions, hostName: hostName())
        return diagnostics.filter { $0.severity == .error }.map { "\($0.keyPath): \($0.message)" }
            .joined(separator: "\n")
    }

    /// The file as the router sees it, merged and filled in, in which no secret can be read.
    ///
    /// - Throws: ``CommandError/input(_:)`` when the file cannot be read or has nothing at the path.
    static func masked(path: String, at key: NodePath) throws(CommandError) -> String {
        let loaded = loader.load(path)
        guard let node = loaded.node else {
            throw .input(report(loaded.diagnostics.all, path: path))
        }
        guard let part = node[key] else { throw .input("\(path): there is no \(key)") }
        let schema = RouterConfiguration.schema(of: node, adapters: BuiltInAdapters.descriptions)
        return part.yaml(maskingSecretsBy: schema, at: key)
    }

    private static var loader: ConfigurationLoader {
        ConfigurationLoader(
            environment: processEnvironment(), disk: FileSystem.posix, topLevelKeys: RouterConfiguration.topLevelKeys)
    }

    /// All that is wrong, a line each; for somebody who is in the wrong folder, what to do about it.
    static func report(_ diagnostics: [Diagnostic], path: String) -> String {
        var lines = diagnostics.map(\.description)
        if lines.isEmpty { lines = ["\(path): cannot be read"] }
        if path == "routes.yaml", !fileExists(path) {
            lines.append("There is no routes.yaml here: name one with --config, or write one with `postroad init`.")
        }
        return lines.joined(separator: "\n")
    }

    private static func fileExists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// The machine's name; what routers are called unless they are given a name.
    static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A file whose text is known before it is written.
private struct UnwrittenFile: ConfigurationDisk {
    let text: String

    func read(_ path: String, limit: Int) throws(ConfigurationDiskError) -> [UInt8] { Array(text.utf8) }

    func paths(matching pattern: String) throws(ConfigurationDiskError) -> [String] { [] }
}
