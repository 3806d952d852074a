import CXML

/// Reads XML that strangers wrote: faults are mended where one can guess what was meant, and the first is kept.
///
/// There are no document types: a `<!DOCTYPE …>` is skipped, its entities are never expanded, and nothing is fetched.
/// HTML's named entities (`&nbsp;`) are known all the same, because feeds use them undeclared.
public struct XMLReader: Sendable {
    /// How much is read.
    public var limits: MarkupLimits

    /// Creates a reader.
    public init(limits: MarkupLimits = MarkupLimits()) {
        self.limits = limits
    }

    /// Reads a document from its bytes.
    ///
    /// - Parameters:
    ///   - bytes: The document in any character set.
    ///   - charset: The character set that the transport declared, as `Content-Type` has it; it goes before the one in
    ///     the document (RFC 7303 §3).
    /// - Returns: The tree, and what was wrong.
    /// - Throws: ``MarkupError`` when a limit is passed or there is no element.
    public func read(_ bytes: [UInt8], charset: String? = nil) throws(MarkupError) -> XMLDocument {
        guard bytes.count <= limits.bytes else { throw .tooLarge(bytes: bytes.count, limit: limits.bytes) }
        let decoded = CharacterDecoder.decodeXML(bytes, declared: charset)
        return try read(decoded)
    }

    /// Reads a document from text whose character set is settled.
    ///
    /// - Throws: ``MarkupError`` when a limit is passed or there is no element.
    public func read(_ text: String) throws(MarkupError) -> XMLDocument {
        try read(DecodedText(text: text, charset: "UTF-8", replaced: 0))
    }

    private func read(_ decoded: DecodedText) throws(MarkupError) -> XMLDocument {
        guard decoded.text.utf8.count <= limits.bytes * 2 else {
            throw .tooLarge(bytes: decoded.text.utf8.count, limit: limits.bytes * 2)
        }
        var mender = XMLMender(Array(decoded.text.utf8))
        mender.run()
        let parser = try XMLParser(limits: limits)
        if let fault = mender.fault { parser.builder.addFault(fault) }
        parser.parse(mender.output)
        let root = try parser.builder.finish()
        return XMLDocument(root: root, fault: parser.builder.fault, charset: decoded.charset)
    }
}

/// An XML document as it was read.
public struct XMLDocument: Sendable, Hashable {
    /// The outermost element.
    public let root: MarkupElement
    /// The first fault that was mended; `nil` for a document that is well-formed or nearly.
    public let fault: MarkupFault?
    /// The character set the document was in.
    public let charset: String

    /// Creates a document.
    public init(root: MarkupElement, fault: MarkupFault?, charset: String) {
        self.root = root
        self.fault = fault
        self.charset = charset
    }
}
