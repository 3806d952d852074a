/// The forms a text must have to be a URL, a path or a host and port.
enum SettingText {
    /// Why a text is no absolute URL with a host, if it is none (RFC 3986 §3).
    static func urlFault(_ text: String) -> String? {
        guard text.utf8.count <= 8_192 else { return "it is longer than 8192 bytes" }
        guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else {
            return "it has a space or control character in it"
        }
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, isScheme(parts[0]), parts[1].starts(with: "//".utf8) else {
            return "it does not begin with a scheme such as https://"
        }
        let authority = parts[1].dropFirst(2).prefix { !"/?#".utf8.contains($0) }
        let afterUser = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[authority.index(after: $0)...] }
        let host = afterUser ?? authority
        guard let first = host.first, first != UInt8(ascii: ":") else { return "it has no host" }
        guard first == UInt8(ascii: "[") || host.contains(UInt8(ascii: ":")) else { return nil }
        guard let end = host.lastIndex(of: UInt8(ascii: ":")),
            first != UInt8(ascii: "[") || host.last != UInt8(ascii: "]")
        else { return host.last == UInt8(ascii: "]") ? nil : "it has no host" }
        return portFault(String(host[host.index(after: end)...]) ?? "", mayBeEmpty: true)
    }

    /// Why a text is no `host:port`, if it is none; IPv6 addresses stand in brackets.
    static func socketAddressFault(_ text: String) -> String? {
        guard let colon = text.lastIndex(of: ":") else { return "it has no port" }
        let host = text[..<colon]
        guard !host.isEmpty, !host.unicodeScalars.contains(where: { $0.value <= 0x20 || $0 == "/" }) else {
            return "it has no host"
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), host.count > 2 else { return "the bracket is not closed" }
        } else if host.contains(":") {
            return "an IPv6 address stands in brackets"
        }
        return portFault(String(text[text.index(after: colon)...]), mayBeEmpty: false)
    }

    /// Why a text is no path, if it is none.
    static func pathFault(_ text: String) -> String? {
        if text.isEmpty { return "it is empty" }
        return text.utf8.contains(0) ? "it has a NUL character in it" : nil
    }

    private static func isScheme(_ text: some Collection<UInt8>) -> Bool {
        guard let first = text.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20) else {
            return false
        }
        return text.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.".utf8.contains(byte)
        }
    }

    private static func portFault(_ text: String, mayBeEmpty: Bool) -> String? {
        if text.isEmpty, mayBeEmpty { return nil }
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isNumber && UInt16(text) != nil ? nil : "the port is no number from 0 to 65535"
    }
}
