/// Reads a file and everything it includes, and merges them.
///
/// Lists are appended, mappings are merged; the same key given twice is a fault that names both places. The main file
/// comes first, then the included ones in the order of the patterns and, within a pattern, of their names.
struct Includer {
    /// How many files one configuration may consist of.
    static let fileLimit = 256

    let disk: any ConfigurationDisk
    let fillIn: FillIn
    private(set) var diagnostics = Diagnostics()
    private(set) var files: [String] = []
    private(set) var patterns: [String] = []
    private var seen: Set<String> = []

    init(disk: any ConfigurationDisk, fillIn: FillIn) {
        self.disk = disk
        self.fillIn = fillIn
    }

    /// Reads the main file; `nil` if it cannot be read.
    mutating func load(_ path: String) -> YAMLNode? {
        seen.insert(Self.normalized(path))
        let top = SourcePosition(file: path, line: 1, column: 1)
        guard let mapping = read(path, for: SourcePosition(file: path, line: 0, column: 0), NodePath()) else {
            return nil
        }
        return YAMLNode(.mapping(mapping), at: top)
    }

    private mutating func read(_ path: String, for position: SourcePosition, _ keyPath: NodePath) -> YAMLMapping? {
        files.append(path)
        let bytes: [UInt8]
        do {
            bytes = try disk.read(path, limit: YAMLLimits().bytes)
        } catch {
            report(.unreadable(reason: error.description), at: position, keyPath)
            return nil
        }
        guard let node = YAMLNode.parse(bytes, file: path, diagnostics: &diagnostics) else { return nil }
        guard !node.isNull else { return YAMLMapping() }
        guard var mapping = node.mapping else {
            report(.noMapping(got: node.shortDescription), at: node.position, NodePath())
            return nil
        }
        let include = mapping["include"]
        mapping.entries.removeAll { $0.key == "include" }
        if let include { merge(include, into: &mapping) }
        return mapping
    }

    // MARK: Includes

    private mutating func merge(_ include: YAMLNode, into mapping: inout YAMLMapping) {
        let items = include.sequence ?? (include.isNull ? [] : [include])
        for (index, item) in items.enumerated() {
            let keyPath = include.sequence == nil ? "include" : NodePath([.key("include"), .index(index)])
            guard case .string(let written)? = item.scalar?.value else {
                report(.badInclude(got: item.shortDescription), at: item.position, keyPath)
                continue
            }
            guard let pattern = filledIn(written, item, keyPath) else { continue }
            for path in paths(pattern, at: item.position, keyPath) {
                add(path, at: item.position, keyPath, into: &mapping)
            }
        }
    }

    private mutating func filledIn(_ text: String, _ item: YAMLNode, _ keyPath: NodePath) -> String? {
        guard let pieces = fillIn.pieces(of: text) else { return text }
        var filled = ""
        for piece in pieces {
            switch piece {
            case .text(let piece), .value(let piece): filled += piece
            case .fault(let fault, let marker):
                let markers = item.scalar?.markers ?? []
                let place = markers.indices.contains(marker) ? markers[marker] : item.position
                diagnostics.error(fault.message, at: place, keyPath: keyPath, suggestion: fault.suggestion)
                return nil
            }
        }
        return filled
    }

    /// The files of a pattern; a path without `*`, `?` or `[` is itself, whether it exists or not.
    private mutating func paths(_ pattern: String, at position: SourcePosition, _ keyPath: NodePath) -> [String] {
        let full = pattern.hasPrefix("/") ? pattern : position.folder + pattern
        guard full.contains(where: { "*?[".contains($0) }) else { return [full] }
        patterns.append(full)
        do {
            // A pattern such as `*.yaml` may well match the file it stands in.
            let itself = Self.normalized(position.file)
            return try disk.paths(matching: full).filter { Self.normalized($0) != itself }
        } catch {
            report(.unreadable(reason: error.description), at: position, keyPath)
            return []
        }
    }

    private mutating func add(
        _ path: String, at position: SourcePosition, _ keyPath: NodePath, into mapping: inout YAMLMapping
    ) {
        guard seen.insert(Self.normalized(path)).inserted else {
            return report(.includedTwice(path), at: position, keyPath)
        }
        guard seen.count <= Self.fileLimit else {
            return report(.tooManyFiles(limit: Self.fileLimit), at: position, keyPath)
        }
        guard let included = read(path, for: position, keyPath) else { return }
        for entry in included.entries { merge(entry, into: &mapping) }
    }

    // MARK: Merging

    private mutating func merge(_ entry: YAMLMapping.Entry, into mapping: inout YAMLMapping) {
        guard let index = mapping.entries.firstIndex(where: { $0.key == entry.key }) else {
            return mapping.entries.append(entry)
        }
        switch (mapping.entries[index].value.content, entry.value.content) {
        case (.sequence(let first), .sequence(let second)):
            mapping.entries[index].value.content = .sequence(first + second)
        case (.mapping(let first), .mapping(let second)):
            let merged = merge(second, into: first, NodePath([.key(entry.key)]))
            mapping.entries[index].value.content = .mapping(merged)
        case _ where entry.value.isNull: break
        case _ where mapping.entries[index].value.isNull: mapping.entries[index] = entry
        default:
            report(
                .defined(key: entry.key, first: mapping.entries[index].keyPosition), at: entry.keyPosition,
                NodePath([.key(entry.key)]))
        }
    }

    private mutating func merge(_ second: YAMLMapping, into first: YAMLMapping, _ path: NodePath) -> YAMLMapping {
        var merged = first
        let known = Dictionary(first.entries.map { ($0.key, $0.keyPosition) }) { first, _ in first }
        for entry in second.entries {
            if let position = known[entry.key] {
                report(.defined(key: entry.key, first: position), at: entry.keyPosition, path.appending(entry.key))
            } else {
                merged.entries.append(entry)
            }
        }
        return merged
    }

    private mutating func report(_ fault: LoadingFault, at position: SourcePosition, _ keyPath: NodePath) {
        diagnostics.error(fault.message, at: position, keyPath: keyPath)
    }

    /// The path without `.` and, as far as the text tells, without `..`.
    private static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }
}
