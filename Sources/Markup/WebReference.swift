import CXML
import Glibc

/// References to places on the web: relative ones made absolute (RFC 3986 §5.2), odd characters escaped.
public enum WebReference {
    /// Resolves a reference against a base; `nil` when one of them makes no sense.
    public static func resolve(_ reference: String, against base: String) -> String? {
        let reference = escaped(reference)
        guard reference.utf8.count <= 16_384, base.utf8.count <= 16_384 else { return nil }
        guard let resolved = xmlBuildURI(reference, escaped(base)) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Escapes what no reference may hold (RFC 3986 §2) and documents hold all the same: spaces, letters beyond ASCII.
    public static func escaped(_ reference: String) -> String {
        var result: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in reference.utf8.trimmed {
            switch byte {
            case 0x09, 0x0A, 0x0D: continue
            case 0...0x20, 0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B, 0x7C, 0x7D, 0x7F...:
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The scheme in lower case, `nil` for a relative reference.
    public static func scheme(of reference: String) -> String? {
        guard let colon = reference.firstIndex(of: ":") else { return nil }
        let scheme = reference[..<colon].utf8
        guard let first = scheme.first, first < 0x80, first.isNameStart, first != UInt8(ascii: "_"),
            scheme.allSatisfy({ $0 < 0x80 && ($0.isNameByte || $0 == UInt8(ascii: "+")) })
        else { return nil }
        return reference[..<colon].lowercased()
    }
}

extension String.UTF8View {
    /// Without white space and control characters at either end.
    fileprivate var trimmed: Substring.UTF8View {
        var view = self[...]
        while let first = view.first, first <= 0x20 { view.removeFirst() }
        while let last = view.last, last <= 0x20 { view.removeLast() }
        return view
    }
}
