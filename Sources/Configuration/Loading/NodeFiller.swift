/// Goes through a tree and fills in `${…}` and `{file: …}`.
///
/// What `{file: path}` means is only known where the value is decoded, for a mapping may as well have a key of that
/// name. So the file is read here, once, and its contents lie beside the mapping; that it cannot be read is reported
/// where it is needed.
struct NodeFiller {
    /// The largest file that is read, as a list of lines: 16 MiB.
    static let fileLimit = 16 << 20

    let fillIn: FillIn
    let disk: any ConfigurationDisk
    var diagnostics = Diagnostics()
    /// The files that were read for `{file: …}`, with what came of it.
    private(set) var files: [String: FileFillIn] = [:]

    init(environment: [String: String], disk: any ConfigurationDisk) {
        self.fillIn = FillIn(environment: environment)
        self.disk = disk
    }

    /// Fills in a node and everything in it.
    mutating func fill(_ node: inout YAMLNode, at path: NodePath) {
        switch node.content {
        case .scalar(var scalar):
            // A value from the environment is taken as it is.
            guard !node.position.isEnvironment, let pieces = fillIn.pieces(of: scalar.text) else { return }
            fill(&scalar, pieces, at: node.position, path)
            node.content = .scalar(scalar)
        case .sequence(var items):
            for index in items.indices { fill(&items[index], at: path.appending(index)) }
            node.content = .sequence(items)
        case .mapping(var mapping):
            for index in mapping.entries.indices {
                fill(&mapping.entries[index].value, at: path.appending(mapping.entries[index].key))
            }
            mapping.fileFillIn = contents(mapping)
            node.content = .mapping(mapping)
        }
    }

    private mutating func fill(
        _ scalar: inout YAMLScalar, _ pieces: [FillIn.Piece], at position: SourcePosition, _ path: NodePath
    ) {
        var text = ""
        var hasValue = false
        let written = scalar.text
        for piece in pieces {
            switch piece {
            case .text(let piece): text += piece
            case .value(let value):
                text += value
                hasValue = true
            case .fault(let fault, let marker):
                // Escapes in double quotes can hide a marker from the source; the scalar's own place is near enough
                // then.
                let place = scalar.markers.indices.contains(marker) ? scalar.markers[marker] : position
                diagnostics.error(fault.message, at: place, keyPath: path, suggestion: fault.suggestion)
                scalar.isUnresolved = true
            }
        }
        guard !scalar.isUnresolved else { return }
        scalar.text = text
        scalar.source = hasValue ? written : nil
    }

    /// What a mapping stands for if it has the form `{file: path}`.
    private mutating func contents(_ mapping: YAMLMapping) -> FileFillIn? {
        guard mapping.entries.count == 1, let entry = mapping.entries.first, entry.key == "file",
            let scalar = entry.value.scalar, !scalar.isUnresolved, !scalar.text.isEmpty
        else { return nil }
        let path = scalar.text.hasPrefix("/") ? scalar.text : entry.value.position.folder + scalar.text
        if let known = files[path] { return known }
        let fillIn = FileFillIn(path: path, contents: read(path))
        files[path] = fillIn
        return fillIn
    }

    private func read(_ path: String) -> FileFillIn.Contents {
        do {
            guard let text = String(validating: try disk.read(path, limit: Self.fileLimit), as: UTF8.self) else {
                return .failed(FillInFault.notText(path: path).message)
            }
            return .text(text)
        } catch {
            return .failed(error.description)
        }
    }
}
