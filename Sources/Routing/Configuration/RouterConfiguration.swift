public import Configuration
public import Stages

/// All of routes.yaml, checked: what the router is started and reloaded with.
public struct RouterConfiguration: Sendable {
    /// The router's own settings.
    public var router: RouterSettings
    /// The mailboxes in the order of the file; the built-in `local` last, unless the file declares it.
    public var mailboxes: [MailboxConfiguration]
    /// The table.
    public var table: RouteTable
    /// The cases of the file.
    public var tests: [RouteTest]
    /// The files that were read; a change of one is a reason to reload.
    public var files: [String]
    /// The patterns of includes; a new file that matches one is a reason to reload.
    public var includePatterns: [String]

    /// The keys that routes.yaml has at its top, as the loader wants them.
    public static var topLevelKeys: [String] { RouterSchema.top.settings.map(\.name) }

    /// The mailbox of this name.
    public subscript(mailbox name: String) -> MailboxConfiguration? { mailboxes.first { $0.name == name } }

    /// Loads and checks a file with all that it includes.
    ///
    /// Blocks on the disk, never on the network. Nothing stops at the first fault; with an error among the diagnostics
    /// there is no configuration, with warnings alone there is.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - loader: reads it; made with ``topLevelKeys``.
    ///   - adapters: the adapters that mailboxes can have.
    ///   - hostName: the router's name unless the file gives one.
    ///   - stages: the stages that routes can have.
    /// - Returns: the configuration unless something is wrong, and everything that is wrong or doubtful.
    public static func load(
        _ path: String, loader: ConfigurationLoader, adapters: [AdapterDescription], hostName: String,
        stages: StageRegistry = .standard
    ) -> (RouterConfiguration?, [Diagnostic]) {
        read(loader.load(path), path: path, adapters: adapters, hostName: hostName, stages: stages)
    }

    /// Checks a file that was loaded; see ``load(_:loader:adapters:hostName:stages:)``.
    public static func read(
        _ loaded: LoadedConfiguration, path: String, adapters: [AdapterDescription], hostName: String,
        stages: StageRegistry = .standard
    ) -> (RouterConfiguration?, [Diagnostic]) {
        guard let node = loaded.node else { return (nil, loaded.diagnostics.all) }
        var reader = ConfigurationReader(
            adapters: adapters, registry: stages, hostName: hostName,
            folder: SourcePosition(file: path, line: 1, column: 1).folder, namedFiles: loaded.namedFiles,
            diagnostics: loaded.diagnostics)
        var configuration = reader.read(node)
        configuration?.files = loaded.files + loaded.namedFiles.paths
        configuration?.includePatterns = loaded.patterns
        return (reader.diagnostics.hasErrors ? nil : configuration, reader.diagnostics.all)
    }
}
