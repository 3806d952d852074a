import Configuration

/// Files in memory; patterns know `*` alone.
struct MemoryDisk: ConfigurationDisk {
    var files: [String: String]

    func read(_ path: String, limit: Int) throws(ConfigurationDiskError) -> [UInt8] {
        guard let text = files[path] else { throw ConfigurationDiskError("cannot open \(path): no such file") }
        guard text.utf8.count <= limit else { throw ConfigurationDiskError("cannot read \(path): it is too large") }
        return Array(text.utf8)
    }

    func paths(matching pattern: String) throws(ConfigurationDiskError) -> [String] {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        return files.keys.filter { path in
            path.hasPrefix(parts[0]) && path.hasSuffix(parts[parts.count - 1])
                && !path.dropFirst(parts[0].count).contains("/")
        }.sorted()
    }
}

/// Loads `routes.yaml` of files in memory.
func load(
    _ files: [String: String], environment: [String: String] = [:]
) -> (node: YAMLNode?, faults: [String], loaded: LoadedConfiguration) {
    let loader = ConfigurationLoader(
        environment: environment, disk: MemoryDisk(files: files),
        topLevelKeys: ["router", "mailboxes", "stages", "routes", "tests"])
    let loaded = loader.load("routes.yaml")
    return (loaded.node, loaded.diagnostics.all.map(\.description), loaded)
}

extension YAMLNode {
    /// The text of the scalar at a path.
    func text(_ path: String) -> String? { NodePath(parsing: path).flatMap { self[$0]?.scalar?.text } }
}
