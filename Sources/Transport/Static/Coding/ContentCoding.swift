/// How the bytes of a representation are coded (RFC 9110 §8.4.1).
public enum ContentCoding: String, Sendable, Hashable, CaseIterable {
    /// Brotli (RFC 7932).
    case brotli = "br"
    /// Gzip (RFC 1952).
    case gzip
    /// As they are.
    case identity

    /// What the name of a file in this coding ends with; nothing for `identity`.
    var fileEnding: String {
        switch self {
        case .brotli: ".br"
        case .gzip: ".gz"
        case .identity: ""
        }
    }

    /// The best of the codings at hand for a client, by its `Accept-Encoding` (RFC 9110 §12.5.3).
    ///
    /// Of equal weights the smaller coding wins. `identity` is the answer too where a client wants nothing at hand.
    static func best(of available: [ContentCoding], for headers: HTTPFields) -> ContentCoding {
        guard headers.contains("accept-encoding") else { return .identity }
        let wishes = headers.list("accept-encoding").compactMap(wish)
        func weight(_ coding: ContentCoding) -> Int {
            if let own = wishes.last(where: { HTTPFields.isEqual($0.name, coding.rawValue) }) { return own.weight }
            if let any = wishes.last(where: { $0.name == "*" }) { return any.weight }
            return coding == .identity ? 1 : 0
        }
        var best = (coding: ContentCoding.identity, weight: weight(.identity))
        for coding in [gzip, brotli] where available.contains(coding) {
            let weight = weight(coding)
            if weight > 0, weight >= best.weight { best = (coding, weight) }
        }
        return best.coding
    }

    /// A name and its weight in thousandths; nil for what is malformed.
    private static func wish(_ text: Substring) -> (name: Substring, weight: Int)? {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmingHTTPSpace() }
        guard let name = parts.first, name == "*" || name.isHTTPToken else { return nil }
        var weight = 1_000
        for part in parts.dropFirst() where part.lowercased().hasPrefix("q=") {
            guard let value = Self.weight(part.dropFirst(2)) else { return nil }
            weight = value
        }
        return (name, weight)
    }

    /// A weight of RFC 9110 §12.4.2, `0` to `1` with up to three digits behind the point, in thousandths.
    private static func weight(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, whole == "0" || whole == "1" else { return nil }
        let digits = parts.count == 2 ? parts[1] : ""
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let padded = String(digits) + String(repeating: "0", count: 3 - digits.utf8.count)
        let value = (whole == "1" ? 1_000 : 0) + (Int(padded) ?? 0)
        return value <= 1_000 ? value : nil
    }
}
