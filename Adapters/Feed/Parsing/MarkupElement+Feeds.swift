import Markup

extension MarkupElement {
    /// The element as HTML has it: without namespaces, and without its own name, which is the feed's.
    var withoutNames: MarkupElement {
        var copy = self
        copy.name = "div"
        copy.namespace = ""
        return copy
    }

    /// The element and all in it that has no namespace, put into a vocabulary's first.
    func inNamespace(of vocabulary: FeedNamespace) -> MarkupElement {
        var copy = self
        if copy.namespace.isEmpty, !copy.name.contains(":") { copy.namespace = vocabulary.uri }
        copy.children = children.map { node in
            if case .element(let element) = node { .element(element.inNamespace(of: vocabulary)) } else { node }
        }
        return copy
    }
}
