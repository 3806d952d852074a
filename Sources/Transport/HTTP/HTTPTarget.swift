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
            if rest[slash] == "?" { return ("/", rest[rest.index(after: slash)...]) }
            rest = rest[slash...]
        }
        guard let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (rest, nil) }
        return (rest[..<mark], rest[rest.index(after: mark)...])
    }

    /// The decoded segments of a target's path.
    static func segments(of target: String) throws(HTTPTargetError) -> [String] {
        try Array(target.utf8).withUnsafeBufferPointer { bytes throws(HTTPTargetError) in try segments(of: bytes) }
    }

    /// The decoded segments of a target's path; the target is UTF-8.
    static func segments(of target: UnsafeBufferPointer<UInt8>) throws(HTTPTargetError) -> [String] {
        if target.count == 1, target[0] == UInt8(ascii: "*") { return [] }
        guard !target.contains(where: { $0 == UInt8(ascii: "#") || $0 == 0 }) else { throw .malformed }
        var index = try pathStart(of: target)
        let end = target[index...].firstIndex(of: UInt8(ascii: "?")) ?? target.count
        var segments: [String] = []
        // `/` has one empty segment, and `/in/` ends with one: it is the same path as `/in`.
        while index + 1 < end {
            let start = index + 1
            index = target[start..<end].firstIndex(of: UInt8(ascii: "/")) ?? end
            segments.append(try segment(target[start..<index]))
        }
        return segments
    }

    /// Where the path begins: at the start, or in the absolute form behind scheme and host.
    private static func pathStart(of target: UnsafeBufferPointer<UInt8>) throws(HTTPTargetError) -> Int {
        if target.first == UInt8(ascii: "/") { return 0 }
        guard let length = schemeLength(of: target) else { throw .malformed }
        return target[length...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? target.count
    }

    private static func segment(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) throws(HTTPTargetError) -> String {
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes), as: UTF8.self)
        guard bytes.contains(UInt8(ascii: "%")) else {
            guard text != ".", text != ".." else { throw .relativeSegment }
            return text
        }
        guard let decoded = decode(text[...]) else { throw .invalidEncoding }
        guard decoded != ".", decoded != ".." else { throw .relativeSegment }
        return decoded
    }

    /// How long `http://` or `https://` is at the start of a target in absolute form.
    static func schemeLength(of target: UnsafeBufferPointer<UInt8>) -> Int? {
        let isHTTP = { (length: Int, scheme: StaticString) in
            target.count >= length
                && scheme.withUTF8Buffer { zip(target, $0).allSatisfy { $0.asciiLowercase == $1 } }
        }
        if isHTTP(7, "http://") { return 7 }
        return isHTTP(8, "https://") ? 8 : nil
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
