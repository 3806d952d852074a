/// An element of an XML or HTML document, with all that is in it.
public struct MarkupElement: Sendable, Hashable {
    /// The name without a prefix; HTML's names are in lower case.
    public var name: String
    /// The URI of the namespace; empty for none, and in HTML.
    public var namespace: String
    /// The attributes, in document order.
    public var attributes: [MarkupAttribute]
    /// The elements and texts in it, in document order.
    public var children: [MarkupNode]
    /// The line the element begins in, from 1; 0 when it was not read from a document.
    public var line: Int

    /// Creates an element.
    public init(
        name: String, namespace: String = "", attributes: [MarkupAttribute] = [], children: [MarkupNode] = [],
        line: Int = 0
    ) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.children = children
        self.line = line
    }

    /// The value of an attribute, by its name and the URI of its namespace.
    public func attribute(_ name: String, namespace: String = "") -> String? {
        attributes.first { $0.name == name && $0.namespace == namespace }?.value
    }

    /// The child elements, in document order.
    public var elements: some Sequence<MarkupElement> {
        children.lazy.compactMap { node in
            if case .element(let element) = node { element } else { nil }
        }
    }

    /// All text in it, at any depth, as it stands in the document.
    public var text: String {
        var text = ""
        appendText(to: &text)
        return text
    }

    private func appendText(to text: inout String) {
        for child in children {
            switch child {
            case .text(let part): text += part
            case .element(let element): element.appendText(to: &text)
            }
        }
    }
}

/// What an element holds: text, CDATA included, or another element.
///
/// Comments and instructions are not kept.
public enum MarkupNode: Sendable, Hashable {
    /// A text with its entities decoded; two texts never follow one another.
    case text(String)
    /// An element.
    case element(MarkupElement)
}

/// An attribute of an element.
public struct MarkupAttribute: Sendable, Hashable {
    /// The name without a prefix.
    public var name: String
    /// The URI of the namespace; empty for none, which is usual.
    public var namespace: String
    /// The value with its entities decoded.
    public var value: String

    /// Creates an attribute.
    public init(name: String, namespace: String = "", value: String) {
        self.name = name
        self.namespace = namespace
        self.value = value
    }
}
