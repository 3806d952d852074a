import Glibc

extension SettingText {
    /// Why nobody can listen at a place, if nobody can: it takes an address of the machine, or the path of a Unix socket.
    static func listenerFault(_ text: String) -> String? {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst(5).utf8
            // `sun_path` has 108 bytes on Linux, the last one is zero (unix(7)).
            guard (1...107).contains(path.count) else { return "the path of a Unix socket has 1 to 107 bytes" }
            return path.contains(0) ? "it has a NUL character in it" : nil
        }
        if let fault = socketAddressFault(text) { return fault }
        let host = text.prefix(upTo: text.lastIndex(of: ":") ?? text.endIndex)
        let bare = host.hasPrefix("[") ? host.dropFirst().dropLast() : host
        guard host == "localhost" || family(of: bare) != nil else {
            return "listening takes an address of this machine, not a name; 0.0.0.0 and [::] are all of them"
        }
        return nil
    }

    /// Why a text is no network in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3), if it is none.
    static func networkFault(_ text: String) -> String? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let family = parts.first.flatMap({ family(of: $0) }) else { return "it is no IPv4 or IPv6 address" }
        guard parts.count == 2 else { return nil }
        let bits = family == AF_INET ? 32 : 128
        let isNumber = !parts[1].isEmpty && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let length = Int(parts[1]), length <= bits else {
            return "the length of the prefix is no number from 0 to \(bits)"
        }
        guard isZero(parts[0], family, from: length) else {
            return "the address has bits beyond the first \(length)"
        }
        return nil
    }

    private static func family(of text: some StringProtocol) -> CInt? {
        guard !text.utf8.contains(0) else { return nil }
        return [AF_INET, AF_INET6].first { !bytes(of: text, $0).isEmpty }
    }

    /// The address in network order; nothing when it is none of the family.
    private static func bytes(of text: some StringProtocol, _ family: CInt) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        return inet_pton(family, String(text), &bytes) == 1 ? bytes : []
    }

    /// Whether all bits after the first `length` are zero: a network that is written otherwise is probably a mistake.
    private static func isZero(_ text: some StringProtocol, _ family: CInt, from length: Int) -> Bool {
        bytes(of: text, family).enumerated().allSatisfy { index, byte in
            let kept = max(0, min(8, length - index * 8))
            return byte & UInt8(truncatingIfNeeded: 0xFF >> kept) == 0
        }
    }
}
