/// Builds nodes from events, and refuses what is too deep, too much or not one document.
///
/// The tree is built on a stack of open collections instead of by recursion, so the depth of a file is no depth of
/// ours. An anchor remembers how many nodes it stands for and how deep it goes: ten lines of aliases of aliases are
/// counted, not built.
struct YAMLComposer {
    private var source: YAMLSource
    private let file: String
    private let limits: YAMLLimits
    private(set) var diagnostics = Diagnostics()

    private var open: [YAMLCollection] = []
    private var anchors: [String: YAMLMeasured] = [:]
    private var nodeCount = 0
    private var root: YAMLNode?

    init(source: YAMLSource, file: String, limits: YAMLLimits) {
        self.source = source
        self.file = file
        self.limits = limits
    }

    /// Reads the one document; `nil` when it cannot be read.
    mutating func document() -> YAMLNode? {
        if let offset = source.firstInvalidByte {
            report(.notUTF8, at: source.place(offset: offset))
            return nil
        }
        do {
            let events = try YAMLEvents(source.bytes)
            var documents = 0
            while true {
                let event = try events.next()
                switch event.kind {
                case .streamEnd:
                    return root ?? YAMLNode(.scalar(YAMLScalar("")), at: position((0, 0)))
                case .documentStart:
                    documents += 1
                    guard documents == 1 else {
                        report(.severalDocuments, at: event.start)
                        return nil
                    }
                default:
                    guard take(event) else { return nil }
                }
            }
        } catch {
            report(error)
            return nil
        }
    }

    /// Takes an event in; `false` when reading must end here.
    private mutating func take(_ event: YAMLEvent) -> Bool {
        switch event.kind {
        case .sequenceStart, .mappingStart:
            guard open.count < limits.depth else {
                report(.tooDeep(limit: limits.depth), at: event.start)
                return false
            }
            open.append(YAMLCollection(event, at: position(event.start), nodesBefore: nodeCount))
            return count(1, at: event.start)
        case .sequenceEnd, .mappingEnd:
            guard let collection = open.popLast() else { return false }
            finish(collection)
            return true
        case .scalar(let text, let isPlain):
            let node = scalar(text, isPlain: isPlain, event)
            attach(YAMLMeasured(node: node, count: 1, height: 0), anchor: event.anchor)
            return count(1, at: event.start)
        case .alias(let name):
            return expand(name, event)
        case .streamStart, .streamEnd, .documentStart, .documentEnd:
            return true
        }
    }

    private mutating func finish(_ collection: YAMLCollection) {
        let node = YAMLNode(collection.content, at: collection.position)
        if let tag = collection.tag, let fault = YAMLTag.check(tag, node) { report(fault, at: collection.position) }
        let measured = YAMLMeasured(
            node: node, count: nodeCount - collection.nodesBefore, height: collection.height + 1)
        attach(measured, anchor: collection.anchor)
    }

    private mutating func scalar(_ text: String, isPlain: Bool, _ event: YAMLEvent) -> YAMLNode {
        let isText = !isPlain || event.tag == "!" || event.tag == YAMLTag.string
        var scalar = YAMLScalar(text, style: isText ? .quoted : .plain)
        if text.contains("${") {
            let markers = source.markers(from: event.start, to: event.end)
            scalar.markers = markers.map { position($0) }
        }
        let node = YAMLNode(.scalar(scalar), at: position(event.start))
        if let tag = event.tag, let fault = YAMLTag.check(tag, node) { report(fault, at: event.start) }
        return node
    }

    private mutating func expand(_ name: String, _ event: YAMLEvent) -> Bool {
        guard var measured = anchors[name] else {
            let isOpen = open.contains { $0.anchor == name }
            report(isOpen ? .aliasInsideItself(name) : .unknownAnchor(name), at: event.start)
            attach(
                YAMLMeasured(node: YAMLNode(.scalar(YAMLScalar("")), at: position(event.start)), count: 1, height: 0))
            return count(1, at: event.start)
        }
        guard open.count + measured.height <= limits.depth else {
            report(.tooDeep(limit: limits.depth), at: event.start)
            return false
        }
        guard count(measured.count, at: event.start) else { return false }
        measured.node.position = position(event.start)
        attach(measured)
        return true
    }

    /// Counts nodes; `false` when there are too many.
    private mutating func count(_ nodes: Int, at place: (line: Int, column: Int)) -> Bool {
        nodeCount += nodes
        guard nodeCount > limits.nodes else { return true }
        report(.tooManyNodes(limit: limits.nodes), at: place)
        return false
    }

    /// Puts a finished node where it belongs.
    private mutating func attach(_ measured: YAMLMeasured, anchor: String? = nil) {
        if let anchor { anchors[anchor] = measured }
        if open.isEmpty {
            root = measured.node
        } else if let (fault, position) = open[open.count - 1].add(measured) {
            report(fault, at: position)
        }
    }

    // MARK: Reports

    private func position(_ place: (line: Int, column: Int)) -> SourcePosition {
        SourcePosition(file: file, line: place.line + 1, column: place.column + 1)
    }

    private mutating func report(_ fault: YAMLFault, at place: (line: Int, column: Int)) {
        report(fault, at: position(place))
    }

    private mutating func report(_ fault: YAMLFault, at position: SourcePosition) {
        // Where the structure itself is broken, a key path would only be a guess.
        let path = fault.isStructural ? [] : open.compactMap(\.step)
        diagnostics.error(fault.message, at: position, keyPath: NodePath(path))
    }

    private mutating func report(_ error: YAMLSyntaxError) {
        let place = error.mark ?? source.place(offset: error.offset)
        let spot = source.spot(at: place)
        report(.syntax(problem: error.problem, context: error.context, at: spot), at: place)
    }
}

/// A node with its size: how many nodes it stands for, and how many levels of collections.
struct YAMLMeasured {
    var node: YAMLNode
    var count: Int
    var height: Int
}
