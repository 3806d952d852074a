/// Builds a tree of elements from a parser's events, within limits.
///
/// A class, because a C parser's callbacks reach it through a pointer.
final class MarkupTreeBuilder {
    /// What to do with elements that are nested too deeply.
    enum DepthPolicy {
        /// Nothing more is read, and the document is refused.
        case refuse
        /// Their texts go to the deepest element that is kept.
        case flatten
    }

    private let limits: MarkupLimits
    private let policy: DepthPolicy
    private var open: [MarkupElement] = []
    private var pending: [UInt8] = []
    /// Elements that were opened beyond the limit and are not kept.
    private var flattened = 0
    private var nodes = 0

    /// The first outermost element that was closed.
    private(set) var root: MarkupElement?
    /// Why nothing more is read.
    private(set) var error: MarkupError?
    /// The first fault that the parser mended.
    private(set) var fault: MarkupFault?

    init(limits: MarkupLimits, policy: DepthPolicy) {
        self.limits = limits
        self.policy = policy
    }

    /// Whether the parser should stop.
    var isFinished: Bool { error != nil }

    func beginElement(_ name: String, namespace: String, attributes: [MarkupAttribute], line: Int) {
        guard error == nil, root == nil else { return }
        nodes += 1 + attributes.count
        guard nodes <= limits.nodes else {
            stop(.tooMany(line: line, limit: limits.nodes))
            return
        }
        guard open.count < limits.depth else {
            switch policy {
            case .refuse: stop(.tooDeep(line: line, limit: limits.depth))
            case .flatten: flattened += 1
            }
            return
        }
        flushText()
        open.append(MarkupElement(name: name, namespace: namespace, attributes: attributes, line: line))
    }

    func endElement() {
        guard error == nil else { return }
        guard flattened == 0 else {
            flattened -= 1
            return
        }
        flushText()
        guard let element = open.popLast() else { return }
        if open.isEmpty {
            root = root ?? element
        } else {
            open[open.count - 1].children.append(.element(element))
        }
    }

    func addText(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard error == nil, !open.isEmpty else { return }
        pending.append(contentsOf: bytes)
    }

    func addFault(_ fault: MarkupFault) {
        if self.fault == nil { self.fault = fault }
    }

    /// Closes what is still open, and gives the tree.
    func finish() throws(MarkupError) -> MarkupElement {
        while error == nil, !open.isEmpty {
            flattened = 0
            endElement()
        }
        if let error { throw error }
        guard let root else { throw .noElement(fault: fault) }
        return root
    }

    /// Closes what is still open and gives what was read before a limit, for those who show what there is.
    func finishPartially() -> MarkupElement? {
        error = nil
        flattened = 0
        while !open.isEmpty { endElement() }
        return root
    }

    private func flushText() {
        guard !pending.isEmpty, !open.isEmpty else { return }
        let text = String(decoding: pending, as: UTF8.self)
        pending.removeAll(keepingCapacity: true)
        nodes += 1
        open[open.count - 1].children.append(.text(text))
    }

    private func stop(_ error: MarkupError) {
        self.error = error
    }
}
