/// Why a request's target is refused.
public enum HTTPTargetError: Error, Sendable, Hashable {
    /// It does not begin with a slash, and is neither `*` nor an absolute `http` URL.
    case malformed
    /// A percent sign without two hexadecimal digits, a zero byte, or bytes that are not UTF-8.
    case invalidEncoding
    /// A segment is `.` or `..`.
    case relativeSegment
}

/// Takes targets apart (RFC 9112 §3.2, RFC 3986).
enum HTTPTarget {
    /// The path and the query of a target, as they were sent; the absolute form loses its scheme and host.
    static func split(_ target: String) -> (path: Substring, query: Substring?) {
        var rest = target[...]
        if !rest.hasPrefix("/"), let scheme = rest.range(ofASCII: "://") {
            rest = rest[scheme...]
            guard let slash = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return ("/", nil) }
            rest = rest[slash...]
        }
        guard let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (rest, nil) }
        return (rest[..<mark], rest[rest.index(after: mark)...])
    }

    static func segments(of target: String) throws(HTTPTargetError) -> [String] {
        guard target != "*" else { return [] }
        let isAbsolute = target.lowercased().hasPrefix("http://") || target.lowercased().hasPrefix("https://")
        let (path, _) = split(target)
        guard target.hasPrefix("/") || isAbsolute, path.hasPrefix("/") else { throw .malformed }
        guard !target.utf8.contains(UInt8(ascii: "#")) else { throw .malformed }
        var segments: [String] = []
        for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let text = decode(segment) else { throw .invalidEncoding }
            guard text != ".", text != ".." else { throw .relativeSegment }
            segments.append(text)
        }
        // `/` has one empty segment, and `/in/` ends with one: it is the same path as `/in`.
        if segments.last == "" { segments.removeLast() }
        return segments
    }

    /// Decodes `%41`; nil for a bad escape, a zero byte, or what is not UTF-8.
    static func decode(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst()?.hexadecimalDigit, let low = rest.popFirst()?.hexadecimalDigit else {
                    return nil
                }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(byte)
            }
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    /// Decodes a name or value of a query, where a plus is a space.
    static func decodeForm(_ text: Substring) -> String {
        let spaced = text.utf8.contains(UInt8(ascii: "+")) ? String(text.map { $0 == "+" ? " " : $0 })[...] : text
        return decode(spaced) ?? String(text)
    }

    /// The name in a `Host` field without brackets, and whether what follows it is nothing or a port.
    static func hostName(_ host: String) -> (name: Substring, isValid: Bool) {
        let end: Substring.Index
        if host.hasPrefix("[") {
            guard let bracket = host.firstIndex(of: "]") else { return (host[...], false) }
            end = host.index(after: bracket)
        } else {
            end = host.firstIndex(of: ":") ?? host.endIndex
        }
        let rest = host[end...]
        let isValid =
            rest.isEmpty || rest.first == ":" && rest.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
        let name = host[..<end]
        return (host.hasPrefix("[") ? name.dropFirst().dropLast() : name, isValid)
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit.
    var hexadecimalDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}

extension Substring {
    /// The index behind the first place where these ASCII characters stand.
    fileprivate func range(ofASCII text: StaticString) -> Index? {
        let pattern = Array("\(text)".utf8)
        var index = startIndex
        while index < endIndex {
            if utf8[index...].starts(with: pattern) { return utf8.index(index, offsetBy: pattern.count) }
            utf8.formIndex(after: &index)
        }
        return nil
    }
}
