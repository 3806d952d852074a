/// Protocol names as ALPN writes them: each behind its length (RFC 7301 §3.1).
enum ProtocolList {
    static func bytes(_ names: [String]) throws(TLSError) -> [UInt8] {
        var bytes: [UInt8] = []
        for name in names {
            guard let length = UInt8(exactly: name.utf8.count), length > 0 else { throw .badProtocolName(name) }
            bytes.append(length)
            bytes += name.utf8
        }
        return bytes
    }

    /// The first of the preferred ones that is offered, as it stands in the offer.
    static func choose(from offer: UnsafeBufferPointer<UInt8>, by preference: [UInt8]) -> UnsafeBufferPointer<UInt8>? {
        preference.withUnsafeBufferPointer { preference in
            var rest = preference[...]
            while let wanted = next(&rest) {
                var others = offer[...]
                while let offered = next(&others) {
                    if offered.elementsEqual(wanted) { return UnsafeBufferPointer(rebasing: offered) }
                }
            }
            return nil
        }
    }

    private static func next(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>>? {
        guard let length = rest.first, length > 0, rest.count > length else { return nil }
        let name = rest.dropFirst().prefix(Int(length))
        rest = rest.dropFirst(Int(length) + 1)
        return name
    }
}
