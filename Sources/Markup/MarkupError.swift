/// What keeps a document from being read at all; lesser faults are mended and kept as a ``MarkupFault``.
public enum MarkupError: Error, Sendable, Hashable {
    /// The document has more bytes than the limit.
    case tooLarge(bytes: Int, limit: Int)
    /// Elements are nested more deeply than the limit, first in this line.
    case tooDeep(line: Int, limit: Int)
    /// The document has more elements, attributes and texts than the limit, the first beyond it in this line.
    case tooMany(line: Int, limit: Int)
    /// There is no element in the document; `fault` is the first thing that was wrong with it.
    case noElement(fault: MarkupFault?)
    /// The parser could not be set up, for want of memory.
    case unavailable
}

extension MarkupError: CustomStringConvertible {
    /// What is wrong, where, and what the limit is.
    public var description: String {
        switch self {
        case .tooLarge(let bytes, let limit): "the document has \(bytes) bytes, more than the \(limit) that are read"
        case .tooDeep(let line, let limit): "line \(line): elements are nested more than \(limit) deep"
        case .tooMany(let line, let limit): "line \(line): the document has more than \(limit) elements and texts"
        case .noElement(let fault?): "the document has no XML element; \(fault)"
        case .noElement(nil): "the document has no XML element: it is empty or plain text"
        case .unavailable: "the XML parser could not be started: out of memory"
        }
    }
}

/// Something wrong with a document that was read all the same.
public struct MarkupFault: Sendable, Hashable, CustomStringConvertible {
    /// The line it is in, from 1.
    public let line: Int
    /// What is wrong, in one line.
    public let message: String

    /// Creates a fault.
    public init(line: Int, message: String) {
        self.line = line
        self.message = message
    }

    /// The line and the message.
    public var description: String { "line \(line): \(message)" }
}

/// How much of a document is read.
public struct MarkupLimits: Sendable, Hashable {
    /// The largest document, in bytes.
    public var bytes: Int
    /// How deeply elements may be nested.
    public var depth: Int
    /// How many elements, attributes and texts there may be.
    public var nodes: Int

    /// Creates limits: 10 MiB, 128 levels and 400,000 nodes unless told otherwise.
    public init(bytes: Int = 10 << 20, depth: Int = 128, nodes: Int = 400_000) {
        self.bytes = bytes
        self.depth = depth
        self.nodes = nodes
    }
}
