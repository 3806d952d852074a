/// Reads a configuration: the file, what it includes, what the environment overrides, and what is filled in.
///
/// Files are merged first, then variables such as `POSTROAD_MAILBOXES__WORK__TOKEN` override keys, then `${…}` and
/// `{file: …}` are filled in; an overridden value needs no variable of its own. Every node keeps the place it came
/// from.
public struct ConfigurationLoader: Sendable {
    private let environment: [String: String]
    private let disk: any ConfigurationDisk
    private let topLevelKeys: [String]

    /// Makes a loader.
    ///
    /// - Parameters:
    ///   - environment: the environment variables.
    ///   - disk: where the files are.
    ///   - topLevelKeys: the keys that a file may have at its top: what an override can begin with even if the file
    ///     lacks it.
    public init(environment: [String: String], disk: any ConfigurationDisk, topLevelKeys: [String]) {
        self.environment = environment
        self.disk = disk
        self.topLevelKeys = topLevelKeys
    }

    /// Loads a configuration.
    ///
    /// Blocks on the disk. Faults are collected; a file that cannot be read or parsed leaves nothing of its own.
    ///
    /// - Parameter path: the file; messages name it as it is given here.
    /// - Returns: the merged file with what was wrong and the files it came from.
    public func load(_ path: String) -> LoadedConfiguration {
        var filler = NodeFiller(environment: environment, disk: disk)
        var includer = Includer(disk: disk, fillIn: filler.fillIn)
        let merged = includer.load(path)
        var diagnostics = includer.diagnostics
        guard var node = merged else {
            return LoadedConfiguration(node: nil, diagnostics: diagnostics, files: includer.files)
        }
        var overrides = EnvironmentOverrides(topLevelKeys: topLevelKeys)
        overrides.apply(environment, to: &node)
        filler.fill(&node, at: NodePath())
        diagnostics.append(contentsOf: overrides.diagnostics.all)
        diagnostics.append(contentsOf: filler.diagnostics.all)
        return LoadedConfiguration(
            node: node, diagnostics: diagnostics, files: includer.files + filler.files.keys.sorted(),
            patterns: includer.patterns, namedFiles: ConfigurationFiles(disk: disk))
    }
}

/// A configuration as it was read, not yet checked against a schema.
public struct LoadedConfiguration: Sendable {
    /// The merged file, a mapping; `nil` if the file cannot be read at all.
    public var node: YAMLNode?
    /// What was wrong so far.
    public var diagnostics: Diagnostics
    /// The files that were read or tried, also those of `{file: …}`: a change of one of them is a reason to reload.
    public var files: [String]
    /// The patterns of includes: a new file that matches one is a reason to reload.
    public var patterns: [String] = []
    /// Reads the files that settings name: lists and tables.
    public var namedFiles: ConfigurationFiles = .none
}
