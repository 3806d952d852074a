import Markup

/// Takes the message that is answered out of a mail in HTML, by the elements that mail programs put around it.
enum HTMLQuotes {
    /// The document without quotes and, if wanted, signatures.
    static func pruned(_ element: MarkupElement, removesSignatures: Bool) -> MarkupElement {
        var pruned = element
        pruned.children = []
        for child in element.children {
            guard case .element(let inner) = child else {
                pruned.children.append(child)
                continue
            }
            // Outlook puts the rest of the mail behind this one, not into it.
            if isHistoryStart(inner) { break }
            if isQuote(inner) || removesSignatures && isSignature(inner) { continue }
            pruned.children.append(.element(Self.pruned(inner, removesSignatures: removesSignatures)))
        }
        return pruned
    }

    private static func isHistoryStart(_ element: MarkupElement) -> Bool {
        ["divRplyFwdMsg", "appendonsend", "x_divRplyFwdMsg", "x_appendonsend"].contains(element.attribute("id") ?? "")
    }

    private static func isQuote(_ element: MarkupElement) -> Bool {
        if element.name.lowercased() == "blockquote", element.attribute("type")?.lowercased() == "cite" { return true }
        let names: [Substring] = [
            "gmail_quote", "gmail_quote_container", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote",
            "zmail_extra", "tutanota_quote", "ntes_quote",
        ]
        // A mail that is passed on is the message itself.
        let classes = classes(of: element)
        return !names.allSatisfy { !classes.contains($0) } && !element.passesMailOn
    }

    private static func isSignature(_ element: MarkupElement) -> Bool {
        let classes = classes(of: element)
        return ["gmail_signature", "moz-signature", "protonmail_signature_block"].contains { classes.contains($0) }
            || element.attribute("id") == "Signature" || element.attribute("id") == "ms-outlook-mobile-signature"
    }

    private static func classes(of element: MarkupElement) -> Set<Substring> {
        Set((element.attribute("class") ?? "").split { $0.isWhitespace })
    }
}

extension MarkupElement {
    /// Whether this holds a mail that is passed on: Gmail writes that into the quote.
    fileprivate var passesMailOn: Bool {
        let beginning = HTMLText.plainText(of: self).prefix(200)
        return beginning.trimmed(while: { "- ".contains($0) }).hasPrefix("Forwarded message")
    }
}
