/// A strong entity tag (RFC 9110 §8.8.3): two representations with the same one are the same, byte for byte.
public struct EntityTag: Sendable, Hashable {
    /// The tag with its quotes.
    public let text: String

    /// Creates a tag of these characters: visible ASCII without quotes; others are left out.
    public init(_ characters: String) {
        let plain = characters.utf8.filter { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
        text = "\"" + String(decoding: plain, as: UTF8.self) + "\""
    }

    /// The tag of the same content in another coding.
    func coded(_ coding: ContentCoding) -> EntityTag {
        coding == .identity ? self : EntityTag(String(text.dropFirst().dropLast()) + "-" + coding.rawValue)
    }

    /// Tells whether a list of tags, or `*`, has this one, by the strong or the weak comparison (§8.8.3.2).
    func isIn(_ values: [String], weakly: Bool) -> Bool {
        values.contains { value in
            value == "*" || Self.tags(in: value).contains { $0.text == text && (weakly || !$0.isWeak) }
        }
    }

    /// The tags of a list; commas may stand within the quotes.
    private static func tags(in value: String) -> [(text: Substring, isWeak: Bool)] {
        var tags: [(Substring, Bool)] = []
        var rest = value[...]
        while let quote = rest.firstIndex(of: "\"") {
            let inside = rest[rest.index(after: quote)...]
            guard let end = inside.firstIndex(of: "\"") else { break }
            tags.append((rest[quote...end], rest[..<quote].hasSuffix("W/")))
            rest = rest[rest.index(after: end)...]
        }
        return tags
    }
}
